// test_klp_callbacks_demo2.ts - a second livepatch with callbacks, which may
// replace the first.

import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_object,
  klp_declare_patch,
} from "../../../../../include/linux/livepatch";
import { klp_enable_patch } from "../../../../../kernel/livepatch/core";
import { callback_info } from "./callback_log";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: livepatch demo2";
export const MODULE_INFO_livepatch = "Y";

export let replace: i32 = 0;
export const MODULE_PARM_replace = "replace (default=0)";

const NAME = "test_klp_callbacks_demo2";
const no_funcs = memory.data(offsetof<KlpFunc>(), 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function pre_patch_callback(obj: KlpObject): i32 {
  callback_info(NAME, "pre_patch_callback", obj);
  return 0;
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

export function init_module(): i32 {
  const obj = klp_declare_object(objs, 0, null, no_funcs);
  obj.pre_patch = pre_patch_callback;
  obj.post_patch = post_patch_callback;
  obj.pre_unpatch = pre_unpatch_callback;
  obj.post_unpatch = post_unpatch_callback;
  const p = klp_declare_patch(patch, objs);
  p.replace = replace != 0;
  return klp_enable_patch(p);
}

export function cleanup_module(): void {}
