// loadavg.ts - the load averages of 1, 5 and 15 minutes.
//
// Every five seconds the number of tasks that want to run is averaged in,
// with weights that fade. The clock jumps while all sleep, so sampling is
// not done by a timer: the tick makes up for the intervals it missed, in
// which nothing can have run.
// Mirrors Linux kernel/sched/loadavg.c.

import { ktime_get } from "../time/timekeeping";
import { nr_running } from "./core";

/** Fixed point: 11 bits behind the point. */
export const FIXED_1: u64 = 2048;
const LOAD_FREQ: u64 = 5000000000;

/** FIXED_1 / e^(5 s / period). */
const EXP_1: u64 = 1884;
const EXP_5: u64 = 2014;
const EXP_15: u64 = 2037;

let avenrun_1: u64 = 0;
let avenrun_5: u64 = 0;
let avenrun_15: u64 = 0;
let next_sample: u64 = LOAD_FREQ;

/** Averages over 1, 5 and 15 minutes: i is 0, 1 or 2. */
export function avenrun(i: u32): u64 {
  return i == 0 ? avenrun_1 : i == 1 ? avenrun_5 : avenrun_15;
}

function calc_load(load: u64, exp: u64, active: u64): u64 {
  let newload = load * exp + active * (FIXED_1 - exp);
  if (active >= load) newload += FIXED_1 - 1;
  return newload / FIXED_1;
}

function sample(active: u64): void {
  avenrun_1 = calc_load(avenrun_1, EXP_1, active);
  avenrun_5 = calc_load(avenrun_5, EXP_5, active);
  avenrun_15 = calc_load(avenrun_15, EXP_15, active);
}

/** Called by the tick: averages in what is due. */
export function calc_global_load(): void {
  const now = ktime_get();
  while (now >= next_sample) {
    next_sample += LOAD_FREQ;
    sample(now >= next_sample ? 0 : <u64>nr_running() * FIXED_1);
  }
}
