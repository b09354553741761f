// kmod.ts - the kernel asks for a module, and modprobe(8) loads it.
// Mirrors Linux kernel/module/kmod.c.

import { snprintf } from "../../lib/vsprintf";
import { kfree, kzalloc } from "../../mm/slab";
import { call_usermodehelper } from "../umh";

const ARGV_SIZE = 64;

/** format gets id: a module's name or alias. Sleeps until modprobe ended;
 * the caller looks whether what it needs is there. */
export function request_module(format: string, id: u32): void {
  const argv = kzalloc(ARGV_SIZE);
  if (argv == 0) return;
  let n = snprintf(argv, ARGV_SIZE, "/sbin/modprobe%c-q%c--%c", 0, 0, 0);
  n += snprintf(argv + n, ARGV_SIZE - n, format, id) + 1;
  call_usermodehelper(argv, n);
  kfree(argv);
}
