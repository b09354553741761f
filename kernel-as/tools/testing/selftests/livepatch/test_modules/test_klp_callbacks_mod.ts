// test_klp_callbacks_mod.ts - a plain module for callbacks to be called for.

import { pr_info } from "../../../../../kernel/printk/printk";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: target module";

export function init_module(): i32 {
  pr_info("test_klp_callbacks_mod: test_klp_callbacks_mod_init\n");
  return 0;
}

export function cleanup_module(): void {
  pr_info("test_klp_callbacks_mod: test_klp_callbacks_mod_exit\n");
}
