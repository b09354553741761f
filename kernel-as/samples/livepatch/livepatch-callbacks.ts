// livepatch-callbacks.ts - code that runs around a transition.
//
//   # insmod livepatch_callbacks.ko
//   # dmesg | tail -4
//   livepatch_callbacks: pre_patch: all tasks still run the old code
//   livepatch: 'livepatch_callbacks': starting patching transition
//   livepatch_callbacks: post_patch: all tasks run the new code
//   livepatch: 'livepatch_callbacks': patching complete
//   # echo 0 > /sys/kernel/livepatch/livepatch_callbacks/enabled
//   # rmmod livepatch_callbacks
//   # insmod livepatch_callbacks.ko refuse=1 2>&1 | cut -d' ' -f8-
//   Operation not permitted
//
// An object may have callbacks and no functions at all: the classic way to
// change data. With refuse=1, pre_patch says no and insmod fails.
// After Linux samples/livepatch/livepatch-callbacks-demo.c.

import { Errno } from "../../abi";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_object,
  klp_declare_patch,
} from "../../include/linux/livepatch";
import { klp_enable_patch } from "../../kernel/livepatch/core";
import { pr_info } from "../../kernel/printk/printk";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch sample: callbacks";
export const MODULE_INFO_livepatch = "Y";

export let refuse: i32 = 0;
export const MODULE_PARM_refuse = "pre_patch fails (default=N)";
export const MODULE_PARMTYPE_refuse = "bool";

const no_funcs = memory.data(offsetof<KlpFunc>(), 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function pre_patch(_obj: KlpObject): i32 {
  pr_info("livepatch_callbacks: pre_patch: all tasks still run the old code\n");
  return refuse != 0 ? -Errno.EPERM : 0;
}

function post_patch(_obj: KlpObject): void {
  pr_info("livepatch_callbacks: post_patch: all tasks run the new code\n");
}

function pre_unpatch(_obj: KlpObject): void {
  pr_info("livepatch_callbacks: pre_unpatch: the way back begins\n");
}

function post_unpatch(_obj: KlpObject): void {
  pr_info("livepatch_callbacks: post_unpatch: nothing is left of it\n");
}

export function init_module(): i32 {
  const obj = klp_declare_object(objs, 0, null, no_funcs);
  obj.pre_patch = pre_patch;
  obj.post_patch = post_patch;
  obj.pre_unpatch = pre_unpatch;
  obj.post_unpatch = post_unpatch;
  return klp_enable_patch(klp_declare_patch(patch, objs));
}

export function cleanup_module(): void {}
