// sleepy-patch.ts - patches the function that sleepy-kthread is always in.

import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_func,
  klp_declare_object,
  klp_declare_patch,
} from "../../../include/linux/livepatch";
import { klp_enable_patch } from "../../../kernel/livepatch/core";
import { msleep } from "../../../kernel/time/msleep";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: patches a busy kthread";
export const MODULE_INFO_livepatch = "Y";

const funcs = memory.data(offsetof<KlpFunc>() * 2, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function new_sleepy_work(): void {
  msleep(990);
}

export function init_module(): i32 {
  const new_func = changetype<usize>(new_sleepy_work);
  klp_declare_func(funcs, 0, "sleepy_work", new_func);
  klp_declare_object(objs, 0, "sleepy_kthread", funcs);
  return klp_enable_patch(klp_declare_patch(patch, objs));
}

export function cleanup_module(): void {}
