// kstrtox.ts - numbers and booleans from text, as sysfs and parameters take
// them. A newline at the end is allowed. Mirrors Linux lib/kstrtox.c.

import { Errno } from "../abi";

/** The value of the last conversion that returned 0. */
export let kstrto_value: i64 = 0;

function digit(c: u8): u32 {
  if (c >= 48 && c <= 57) return c - 48;
  const lower: u8 = c | 32;
  return lower >= 97 && lower <= 122 ? lower - 87 : 99;
}

/** Length of the prefix that tells base 0 what it is: 0x or 0. */
function prefix(s: usize): u32 {
  if (load<u8>(s) != 48) return 0;
  return (load<u8>(s + 1) | 32) == 120 && digit(load<u8>(s + 2)) < 16 ? 2 : 1;
}

/** Digits up to end; -EINVAL, -ERANGE or 0. Base 0: C's prefixes. */
export function kstrtoull(s: usize, base: u32): i32 {
  if (load<u8>(s) == 43) s++;
  if (base == 0) {
    const n = prefix(s);
    base = n == 0 ? 10 : n == 2 ? 16 : 8;
    if (n == 2) s += 2;
  }
  const begin = s;
  let v: u64 = 0;
  for (; digit(load<u8>(s)) < base; s++) {
    const d = digit(load<u8>(s));
    if (v > (u64.MAX_VALUE - d) / base) return -Errno.ERANGE;
    v = v * base + d;
  }
  if (s == begin) return -Errno.EINVAL;
  if (load<u8>(s) == 10) s++;
  if (load<u8>(s) != 0) return -Errno.EINVAL;
  kstrto_value = <i64>v;
  return 0;
}

export function kstrtoll(s: usize, base: u32): i32 {
  const negative = load<u8>(s) == 45;
  const err = kstrtoull(negative ? s + 1 : s, base);
  if (err != 0) return err;
  if (negative) kstrto_value = -kstrto_value;
  const ok = negative ? kstrto_value <= 0 : kstrto_value >= 0;
  return ok ? 0 : -Errno.ERANGE;
}

export function kstrtoint(s: usize, base: u32): i32 {
  const err = kstrtoll(s, base);
  if (err != 0) return err;
  const fits = kstrto_value == <i64>(<i32>kstrto_value);
  return fits ? 0 : -Errno.ERANGE;
}

/** The kernel's idea of yes and no: the first letter, or on and off. */
export function kstrtobool(s: usize): i32 {
  const c: u8 = load<u8>(s) | 32;
  if (c == 111) {
    const next: u8 = load<u8>(s + 1) | 32;
    if (next != 110 && next != 102) return -Errno.EINVAL;
    kstrto_value = next == 110 ? 1 : 0;
    return 0;
  }
  if (c == 121 || c == 116 || c == 101 || load<u8>(s) == 49) kstrto_value = 1;
  else if (c == 110 || c == 102 || c == 100 || load<u8>(s) == 48) {
    kstrto_value = 0;
  } else return -Errno.EINVAL;
  return 0;
}
