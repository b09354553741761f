// print.ts - the module line of an oops.
// Mirrors print_modules() of Linux kernel/module/main.c.

import { list_next } from "../../lib/list";
import { snprintf } from "../../lib/vsprintf";
import { pr_warn } from "../printk/printk";
import { Module, modules_list } from "./module";
import { module_flags_taint } from "./taint";

const line = memory.data(1024);
const flags = memory.data(32);

export function print_modules(): void {
  const head = modules_list();
  let n = snprintf(line, 1024, "Modules linked in:");
  let at = list_next(head);
  for (; at != head && n < 900; at = list_next(at)) {
    const mod = changetype<Module>(at);
    store<u8>(flags + module_flags_taint(mod, flags), 0);
    n += snprintf(line + n, 1024 - n, " %s(%s)", mod.name, flags);
  }
  pr_warn("%s\n", line);
}
