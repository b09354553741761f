// sys.ts - system calls about who a task is. Mirrors Linux kernel/sys.c.

import { Errno, Sys, TaskState } from "../abi";
import { machine_halt } from "../host";
import { number_of_tasks } from "./fork";
import { kernel_kexec } from "./kexec_core";
import { pr_emerg } from "./printk/printk";
import { PtRegs, Task, current, find_task_by_pid } from "./sched/task";
import { set_syscall } from "./sys_call_table";
import { ktime_get } from "./time/timekeeping";

/** Why the machine stops; the host's machine_halt() gets it. */
export const enum Halt {
  RESTART = 16,
  HALT = 17,
  POWER_OFF = 18,
  KEXEC = 19,
}

export function __x64_sys_getpid(_regs: PtRegs): isize {
  return current.tgid;
}

export function __x64_sys_getppid(_regs: PtRegs): isize {
  const parent = current.parent;
  return parent == null ? 0 : parent.pid;
}

export function __x64_sys_getuid(_regs: PtRegs): isize {
  return current.uid;
}

export function __x64_sys_geteuid(_regs: PtRegs): isize {
  return current.euid;
}

export function __x64_sys_getgid(_regs: PtRegs): isize {
  return current.gid;
}

export function __x64_sys_setuid(regs: PtRegs): isize {
  const uid = <u32>regs.di;
  if (current.euid != 0 && uid != current.uid) return -Errno.EPERM;
  current.uid = uid;
  current.euid = uid;
  return 0;
}

export function __x64_sys_setgid(regs: PtRegs): isize {
  if (current.euid != 0 && <u32>regs.di != current.gid) return -Errno.EPERM;
  current.gid = <u32>regs.di;
  return 0;
}

/** The task pid names, current for 0. */
function lookup(pid: i32): Task | null {
  return pid == 0 ? current : find_task_by_pid(pid);
}

/** setpgid(pid, pgid): of oneself or a child, within the session. */
export function __x64_sys_setpgid(regs: PtRegs): isize {
  const t = lookup(<i32>regs.di);
  if (t == null || (t != current && t.parent != current)) return -Errno.ESRCH;
  const pgid = regs.si == 0 ? t.pid : <i32>regs.si;
  if (pgid < 0) return -Errno.EINVAL;
  if (t.session != current.session || t.session == t.pid) return -Errno.EPERM;
  if (pgid != t.pid) {
    const leader = find_task_by_pid(pgid);
    if (leader != null && leader.session != current.session) {
      return -Errno.EPERM;
    }
  }
  t.pgrp = pgid;
  return 0;
}

export function __x64_sys_getpgid(regs: PtRegs): isize {
  const t = lookup(<i32>regs.di);
  return t == null ? -Errno.ESRCH : t.pgrp;
}

export function __x64_sys_getsid(regs: PtRegs): isize {
  const t = lookup(<i32>regs.di);
  return t == null ? -Errno.ESRCH : t.session;
}

export function __x64_sys_setsid(_regs: PtRegs): isize {
  if (current.pgrp == current.pid) return -Errno.EPERM;
  current.session = current.pid;
  current.pgrp = current.pid;
  current.tty = 0;
  return current.pid;
}

/** reboot(magic, magic2, cmd): Linux's commands. */
export function __x64_sys_reboot(regs: PtRegs): isize {
  if (current.euid != 0) return -Errno.EPERM;
  const cmd = <u32>regs.dx;
  let how: u32 = 0;
  if (cmd == 0x01234567) how = Halt.RESTART;
  else if (cmd == 0xcdef0123) how = Halt.HALT;
  else if (cmd == 0x4321fedc) how = Halt.POWER_OFF;
  else if (cmd == 0x45584543) how = Halt.KEXEC;
  else return -Errno.EINVAL;
  if (how == Halt.KEXEC) {
    const err = kernel_kexec();
    if (err != 0) return err;
  }
  if (how == Halt.RESTART) pr_emerg("reboot: Restarting system\n");
  else if (how == Halt.POWER_OFF) pr_emerg("reboot: Power down\n");
  else if (how == Halt.HALT) pr_emerg("reboot: System halted\n");
  machine_halt(how);
  current.state = TaskState.UNINTERRUPTIBLE;
  return 0;
}

/** sysinfo(buf): uptime in s and number of tasks, 8 bytes each. */
export function __x64_sys_sysinfo(regs: PtRegs): isize {
  store<u64>(<usize>regs.di, ktime_get() / 1000000000);
  store<u64>(<usize>regs.di, number_of_tasks(), 8);
  return 0;
}

export function sys_init(): void {
  set_syscall(Sys.GETPID, __x64_sys_getpid);
  set_syscall(Sys.GETPPID, __x64_sys_getppid);
  set_syscall(Sys.GETUID, __x64_sys_getuid);
  set_syscall(Sys.GETEUID, __x64_sys_geteuid);
  set_syscall(Sys.GETGID, __x64_sys_getgid);
  set_syscall(Sys.SETUID, __x64_sys_setuid);
  set_syscall(Sys.SETGID, __x64_sys_setgid);
  set_syscall(Sys.SETPGID, __x64_sys_setpgid);
  set_syscall(Sys.GETPGID, __x64_sys_getpgid);
  set_syscall(Sys.GETSID, __x64_sys_getsid);
  set_syscall(Sys.SETSID, __x64_sys_setsid);
  set_syscall(Sys.REBOOT, __x64_sys_reboot);
  set_syscall(Sys.SYSINFO, __x64_sys_sysinfo);
}
