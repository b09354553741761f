// fcntl.ts - flags of descriptors and of open files.
// Mirrors Linux fs/fcntl.c.

import { Errno, Fcntl, Open } from "../abi";
import { PtRegs } from "../kernel/sched/task";
import { f_dupfd, fget, get_close_on_exec, set_close_on_exec } from "./file";
import { File } from "./fs";

/** The flags that may change while a file is open. */
const SETFL_MASK: u32 = Open.APPEND | Open.NONBLOCK;

function setfl(file: File, flags: u32): i32 {
  file.flags = (file.flags & ~SETFL_MASK) | (flags & SETFL_MASK);
  return 0;
}

function do_fcntl(fd: i32, file: File, cmd: u32, arg: u32): i32 {
  switch (cmd) {
    case Fcntl.F_DUPFD:
      return f_dupfd(arg, fd, 0);
    case Fcntl.F_DUPFD_CLOEXEC:
      return f_dupfd(arg, fd, Open.CLOEXEC);
    case Fcntl.F_GETFD:
      return get_close_on_exec(fd) ? Fcntl.FD_CLOEXEC : 0;
    case Fcntl.F_SETFD:
      set_close_on_exec(fd, (arg & Fcntl.FD_CLOEXEC) != 0);
      return 0;
    case Fcntl.F_GETFL:
      return file.flags & ~Open.CLOEXEC;
    case Fcntl.F_SETFL:
      return setfl(file, arg);
    default:
      return -Errno.EINVAL;
  }
}

/** fcntl(fd, cmd, arg) */
export function __x64_sys_fcntl(regs: PtRegs): isize {
  const fd = <i32>regs.di;
  const file = fget(fd);
  if (file == null) return -Errno.EBADF;
  return do_fcntl(fd, file, <u32>regs.si, <u32>regs.dx);
}
