// init.ts - the module loader at boot.

import { set_print_modules } from "../panic";
import { modules_init } from "./module";
import { print_modules } from "./print";
import { proc_modules_init } from "./procfs";
import { module_syscalls_init } from "./syscalls";
import { param_sysfs_init } from "./sysfs";

export function module_loader_init(): void {
  modules_init();
  param_sysfs_init();
  proc_modules_init();
  set_print_modules(print_modules);
  module_syscalls_init();
}
