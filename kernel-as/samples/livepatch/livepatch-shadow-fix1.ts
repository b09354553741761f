// livepatch-shadow-fix1.ts - step one: new dummies remember their buffer.
//
// struct Dummy has no room for the address, and objects that exist cannot
// grow. So the new dummy_alloc() hangs the address on the object as a shadow
// variable, and the new dummy_free() looks for it. Dummies from before have
// none; their buffers are lost for good.
//
//   # insmod livepatch_shadow_mod.ko; cat /proc/shadow_dummies
//   dummies 1, leaked 0
//   # insmod livepatch_shadow_fix1.ko
//   # for i in 1 2 3; do cat /proc/shadow_dummies; done | tail -1
//   dummies 2, leaked 0
//   # dmesg | tail -2
//   livepatch_shadow_fix1: dummy 1: buffer lost, it is from before
//   livepatch_shadow_fix1: dummy 1001: buffer freed
//
// After Linux samples/livepatch/livepatch-shadow-fix1.c.

import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_func,
  klp_declare_object,
  klp_declare_patch,
} from "../../include/linux/livepatch";
import { klp_enable_patch } from "../../kernel/livepatch/core";
import {
  klp_shadow_alloc,
  klp_shadow_free,
  klp_shadow_free_all,
  klp_shadow_get,
} from "../../kernel/livepatch/shadow";
import { pr_info } from "../../kernel/printk/printk";
import { lit } from "../../lib/string";
import { kfree, kzalloc } from "../../mm/slab";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch sample: shadow variables";
export const MODULE_INFO_livepatch = "Y";

const SV_LEAK: u32 = 1;

const funcs = memory.data(offsetof<KlpFunc>() * 3, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);
let last_number: u32 = 1000;

function shadow_leak_ctor(_obj: usize, data: usize, buffer: usize): i32 {
  store<usize>(data, buffer);
  return 0;
}

function shadow_leak_dtor(_obj: usize, data: usize): void {
  kfree(load<usize>(data));
}

/** A dummy as the target makes it: link, number. */
function livepatch_fix1_dummy_alloc(): usize {
  const d = kzalloc(8);
  if (d == 0) return 0;
  store<u32>(d, ++last_number, 4);
  const buffer = kzalloc(64);
  const sv = klp_shadow_alloc(d, SV_LEAK, 4, shadow_leak_ctor, buffer);
  if (buffer != 0 && sv != 0) return d;
  kfree(buffer);
  kfree(d);
  return 0;
}

function livepatch_fix1_dummy_free(d: usize): void {
  const known = klp_shadow_get(d, SV_LEAK) != 0;
  pr_info(
    "livepatch_shadow_fix1: dummy %u: buffer %S\n",
    load<u32>(d, 4),
    lit(known ? "freed" : "lost, it is from before"),
  );
  klp_shadow_free(d, SV_LEAK, shadow_leak_dtor);
  kfree(d);
}

export function init_module(): i32 {
  const alloc = changetype<usize>(livepatch_fix1_dummy_alloc);
  const free = changetype<usize>(livepatch_fix1_dummy_free);
  klp_declare_func(funcs, 0, "dummy_alloc", alloc);
  klp_declare_func(funcs, 1, "dummy_free", free);
  klp_declare_object(objs, 0, "livepatch_shadow_mod", funcs);
  return klp_enable_patch(klp_declare_patch(patch, objs));
}

export function cleanup_module(): void {
  // Nobody else knows these variables, and dummy_free() is the old one again.
  klp_shadow_free_all(SV_LEAK, shadow_leak_dtor);
}
