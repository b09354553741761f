// park.ts - a system call for tests that sleeps in nested, recursive functions.

import { set_syscall } from "./sys_call_table";
import { msleep } from "./time/msleep";
import { PtRegs } from "./sched/task";

/** Sleeps with two values alive across the sleep. */
export function park_leaf(tag: i32, ms: u32): i32 {
  const a = tag * 3;
  msleep(ms);
  return a + 1;
}

/** Sleeps at the bottom of n frames of its own. */
export function park_rec(n: i32, ms: u32): i32 {
  if (n == 0) return park_leaf(5, ms);
  const below = park_rec(n - 1, ms);
  return below + n;
}

/** Two rounds: what was called before a switch, and what is called after. */
export function park_outer(n: i32, ms: u32): i32 {
  const first = park_rec(n, ms);
  const second = park_rec(n, 1);
  return first * 1000 + second;
}

export function __x64_sys_park(regs: PtRegs): isize {
  return park_outer(<i32>regs.di, <u32>regs.si);
}

export function park_init(): void {
  set_syscall(400, __x64_sys_park);
}
