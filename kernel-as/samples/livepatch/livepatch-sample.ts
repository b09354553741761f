// livepatch-sample.ts - replaces one kernel function.
//
//   # insmod livepatch_sample.ko
//   # cat /proc/cmdline
//   this has been live patched
//   # echo 0 > /sys/kernel/livepatch/livepatch_sample/enabled
//   # rmmod livepatch_sample
//
// Every call of cmdline_proc_show() goes through its slot, so the new
// function answers from the moment a task is switched; nothing else changes.
// After Linux samples/livepatch/livepatch-sample.c.

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

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch sample: /proc/cmdline";
export const MODULE_INFO_livepatch = "Y";

// A zeroed entry ends each array.
const funcs = memory.data(offsetof<KlpFunc>() * 2, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function livepatch_cmdline_proc_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "this has been live patched\n");
  return 0;
}

export function init_module(): i32 {
  const new_func = changetype<usize>(livepatch_cmdline_proc_show);
  klp_declare_func(funcs, 0, "cmdline_proc_show", new_func);
  klp_declare_object(objs, 0, null, funcs);
  return klp_enable_patch(klp_declare_patch(patch, objs));
}

export function cleanup_module(): void {}
