// read_write.ts - reading, writing, seeking.
//
// Position: operations get the address of the file's position and move it.
// No pread: all descriptors of a File share one position.
// Mirrors Linux fs/read_write.c.

import { Errno, Limits, Open } from "../abi";
import { PtRegs } from "../kernel/sched/task";
import { fget } from "./file";
import { File, Fmode, S_ISDIR } from "./fs";

export const enum Seek {
  SET = 0,
  CUR = 1,
  END = 2,
}

/** No call moves more than the bounce buffer holds. */
function rw_limit(count: i64): u32 {
  if (count < 0) return 0;
  return count > Limits.UBUF_SIZE ? <u32>Limits.UBUF_SIZE : <u32>count;
}

export function vfs_read(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  if ((file.mode & Fmode.READ) == 0) return -Errno.EBADF;
  if (S_ISDIR(file.inode.mode)) return -Errno.EISDIR;
  const read = file.op.read;
  if (read == null) return -Errno.EINVAL;
  return read(file, buf, count, ppos);
}

export function vfs_write(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  if ((file.mode & Fmode.WRITE) == 0) return -Errno.EBADF;
  const write = file.op.write;
  if (write == null) return -Errno.EINVAL;
  if ((file.flags & Open.APPEND) != 0) store<u64>(ppos, file.inode.size);
  return write(file, buf, count, ppos);
}

export function ksys_read(fd: i32, buf: usize, count: i64): isize {
  const file = fget(fd);
  if (file == null) return -Errno.EBADF;
  return vfs_read(file, buf, rw_limit(count), file.ppos);
}

/** read(fd, buf, count) */
export function __x64_sys_read(regs: PtRegs): isize {
  return ksys_read(<i32>regs.di, <usize>regs.si, regs.dx);
}

export function ksys_write(fd: i32, buf: usize, count: i64): isize {
  const file = fget(fd);
  if (file == null) return -Errno.EBADF;
  return vfs_write(file, buf, rw_limit(count), file.ppos);
}

/** write(fd, buf, count) */
export function __x64_sys_write(regs: PtRegs): isize {
  return ksys_write(<i32>regs.di, <usize>regs.si, regs.dx);
}

/** Moves to an offset from the start, the position or size. */
export function generic_file_llseek_size(
  file: File,
  offset: i64,
  whence: i32,
  size: u64,
): i64 {
  if (whence == Seek.CUR) offset += file.pos;
  else if (whence == Seek.END) offset += size;
  else if (whence != Seek.SET) return -Errno.EINVAL;
  if (offset < 0) return -Errno.EINVAL;
  file.pos = offset;
  return offset;
}

export function generic_file_llseek(file: File, offset: i64, whence: i32): i64 {
  return generic_file_llseek_size(file, offset, whence, file.inode.size);
}

/** For devices where seeking changes nothing. */
export function noop_llseek(file: File, offset: i64, whence: i32): i64 {
  return file.pos;
}

export function no_llseek(file: File, offset: i64, whence: i32): i64 {
  return -Errno.ESPIPE;
}

export function vfs_llseek(file: File, offset: i64, whence: i32): i64 {
  const llseek = file.op.llseek;
  if (llseek != null) return llseek(file, offset, whence);
  if ((file.mode & Fmode.LSEEK) == 0) return -Errno.ESPIPE;
  return generic_file_llseek(file, offset, whence);
}

/** lseek(fd, offset, whence) */
export function __x64_sys_lseek(regs: PtRegs): isize {
  const file = fget(<i32>regs.di);
  if (file == null) return -Errno.EBADF;
  return <isize>vfs_llseek(file, regs.si, <i32>regs.dx);
}
