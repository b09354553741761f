// table.ts - entries of the table `ftrace` for modules: 3n for n functions.
//
// Ranges are given out first fit between the kernel's entries and the end.

import { Limits } from "../../abi";
import { ftrace_end, ftrace_set } from "../../host";
import { list_next } from "../../lib/list";
import { Module, modules_list } from "./module";

/** First end of a module's range that lies in [base, base + n), or 0. */
function range_conflict(base: u32, n: u32): u32 {
  const head = modules_list();
  for (let at = list_next(head); at != head; at = list_next(at)) {
    const mod = changetype<Module>(at);
    const stop = mod.table_base + mod.table_size;
    if (mod.table_base < base + n && base < stop) return stop;
  }
  return 0;
}

/** First of n free entries, or 0. */
export function table_alloc(n: u32): u32 {
  let base = ftrace_end;
  while (base + n <= <u32>Limits.FTRACE_ENTRIES) {
    const stop = range_conflict(base, n);
    if (stop == 0) return base;
    base = stop;
  }
  return 0;
}

/** Clears a module's entries: a call through a stale pointer then traps. */
export function table_free(base: u32, n: u32): void {
  for (let i: u32 = 0; i < n; i++) ftrace_set(base + i, 0);
}
