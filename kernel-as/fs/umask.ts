// umask.ts - which mode bits new files do not get. Linux: kernel/sys.c.

import { PtRegs, current } from "../kernel/sched/task";

/** umask(mask) -> the old one */
export function __x64_sys_umask(regs: PtRegs): isize {
  const old = current.umask;
  current.umask = (<u32>regs.di) & 0o777;
  return old;
}
