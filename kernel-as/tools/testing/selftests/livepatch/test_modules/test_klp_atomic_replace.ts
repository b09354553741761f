// test_klp_atomic_replace.ts - patches what /proc/meminfo shows; with
// replace=1 it takes the place of every other livepatch.

import { SeqFile, seq_printf } from "../../../../../fs/seq_file";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_func,
  klp_declare_object,
  klp_declare_patch,
} from "../../../../../include/linux/livepatch";
import { klp_enable_patch } from "../../../../../kernel/livepatch/core";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: atomic replace";
export const MODULE_INFO_livepatch = "Y";

export let replace: i32 = 0;
export const MODULE_PARM_replace = "replace (default=0)";

const funcs = memory.data(offsetof<KlpFunc>() * 2, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function livepatch_meminfo_proc_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "test_klp_atomic_replace: this has been live patched\n");
  return 0;
}

export function init_module(): i32 {
  const new_func = changetype<usize>(livepatch_meminfo_proc_show);
  klp_declare_func(funcs, 0, "meminfo_proc_show", new_func);
  klp_declare_object(objs, 0, null, funcs);
  const p = klp_declare_patch(patch, objs);
  p.replace = replace != 0;
  return klp_enable_patch(p);
}

export function cleanup_module(): void {}
