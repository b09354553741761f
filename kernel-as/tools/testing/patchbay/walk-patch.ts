// walk-patch.ts - patches all of walk-target. Its frames hold more than the
// old ones, so that the two cannot be mixed; calls go by the old names.

import { SeqFile, seq_printf } from "../../../fs/seq_file";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_func,
  klp_declare_object,
  klp_declare_patch,
} from "../../../include/linux/livepatch";
import { klp_enable_patch } from "../../../kernel/livepatch/core";
import { walk_inner, walk_leaf, walk_nap } from "./walk-target";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: patches walk_target";
export const MODULE_INFO_livepatch = "Y";

export let replace: i32 = 0;
export const MODULE_PARM_replace = "replace (default=0)";

const funcs = memory.data(offsetof<KlpFunc>() * 4, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function new_leaf(m: SeqFile): void {
  const count: u64 = m.count;
  seq_printf(m, "<leaf 1\n");
  walk_nap();
  if (m.count > count) seq_printf(m, ">leaf 1\n");
}

function new_inner(m: SeqFile): void {
  const before: u64 = m.count;
  const half: f64 = <f64>m.count / 2;
  seq_printf(m, "<inner 1\n");
  walk_nap();
  walk_leaf(m);
  walk_nap();
  if (half * 2 == <f64>before) seq_printf(m, ">inner 1\n");
}

function new_show(m: SeqFile, v: usize): i32 {
  const arg: u64 = v;
  let rounds: u64 = 0;
  seq_printf(m, "<show 1\n");
  for (; rounds < 2; rounds++) {
    walk_inner(m);
    walk_nap();
  }
  if (arg == v) seq_printf(m, ">show 1\n");
  return 0;
}

export function init_module(): i32 {
  klp_declare_func(funcs, 0, "walk_show", changetype<usize>(new_show));
  klp_declare_func(funcs, 1, "walk_inner", changetype<usize>(new_inner));
  klp_declare_func(funcs, 2, "walk_leaf", changetype<usize>(new_leaf));
  klp_declare_object(objs, 0, "walk_target", funcs);
  const p = klp_declare_patch(patch, objs);
  p.replace = replace != 0;
  return klp_enable_patch(p);
}

export function cleanup_module(): void {}
