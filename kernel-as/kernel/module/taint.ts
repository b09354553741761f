// taint.ts - the marks that modules leave on the kernel.
//
// Each reason is said once per boot. A module that was not built with the
// kernel brings O and E: those of the tree count as signed, as
// CONFIG_MODULE_SIG_ALL makes them. A livepatch also brings K, before
// anybody knows whether it can be enabled.
// Mirrors module_augment_kernel_taints() of Linux kernel/module/main.c.

import { pr_notice, pr_warn } from "../printk/printk";
import { Taint, add_taint, taint_letter, test_taint } from "../taint";
import { Module } from "./module";

function add_taint_module(mod: Module, bit: u32): void {
  add_taint(bit);
  mod.taints |= (<u32>1) << bit;
}

export function module_augment_kernel_taints(mod: Module, intree: bool): void {
  if (!intree) {
    if (!test_taint(Taint.OOT_MODULE)) {
      pr_warn("%s: loading out-of-tree module taints kernel.\n", mod.name);
    }
    add_taint_module(mod, Taint.OOT_MODULE);
  }
  if (mod.klp) {
    if (!test_taint(Taint.LIVEPATCH)) {
      pr_notice("%s: tainting kernel with TAINT_LIVEPATCH\n", mod.name);
    }
    add_taint_module(mod, Taint.LIVEPATCH);
  }
  if (intree) return;
  if (!test_taint(Taint.UNSIGNED_MODULE)) {
    pr_notice(
      "%s: module verification failed: signature and/or required key missing - tainting kernel\n",
      mod.name,
    );
  }
  add_taint_module(mod, Taint.UNSIGNED_MODULE);
}

/** The module's own letters, as /sys/module/<m>/taint shows them. */
export function module_flags_taint(mod: Module, buf: usize): u32 {
  let n: u32 = 0;
  for (let bit: u32 = 0; bit < <u32>Taint.NR; bit++) {
    if (((mod.taints >> bit) & 1) == 0) continue;
    store<u8>(buf + n++, taint_letter(bit));
  }
  return n;
}
