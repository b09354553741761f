// taint.ts - marks of what was done to this kernel; they never clear.
// Mirrors the taint part of Linux kernel/panic.c.

import { snprintf } from "../lib/vsprintf";

/** Bit numbers, as Linux's TAINT_*. */
export const enum Taint {
  PROPRIETARY_MODULE = 0,
  FORCED_MODULE = 1,
  FORCED_RMMOD = 3,
  BAD_PAGE = 5,
  DIE = 7,
  WARN = 9,
  OOT_MODULE = 12,
  UNSIGNED_MODULE = 13,
  SOFTLOCKUP = 14,
  LIVEPATCH = 15,
  NR = 19,
}

let tainted_mask: u32 = 0;

/** Letters by bit; a space where the bit is clear (G for bit 0). */
const LETTERS = "PFSRMBUDAWCIOELKXTN";

export function add_taint(flag: u32): void {
  tainted_mask |= (<u32>1) << flag;
}

export function test_taint(flag: u32): bool {
  return ((tainted_mask >> flag) & 1) != 0;
}

export function get_taint(): u32 {
  return tainted_mask;
}

/** For sysctl: bits can be added, never taken away. */
export function set_taint(mask: u32): void {
  tainted_mask |= mask;
}

export function taint_letter(bit: u32): u8 {
  return load<u8>(changetype<usize>(LETTERS) + 2 * bit);
}

/** "Not tainted" or "Tainted: G  ...", at most 64 bytes. */
export function print_tainted(buf: usize): void {
  if (tainted_mask == 0) {
    snprintf(buf, 64, "Not tainted");
    return;
  }
  let n = snprintf(buf, 64, "Tainted: ");
  for (let bit: u32 = 0; bit < <u32>Taint.NR; bit++) {
    const clear: u8 = bit == 0 ? 71 : 32;
    store<u8>(buf + n++, test_taint(bit) ? taint_letter(bit) : clear);
  }
  store<u8>(buf + n, 0);
}
