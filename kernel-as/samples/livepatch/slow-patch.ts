// slow-patch.ts - patches slow-target.
//
// which selects the functions: 1 plain, 2 intr, 4 unint, 8 level. A task
// that sleeps in one of them keeps the transition from completing.
//
//   # insmod slow_target.ko ms=60000
//   # cat /proc/slow_unint &
//   # sleep 1; insmod slow_patch.ko which=4
//   # cat /proc/$!/patch_state; head -2 /proc/$!/stack | cut -d+ -f1
//   0
//   [<0>] msleep
//   [<0>] slow_unint_show
//   # echo 0 > /sys/kernel/livepatch/slow_patch/enabled   # reverse it
//   # sleep 1; ls /sys/kernel/livepatch

import { SeqFile, seq_printf } from "../../fs/seq_file";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_func,
  klp_declare_object,
  klp_declare_patch,
} from "../../include/linux/livepatch";
import { klp_enable_patch } from "../../kernel/livepatch/core";
import { msleep } from "../../kernel/time/msleep";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch sample: patches slow_target";
export const MODULE_INFO_livepatch = "Y";

export let which: i32 = 7;
export const MODULE_PARM_which = "functions to patch (default=7)";
export let replace: i32 = 0;
export const MODULE_PARM_replace = "replace (default=0)";
export let nap: i32 = 0;
export const MODULE_PARM_nap = "ms that the new functions sleep (default=0)";

const funcs = memory.data(offsetof<KlpFunc>() * 5, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function new_plain_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "plain: new\n");
  return 0;
}

function new_intr_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "intr: new\n");
  return 0;
}

function new_unint_show(m: SeqFile, _v: usize): i32 {
  if (nap != 0) msleep(nap);
  seq_printf(m, "unint: new\n");
  return 0;
}

/** Keeps more in its frame than the old one, so the two cannot be mixed. */
function new_level(m: SeqFile, depth: i32): i32 {
  const a = depth * 100;
  const b = (<u64>depth) << 40;
  const c = <f64>depth / 4;
  if (nap != 0) msleep(nap);
  seq_printf(m, "level %d: new %d %u %d\n", depth, a, b >> 40, <i32>(c * 4));
  return 0;
}

function add(i: u32, bit: i32, name: string, new_func: usize): u32 {
  if ((which & bit) == 0) return i;
  klp_declare_func(funcs, i, name, new_func);
  return i + 1;
}

export function init_module(): i32 {
  let i: u32 = 0;
  i = add(i, 1, "slow_plain_show", changetype<usize>(new_plain_show));
  i = add(i, 2, "slow_intr_show", changetype<usize>(new_intr_show));
  i = add(i, 4, "slow_unint_show", changetype<usize>(new_unint_show));
  i = add(i, 8, "slow_level", changetype<usize>(new_level));
  klp_declare_object(objs, 0, "slow_target", funcs);
  const p = klp_declare_patch(patch, objs);
  p.replace = replace != 0;
  return klp_enable_patch(p);
}

export function cleanup_module(): void {}
