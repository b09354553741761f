// ioctl.ts - what only a device understands. Mirrors Linux fs/ioctl.c.

import { Errno } from "../abi";
import { PtRegs } from "../kernel/sched/task";
import { fget } from "./file";

/** ioctl(fd, cmd, arg) */
export function __x64_sys_ioctl(regs: PtRegs): isize {
  const file = fget(<i32>regs.di);
  if (file == null) return -Errno.EBADF;
  const unlocked_ioctl = file.op.unlocked_ioctl;
  if (unlocked_ioctl == null) return -Errno.ENOTTY;
  return unlocked_ioctl(file, <u32>regs.si, <usize>regs.dx);
}
