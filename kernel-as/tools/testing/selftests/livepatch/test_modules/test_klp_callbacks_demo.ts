// test_klp_callbacks_demo.ts - the four callbacks on three objects: the
// kernel, a module without patched functions, and one that may be busy.

import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_func,
  klp_declare_object,
  klp_declare_patch,
} from "../../../../../include/linux/livepatch";
import { klp_enable_patch } from "../../../../../kernel/livepatch/core";
import { pr_info } from "../../../../../kernel/printk/printk";
import { Work } from "../../../../../kernel/workqueue";
import { callback_info } from "./callback_log";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: livepatch demo";
export const MODULE_INFO_livepatch = "Y";

export let pre_patch_ret: i32 = 0;
export const MODULE_PARM_pre_patch_ret = "pre_patch_ret (default=0)";

const NAME = "test_klp_callbacks_demo";
const no_funcs = memory.data(offsetof<KlpFunc>(), 8);
const busymod_funcs = memory.data(offsetof<KlpFunc>() * 2, 8);
const objs = memory.data(offsetof<KlpObject>() * 4, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function pre_patch_callback(obj: KlpObject): i32 {
  callback_info(NAME, "pre_patch_callback", obj);
  return pre_patch_ret;
}

function post_patch_callback(obj: KlpObject): void {
  callback_info(NAME, "post_patch_callback", obj);
}

function pre_unpatch_callback(obj: KlpObject): void {
  callback_info(NAME, "pre_unpatch_callback", obj);
}

function post_unpatch_callback(obj: KlpObject): void {
  callback_info(NAME, "post_unpatch_callback", obj);
}

function patched_work_func(_work: Work): void {
  pr_info("test_klp_callbacks_demo: patched_work_func\n");
}

function add_callbacks(obj: KlpObject): void {
  obj.pre_patch = pre_patch_callback;
  obj.post_patch = post_patch_callback;
  obj.pre_unpatch = pre_unpatch_callback;
  obj.post_unpatch = post_unpatch_callback;
}

export function init_module(): i32 {
  const new_func = changetype<usize>(patched_work_func);
  klp_declare_func(busymod_funcs, 0, "busymod_work_func", new_func);
  add_callbacks(klp_declare_object(objs, 0, null, no_funcs));
  add_callbacks(
    klp_declare_object(objs, 1, "test_klp_callbacks_mod", no_funcs),
  );
  add_callbacks(
    klp_declare_object(objs, 2, "test_klp_callbacks_busy", busymod_funcs),
  );
  return klp_enable_patch(klp_declare_patch(patch, objs));
}

export function cleanup_module(): void {}
