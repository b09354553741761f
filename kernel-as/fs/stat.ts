// stat.ts - what an inode is. Mirrors Linux fs/stat.c.

import { Errno, Limits, StatField } from "../abi";
import { PtRegs } from "../kernel/sched/task";
import { IS_ERR, PTR_ERR } from "../lib/err";
import { strlen } from "../lib/string";
import { fget } from "./file";
import { Inode, S_ISLNK } from "./fs";
import { path_put } from "./mount";
import { Lookup, filename_lookup, nd } from "./namei";

const NSEC_PER_SEC: u64 = 1000000000;

function put_time(at: usize, ns: u64): void {
  store<u64>(at, ns / NSEC_PER_SEC);
  store<u64>(at, ns % NSEC_PER_SEC, 8);
}

/** Bytes / 512 that a file takes. */
function inode_blocks(inode: Inode): u64 {
  if (inode.backed_size != 0) return (inode.size + 511) >> 9;
  return (<u64>inode.nr_pages) << (Limits.PAGE_SHIFT - 9);
}

/** Fills a struct stat in. */
export function cp_new_stat(inode: Inode, st: usize): void {
  memory.fill(st, 0, StatField.SIZEOF);
  store<u64>(st + StatField.DEV, inode.sb.dev);
  store<u64>(st + StatField.INO, inode.ino);
  store<u64>(st + StatField.NLINK, inode.nlink);
  store<u32>(st + StatField.MODE, inode.mode);
  store<u32>(st + StatField.UID, inode.uid);
  store<u32>(st + StatField.GID, inode.gid);
  store<u64>(st + StatField.RDEV, inode.rdev);
  store<u64>(st + StatField.SIZE, inode.size);
  store<u64>(st + StatField.BLKSIZE, Limits.PAGE_SIZE);
  store<u64>(st + StatField.BLOCKS, inode_blocks(inode));
  put_time(st + StatField.ATIME, inode.atime);
  put_time(st + StatField.MTIME, inode.mtime);
  put_time(st + StatField.CTIME, inode.ctime);
}

function vfs_statx(name: usize, st: usize, flags: u32): isize {
  const err = filename_lookup(name, flags);
  if (err != 0) return err;
  cp_new_stat(nd.dentry.inode!, st);
  path_put(nd);
  return 0;
}

/** stat(path, st) */
export function __x64_sys_stat(regs: PtRegs): isize {
  return vfs_statx(<usize>regs.di, <usize>regs.si, Lookup.FOLLOW);
}

/** lstat(path, st): of a link itself */
export function __x64_sys_lstat(regs: PtRegs): isize {
  return vfs_statx(<usize>regs.di, <usize>regs.si, 0);
}

/** fstat(fd, st) */
export function __x64_sys_fstat(regs: PtRegs): isize {
  const file = fget(<i32>regs.di);
  if (file == null) return -Errno.EBADF;
  cp_new_stat(file.inode, <usize>regs.si);
  return 0;
}

/** Copies the target of the link nd stands at; its length or -errno. */
function vfs_readlink(buf: usize, size: i64): isize {
  const inode = nd.dentry.inode!;
  if (size <= 0 || !S_ISLNK(inode.mode)) return -Errno.EINVAL;
  const readlink = inode.op.readlink;
  if (readlink != null) return readlink(nd.dentry, buf, <u32>size);
  const get_link = inode.op.get_link;
  const target = get_link == null ? inode.i_link : get_link(nd.dentry);
  if (IS_ERR(target)) return PTR_ERR(target);
  let len = strlen(target);
  if (len > <u32>size) len = <u32>size;
  memory.copy(buf, target, len);
  return len;
}

/** readlink(path, buf, size) */
export function __x64_sys_readlink(regs: PtRegs): isize {
  const err = filename_lookup(<usize>regs.di, 0);
  if (err != 0) return err;
  const len = vfs_readlink(<usize>regs.si, regs.dx);
  path_put(nd);
  return len;
}
