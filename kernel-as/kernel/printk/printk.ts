// printk.ts - messages of the kernel: formatted, stored, shown.
//
// Every line becomes a record of the ring (ring.ts) with the virtual time.
// Lines of a level below console_loglevel also go to the console.
// Differs from Linux: no per-CPU buffers, no console kthread.

import { tty_output } from "../../host";
import { ktime_get } from "../time/timekeeping";
import { printf_args, snprintf, vsnprintf } from "../../lib/vsprintf";
import { log_store } from "./ring";

const LINE_MAX: u32 = 1024;
const text = memory.data(2048);
const prefixed = memory.data(1152);

/** Messages of a lower level than this reach the console. */
export let console_loglevel: i32 = 4;
export let default_console_loglevel: i32 = 4;

export function set_console_loglevel(level: i32): void {
  console_loglevel = level;
}

/** Called after every record: wakes those who read the log. */
let wake_klogd: (() => void) | null = null;

export function set_wake_klogd(f: () => void): void {
  wake_klogd = f;
}

/** Shows one line on the console with its time, as Linux's consoles do. */
function console_line(ts: u64, line: usize, len: u32): void {
  const us = ts / 1000;
  const n = snprintf(prefixed, 64, "[%5lu.%06lu] ", us / 1000000, us % 1000000);
  memory.copy(prefixed + n, line, len);
  store<u8>(prefixed + n + len, 13);
  store<u8>(prefixed + n + len + 1, 10);
  tty_output(prefixed, n + len + 2);
}

/** Stores n bytes at s as records, one per line. */
export function printk_emit(level: u8, facility: u8, s: usize, n: u32): void {
  const ts = ktime_get();
  let start: u32 = 0;
  for (let i: u32 = 0; i <= n; i++) {
    if (i < n && load<u8>(s + i) != 10) continue;
    if (i == n && start == n && n > 0) break;
    const len = min<u32>(i - start, LINE_MAX);
    log_store(level, facility, ts, s + start, len);
    if (<i32>level < console_loglevel) console_line(ts, s + start, len);
    start = i + 1;
  }
  const wake = wake_klogd;
  if (wake != null) wake();
}

function vprintk(level: u8, fmt: string): void {
  const n = vsnprintf(text, 2048, fmt);
  printk_emit(level, 0, text, min<u32>(n, 2047));
}

/** printk of a level given as a number (KERN_*). */
export function printk(
  level: u8,
  fmt: string,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
  d: u64 = 0,
  e: u64 = 0,
  f: u64 = 0,
  g: u64 = 0,
  h: u64 = 0,
): void {
  printf_args(a, b, c, d, e, f, g, h);
  vprintk(level, fmt);
}

export function pr_emerg(
  fmt: string,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
  d: u64 = 0,
  e: u64 = 0,
  f: u64 = 0,
  g: u64 = 0,
  h: u64 = 0,
): void {
  printf_args(a, b, c, d, e, f, g, h);
  vprintk(0, fmt);
}

export function pr_alert(
  fmt: string,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
  d: u64 = 0,
  e: u64 = 0,
  f: u64 = 0,
  g: u64 = 0,
  h: u64 = 0,
): void {
  printf_args(a, b, c, d, e, f, g, h);
  vprintk(1, fmt);
}

export function pr_crit(
  fmt: string,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
  d: u64 = 0,
  e: u64 = 0,
  f: u64 = 0,
  g: u64 = 0,
  h: u64 = 0,
): void {
  printf_args(a, b, c, d, e, f, g, h);
  vprintk(2, fmt);
}

export function pr_err(
  fmt: string,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
  d: u64 = 0,
  e: u64 = 0,
  f: u64 = 0,
  g: u64 = 0,
  h: u64 = 0,
): void {
  printf_args(a, b, c, d, e, f, g, h);
  vprintk(3, fmt);
}

export function pr_warn(
  fmt: string,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
  d: u64 = 0,
  e: u64 = 0,
  f: u64 = 0,
  g: u64 = 0,
  h: u64 = 0,
): void {
  printf_args(a, b, c, d, e, f, g, h);
  vprintk(4, fmt);
}

export function pr_notice(
  fmt: string,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
  d: u64 = 0,
  e: u64 = 0,
  f: u64 = 0,
  g: u64 = 0,
  h: u64 = 0,
): void {
  printf_args(a, b, c, d, e, f, g, h);
  vprintk(5, fmt);
}

export function pr_info(
  fmt: string,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
  d: u64 = 0,
  e: u64 = 0,
  f: u64 = 0,
  g: u64 = 0,
  h: u64 = 0,
): void {
  printf_args(a, b, c, d, e, f, g, h);
  vprintk(6, fmt);
}
