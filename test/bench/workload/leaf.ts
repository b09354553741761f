// leaf.ts - a function that is called and does next to nothing: what a loop
// of calls costs is the price of a call. Patches change leaf(), never the
// loop. stall() keeps a transition waiting: a patch that changes it too
// cannot complete while a task sleeps in it.

import { Sys, TaskState } from "../abi";
import { PtRegs } from "../kernel/sched/task";
import { schedule, set_current_state } from "../kernel/sched/core";
import { set_syscall } from "../kernel/sys_call_table";

function leaf(x: u32): u32 {
  return x ^ 5;
}

/** n calls; a checksum, so that no call can be dropped. */
export function bench_leaf(n: u32): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < n; i++) sum += leaf(i);
  return sum;
}

function stall(_regs: PtRegs): isize {
  set_current_state(TaskState.UNINTERRUPTIBLE);
  schedule();
  return 0;
}

/** From now on, sync() is stall(). */
export function bench_stall_on_sync(): void {
  set_syscall(Sys.SYNC, stall);
}
