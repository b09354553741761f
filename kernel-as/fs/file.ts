// file.ts - descriptors: each task has its own table of open files.
//
// The table grows by doubling up to NR_OPEN. fork copies it, so that tables
// are never shared between tasks (no CLONE_FILES).
// Mirrors Linux fs/file.c.

import { Errno, Limits, Open } from "../abi";
import { PtRegs, Task, current } from "../kernel/sched/task";
import { kfree, kzalloc } from "../mm/slab";
import { File } from "./fs";
import { fput, get_file } from "./file_table";

const NR_OPEN_DEFAULT: u32 = 16;

/** One descriptor. */
@unmanaged
export class Fd {
  /** 0: free. */
  file: usize;
  close_on_exec: bool;
}

@unmanaged
export class FilesStruct {
  max_fds: u32;
  fds: usize;
}

function fd_entry(files: FilesStruct, fd: u32): Fd {
  return changetype<Fd>(files.fds + fd * offsetof<Fd>());
}

function alloc_files(max_fds: u32): FilesStruct | null {
  const files = changetype<FilesStruct>(kzalloc(offsetof<FilesStruct>()));
  if (changetype<usize>(files) == 0) return null;
  files.max_fds = max_fds;
  files.fds = kzalloc(max_fds * offsetof<Fd>());
  if (files.fds != 0) return files;
  kfree(changetype<usize>(files));
  return null;
}

/** The table of current; null without memory. */
function current_files(): FilesStruct | null {
  if (current.files == 0) {
    current.files = changetype<usize>(alloc_files(NR_OPEN_DEFAULT));
  }
  return changetype<FilesStruct | null>(current.files);
}

function expand_files(files: FilesStruct): bool {
  if (files.max_fds >= <u32>Limits.NR_OPEN) return false;
  const bigger = kzalloc(2 * files.max_fds * offsetof<Fd>());
  if (bigger == 0) return false;
  memory.copy(bigger, files.fds, files.max_fds * offsetof<Fd>());
  kfree(files.fds);
  files.fds = bigger;
  files.max_fds *= 2;
  return true;
}

/** Lowest free descriptor from start on; -EMFILE when there is none. */
export function get_unused_fd_from(start: u32): i32 {
  const files = current_files();
  if (files == null) return -Errno.ENOMEM;
  for (let fd = start; fd < <u32>Limits.NR_OPEN; fd++) {
    while (fd >= files.max_fds) {
      if (!expand_files(files)) return -Errno.ENOMEM;
    }
    if (fd_entry(files, fd).file == 0) return <i32>fd;
  }
  return -Errno.EMFILE;
}

/** fd takes over the caller's reference to file. */
export function fd_install(fd: i32, file: File, flags: u32): void {
  const entry = fd_entry(changetype<FilesStruct>(current.files), fd);
  entry.file = changetype<usize>(file);
  entry.close_on_exec = (flags & Open.CLOEXEC) != 0;
}

function lookup_fd(t: Task, fd: i32): Fd | null {
  const files = changetype<FilesStruct | null>(t.files);
  if (files == null || fd < 0 || <u32>fd >= files.max_fds) return null;
  const entry = fd_entry(files, fd);
  return entry.file == 0 ? null : entry;
}

/** The file behind a descriptor of t, without a reference. */
export function fget_task(t: Task, fd: i32): File | null {
  const entry = lookup_fd(t, fd);
  return entry == null ? null : changetype<File>(entry.file);
}

export function fget(fd: i32): File | null {
  return fget_task(current, fd);
}

/** Descriptors t could have; the walk of /proc/<pid>/fd. */
export function files_max_fds(t: Task): u32 {
  return t.files == 0 ? 0 : changetype<FilesStruct>(t.files).max_fds;
}

export function close_fd(fd: i32): i32 {
  const entry = lookup_fd(current, fd);
  if (entry == null) return -Errno.EBADF;
  const file = changetype<File>(entry.file);
  entry.file = 0;
  fput(file);
  return 0;
}

/** The child's table: the same files under the same numbers. */
export function dup_fd(child: Task, maker: Task): i32 {
  child.files = 0;
  if (maker.files == 0) return 0;
  const old = changetype<FilesStruct>(maker.files);
  const files = alloc_files(old.max_fds);
  if (files == null) return -Errno.ENOMEM;
  memory.copy(files.fds, old.fds, old.max_fds * offsetof<Fd>());
  for (let fd: u32 = 0; fd < files.max_fds; fd++) {
    const file = fd_entry(files, fd).file;
    if (file != 0) get_file(changetype<File>(file));
  }
  child.files = changetype<usize>(files);
  return 0;
}

/** Closes everything a task has open. */
export function put_files_struct(t: Task): void {
  const files = changetype<FilesStruct | null>(t.files);
  if (files == null) return;
  t.files = 0;
  for (let fd: u32 = 0; fd < files.max_fds; fd++) {
    const file = fd_entry(files, fd).file;
    if (file != 0) fput(changetype<File>(file));
  }
  kfree(files.fds);
  kfree(changetype<usize>(files));
}

export function do_close_on_exec(): void {
  const files = changetype<FilesStruct | null>(current.files);
  if (files == null) return;
  for (let fd: u32 = 0; fd < files.max_fds; fd++) {
    const entry = fd_entry(files, fd);
    if (entry.file != 0 && entry.close_on_exec) close_fd(fd);
  }
}

export function get_close_on_exec(fd: i32): bool {
  const entry = lookup_fd(current, fd);
  return entry != null && entry.close_on_exec;
}

export function set_close_on_exec(fd: i32, on: bool): void {
  const entry = lookup_fd(current, fd);
  if (entry != null) entry.close_on_exec = on;
}

/** A second descriptor for fd's file, not below start. */
export function f_dupfd(start: u32, fd: i32, flags: u32): i32 {
  const file = fget(fd);
  if (file == null) return -Errno.EBADF;
  if (start >= <u32>Limits.NR_OPEN) return -Errno.EINVAL;
  const newfd = get_unused_fd_from(start);
  if (newfd >= 0) fd_install(newfd, get_file(file), flags);
  return newfd;
}

export function __x64_sys_dup(regs: PtRegs): isize {
  return f_dupfd(0, <i32>regs.di, 0);
}

function do_dup2(oldfd: i32, newfd: i32): i32 {
  const file = fget(oldfd);
  if (file == null || newfd < 0 || newfd >= Limits.NR_OPEN) {
    return -Errno.EBADF;
  }
  if (oldfd == newfd) return newfd;
  const got = get_unused_fd_from(newfd);
  if (got < 0 && fget(newfd) == null) return got;
  get_file(file);
  if (fget(newfd) != null) close_fd(newfd);
  fd_install(newfd, file, 0);
  return newfd;
}

/** dup2(oldfd, newfd) */
export function __x64_sys_dup2(regs: PtRegs): isize {
  return do_dup2(<i32>regs.di, <i32>regs.si);
}
