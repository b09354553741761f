// syscalls.ts - init_module, finit_module, delete_module.
// Mirrors the system calls of Linux kernel/module/main.c.

import { Errno, Sys } from "../../abi";
import { fget } from "../../fs/file";
import {
  kernel_read_file,
  kernel_read_file_size,
} from "../../fs/kernel_read_file";
import { kfree, kzalloc } from "../../mm/slab";
import { PtRegs, current } from "../sched/task";
import { set_syscall } from "../sys_call_table";
import { modules_disabled } from "../sysctl";
import { free_module, load_module, module_going } from "./main";
import { Module, ModuleState, find_module, set_this_module } from "./module";

/** Largest file that is taken for a module. */
const MAX_IMAGE: u64 = 16 << 20;

/** CAP_SYS_MODULE: user 0, until kernel.modules_disabled says nobody. */
function may_init_module(): bool {
  return current.euid == 0 && !modules_disabled();
}

/** init_module(image, len, args) */
export function __x64_sys_init_module(regs: PtRegs): isize {
  if (!may_init_module()) return -Errno.EPERM;
  const len = <u32>regs.si;
  // The image lies in the caller's buffer, which the next call reuses.
  const image = kzalloc(len + 1);
  if (image == 0) return -Errno.ENOMEM;
  memory.copy(image, <usize>regs.di, len);
  const ret = load_module(image, len, <usize>regs.dx);
  kfree(image);
  return ret;
}

/** finit_module(fd, args, flags) */
export function __x64_sys_finit_module(regs: PtRegs): isize {
  if (!may_init_module()) return -Errno.EPERM;
  // Forced loading is not configured, as in Debian.
  if (regs.dx != 0) return -Errno.ENOEXEC;
  const file = fget(<i32>regs.di);
  const size = kernel_read_file_size(file, MAX_IMAGE);
  if (size < 0) return size;
  const image = kzalloc(size + 1);
  if (image == 0) return -Errno.ENOMEM;
  let ret = kernel_read_file(file!, image, size);
  if (ret == 0) ret = load_module(image, size, <usize>regs.si);
  kfree(image);
  return ret;
}

/** Whether mod may go: nobody uses it, and it can clean up. */
function check_unload(mod: Module): i32 {
  if (mod.state != <u32>ModuleState.LIVE) return -Errno.EBUSY;
  if (mod.init != 0 && mod.exit == 0) return -Errno.EBUSY;
  return mod.refcnt != 0 ? -Errno.EAGAIN : 0;
}

/** delete_module(name, flags) */
export function __x64_sys_delete_module(regs: PtRegs): isize {
  if (!may_init_module()) return -Errno.EPERM;
  const mod = find_module(<usize>regs.di);
  if (mod == null) return -Errno.ENOENT;
  const ret = check_unload(mod);
  if (ret != 0) return ret;
  mod.state = ModuleState.GOING;
  if (mod.exit != 0) {
    set_this_module(mod);
    call_indirect<void>(mod.exit);
  }
  module_going(mod);
  free_module(mod);
  return 0;
}

export function module_syscalls_init(): void {
  set_syscall(Sys.INIT_MODULE, __x64_sys_init_module);
  set_syscall(Sys.FINIT_MODULE, __x64_sys_finit_module);
  set_syscall(Sys.DELETE_MODULE, __x64_sys_delete_module);
}
