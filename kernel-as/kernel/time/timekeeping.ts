// timekeeping.ts - virtual time.
//
// The clock is a number of nanoseconds that moves when the host says so and
// by SYSCALL_NS with every system call. Nothing here reads a real clock, so
// the same inputs always give the same timestamps.

import { Limits } from "../../abi";

const NSEC_PER_SEC: u64 = 1000000000;
/** Nanoseconds of a tick. */
export const TICK_NSEC: u64 = NSEC_PER_SEC / Limits.HZ;

let ktime: u64 = 0;
/** Wall clock at boot, in ns of the epoch; set once by the host. */
let boot_epoch: u64 = 0;

/** Nanoseconds since boot. */
export function ktime_get(): u64 {
  return ktime;
}

/** Nanoseconds of the epoch. */
export function ktime_get_real(): u64 {
  return boot_epoch + ktime;
}

export function timekeeping_init(epoch: u64): void {
  boot_epoch = epoch;
}

export function advance_clock(ns: u64): void {
  ktime += ns;
}

/** Moves the clock forward to now; never back. */
export function set_clock(now: u64): void {
  if (now > ktime) ktime = now;
}

/** Ticks since boot. */
export function jiffies(): u64 {
  return ktime / TICK_NSEC;
}

export function msecs_to_jiffies(ms: u64): u64 {
  return (ms * Limits.HZ + 999) / 1000;
}

/**
 * A delay of about j ticks that ends on a whole second, so that slow timers
 * go off together. Linux: round_jiffies_relative(), without the CPU skew.
 */
export function round_jiffies_relative(j: u64): u64 {
  const now = jiffies();
  const rem = (now + j) % Limits.HZ;
  let at = now + j - rem;
  if (rem >= <u64>(Limits.HZ / 4)) at += Limits.HZ;
  return at > now ? at - now : j;
}

/** For tracers, which must not call what they trace. */
export function ktime_get_notrace(): u64 {
  return ktime;
}

/** As advance_clock(): what tracing costs. */
export function advance_clock_notrace(ns: u64): void {
  ktime += ns;
}
