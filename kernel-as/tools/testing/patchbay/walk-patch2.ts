// walk-patch2.ts - patches the two inner functions of walk-target only.

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
import { walk_leaf, walk_nap } from "./walk-target";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: patches walk_target again";
export const MODULE_INFO_livepatch = "Y";

export let replace: i32 = 0;
export const MODULE_PARM_replace = "replace (default=0)";

const funcs = memory.data(offsetof<KlpFunc>() * 3, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function new_leaf(m: SeqFile): void {
  seq_printf(m, "<leaf 2\n");
  seq_printf(m, ">leaf 2\n");
}

function new_inner(m: SeqFile): void {
  let naps: u32 = 2;
  seq_printf(m, "<inner 2\n");
  walk_leaf(m);
  while (naps-- > 0) walk_nap();
  seq_printf(m, ">inner 2\n");
}

export function init_module(): i32 {
  klp_declare_func(funcs, 0, "walk_inner", changetype<usize>(new_inner));
  klp_declare_func(funcs, 1, "walk_leaf", changetype<usize>(new_leaf));
  klp_declare_object(objs, 0, "walk_target", funcs);
  const p = klp_declare_patch(patch, objs);
  p.replace = replace != 0;
  return klp_enable_patch(p);
}

export function cleanup_module(): void {}
