// syscalls.ts - init_module, finit_module, delete_module.
// Mirrors the system calls of Linux kernel/module/main.c.

import { Errno, Mode, Sys } from "../../abi";
import { fget } from "../../fs/file";
import { Fmode } from "../../fs/fs";
import { vfs_read } from "../../fs/read_write";
import { kfree, kzalloc } from "../../mm/slab";
import { PtRegs, current } from "../sched/task";
import { set_syscall } from "../sys_call_table";
import { free_module, load_module, module_going } from "./main";
import { Module, ModuleState, find_module, set_this_module } from "./module";

/** Largest file that is taken for a module. */
const MAX_IMAGE: u64 = 16 << 20;
const CHUNK: u32 = 32768;

/** CAP_SYS_MODULE: user 0. */
function may_init_module(): bool {
  return current.euid == 0;
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

/** Reads the whole file fd into image. 0 or -errno. */
function read_image(fd: i32, image: usize, size: u32): i32 {
  const file = fget(fd);
  if (file == null) return -Errno.EBADF;
  const pos = memory.data(8, 8);
  store<u64>(pos, 0);
  let done: u32 = 0;
  while (done < size) {
    const n = vfs_read(file, image + done, min(size - done, CHUNK), pos);
    if (n < 0) return <i32>n;
    if (n == 0) return -Errno.EIO;
    done += <u32>n;
  }
  return 0;
}

/** finit_module(fd, args, flags) */
export function __x64_sys_finit_module(regs: PtRegs): isize {
  if (!may_init_module()) return -Errno.EPERM;
  // Forced loading is not configured, as in Debian.
  if (regs.dx != 0) return -Errno.ENOEXEC;
  const file = fget(<i32>regs.di);
  if (file == null) return -Errno.EBADF;
  if ((file.mode & Fmode.READ) == 0) return -Errno.EBADF;
  if ((file.inode.mode & Mode.IFMT) != Mode.IFREG) return -Errno.EINVAL;
  if (file.inode.size == 0) return -Errno.EINVAL;
  if (file.inode.size > MAX_IMAGE) return -Errno.EFBIG;
  const size = <u32>file.inode.size;
  const image = kzalloc(size + 1);
  if (image == 0) return -Errno.ENOMEM;
  let ret = read_image(<i32>regs.di, image, size);
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
