// test_klp_mod_patch.ts - patches a function of the module
// test_klp_mod_target, whether that is loaded now or comes later.

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
export const MODULE_DESCRIPTION = "Livepatch test: a module's function";
export const MODULE_INFO_livepatch = "Y";

const funcs = memory.data(offsetof<KlpFunc>() * 2, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function livepatch_mod_target_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "test_klp_mod_patch: this has been live patched\n");
  return 0;
}

export function init_module(): i32 {
  const new_func = changetype<usize>(livepatch_mod_target_show);
  klp_declare_func(funcs, 0, "test_klp_mod_target_show", new_func);
  klp_declare_object(objs, 0, "test_klp_mod_target", funcs);
  return klp_enable_patch(klp_declare_patch(patch, objs));
}

export function cleanup_module(): void {}
