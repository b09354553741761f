// test_klp_mod_target.ts - a module with a file in /proc whose show function
// a livepatch replaces.

import {
  proc_create_single,
  remove_proc_entry,
} from "../../../../../fs/proc/generic";
import { SeqFile, seq_printf } from "../../../../../fs/seq_file";
import { pr_info } from "../../../../../kernel/printk/printk";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: target with a proc file";

function test_klp_mod_target_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "test_klp_mod_target: original output\n");
  return 0;
}

export function init_module(): i32 {
  proc_create_single("test_klp_mod_target", 0, null, test_klp_mod_target_show);
  pr_info("test_klp_mod_target: test_klp_mod_target_init\n");
  return 0;
}

export function cleanup_module(): void {
  remove_proc_entry("test_klp_mod_target", null);
  pr_info("test_klp_mod_target: test_klp_mod_target_exit\n");
}
