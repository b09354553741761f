// cmdline.ts - the kernel command line. Mirrors Linux lib/cmdline.c.

import { strlen } from "../lib/string";
import { kstrdup } from "../mm/slab";

/** The whole line, a C string; /proc/cmdline shows it. */
export let saved_command_line: usize = 0;

/** Keeps a copy of line; memory must be up. */
export function setup_command_line(line: usize): void {
  saved_command_line = kstrdup(line);
}

/**
 * Where the value of name= begins in line, or 0. The value ends at a space
 * or at the end.
 */
export function cmdline_find(line: usize, name: string): usize {
  const n = <usize>name.length;
  const end = line + strlen(line);
  for (let p = line; p + n < end; p++) {
    if (p != line && load<u8>(p - 1) != 32) continue;
    let i: usize = 0;
    while (
      i < n &&
      load<u8>(p + i) == load<u8>(changetype<usize>(name) + 2 * i)
    ) {
      i++;
    }
    if (i == n && load<u8>(p + n) == 61) return p + n + 1;
  }
  return 0;
}

/** Value of name= as a number with an optional K, M or G; or fallback. */
export function cmdline_number(line: usize, name: string, fallback: u64): u64 {
  let p = cmdline_find(line, name);
  if (p == 0) return fallback;
  let v: u64 = 0;
  for (; load<u8>(p) >= 48 && load<u8>(p) <= 57; p++) {
    v = v * 10 + (load<u8>(p) - 48);
  }
  const unit = load<u8>(p) | 32;
  if (unit == 107) return v << 10;
  if (unit == 109) return v << 20;
  return unit == 103 ? v << 30 : v;
}
