// callback_log.ts - callbacks that say which object they are called for.
// Comes along with every module that uses it.

import { KlpObject } from "../../../../../include/linux/livepatch";
import { Module, ModuleState } from "../../../../../kernel/module/module";
import { pr_info } from "../../../../../kernel/printk/printk";
import { lit } from "../../../../../lib/string";

function state_text(state: u32): string {
  if (state == <u32>ModuleState.LIVE) {
    return "[MODULE_STATE_LIVE] Normal state";
  }
  if (state == <u32>ModuleState.COMING) {
    return "[MODULE_STATE_COMING] Full formed, running module_init";
  }
  if (state == <u32>ModuleState.GOING) {
    return "[MODULE_STATE_GOING] Going away";
  }
  return "[MODULE_STATE_UNFORMED] Still setting it up";
}

/** "P: pre_patch_callback: vmlinux", or the module and its state. */
export function callback_info(name: string, cb: string, obj: KlpObject): void {
  const mod = obj.mod;
  if (mod == null) {
    pr_info("%S: %S: vmlinux\n", lit(name), lit(cb));
    return;
  }
  pr_info(
    "%S: %S: %s -> %S\n",
    lit(name),
    lit(cb),
    (<Module>mod).name,
    lit(state_text((<Module>mod).state)),
  );
}
