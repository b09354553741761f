// sys_call_table.ts - the system calls by number.
//
// Each subsystem enters its own calls when it is initialised.

import { Sys } from "../abi";
import { PtRegs } from "./sched/task";

const sys_call_table = memory.data(2048, 4); // 4 * Sys.NR

export function set_syscall(nr: u32, fn: (regs: PtRegs) => isize): void {
  store<usize>(sys_call_table + 4 * nr, changetype<usize>(fn));
}

/** Address of the function of a call, or 0. */
export function syscall_fn(nr: u32): usize {
  return nr < <u32>Sys.NR ? load<usize>(sys_call_table + 4 * nr) : 0;
}
