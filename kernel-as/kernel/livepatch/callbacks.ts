// callbacks.ts - the four callbacks of an object.
//
// pre_patch pairs with post_unpatch, post_patch with pre_unpatch.
// post_unpatch runs only if pre_patch did not fail.
// Mirrors Linux kernel/livepatch/core.h.

import { KlpObject } from "../../include/linux/livepatch";

export function klp_pre_patch_callback(obj: KlpObject): i32 {
  const fn = obj.pre_patch;
  const ret = fn != null ? fn(obj) : 0;
  obj.post_unpatch_enabled = ret == 0;
  return ret;
}

export function klp_post_patch_callback(obj: KlpObject): void {
  const fn = obj.post_patch;
  if (fn != null) fn(obj);
}

export function klp_pre_unpatch_callback(obj: KlpObject): void {
  const fn = obj.pre_unpatch;
  if (fn != null) fn(obj);
}

export function klp_post_unpatch_callback(obj: KlpObject): void {
  const fn = obj.post_unpatch;
  if (obj.post_unpatch_enabled && fn != null) fn(obj);
  obj.post_unpatch_enabled = false;
}
