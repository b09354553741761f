// livepatch-shadow-fix2.ts - step two: count what is freed.
//
// A second patch finds the shadow variables that the first one made, and
// adds a "field" of its own, which works for old and new dummies alike.
//
//   # insmod livepatch_shadow_mod.ko; insmod livepatch_shadow_fix1.ko
//   # insmod livepatch_shadow_fix2.ko
//   # for i in 1 2 3 4 5; do cat /proc/shadow_dummies; done | tail -1
//   dummies 2, leaked 0
//   # echo 0 > /sys/kernel/livepatch/livepatch_shadow_fix2/enabled
//   # rmmod livepatch_shadow_fix2
//   # dmesg | tail -1
//   livepatch_shadow_fix2: freed 3 buffers
//
// After Linux samples/livepatch/livepatch-shadow-fix2.c.

import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_func,
  klp_declare_object,
  klp_declare_patch,
} from "../../include/linux/livepatch";
import { klp_enable_patch } from "../../kernel/livepatch/core";
import { klp_shadow_free, klp_shadow_get } from "../../kernel/livepatch/shadow";
import { pr_info } from "../../kernel/printk/printk";
import { kfree } from "../../mm/slab";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch sample: shadow variables, again";
export const MODULE_INFO_livepatch = "Y";

const SV_LEAK: u32 = 1;

const funcs = memory.data(offsetof<KlpFunc>() * 2, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);
let freed: i32 = 0;

function shadow_leak_dtor(_obj: usize, data: usize): void {
  kfree(load<usize>(data));
  freed++;
}

function livepatch_fix2_dummy_free(d: usize): void {
  if (klp_shadow_get(d, SV_LEAK) != 0) {
    klp_shadow_free(d, SV_LEAK, shadow_leak_dtor);
  }
  kfree(d);
}

export function init_module(): i32 {
  const free = changetype<usize>(livepatch_fix2_dummy_free);
  klp_declare_func(funcs, 0, "dummy_free", free);
  klp_declare_object(objs, 0, "livepatch_shadow_mod", funcs);
  return klp_enable_patch(klp_declare_patch(patch, objs));
}

export function cleanup_module(): void {
  pr_info("livepatch_shadow_fix2: freed %d buffers\n", freed);
}
