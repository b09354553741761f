// sync.ts - nothing is behind our file systems that could lag.
// Mirrors Linux fs/sync.c.

import { PtRegs } from "../kernel/sched/task";

/** sync() */
export function __x64_sys_sync(regs: PtRegs): isize {
  return 0;
}
