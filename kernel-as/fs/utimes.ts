// utimes.ts - setting file times. Mirrors Linux fs/utimes.c.

import { Errno } from "../abi";
import { PtRegs } from "../kernel/sched/task";
import { Inode } from "./fs";
import { current_time } from "./inode";
import { mnt_want_write, path_put } from "./mount";
import { Lookup, filename_lookup, nd } from "./namei";
import { May, inode_owner_or_capable, inode_permission } from "./permission";

const UTIME_NOW: i64 = 0x3fffffff;
const UTIME_OMIT: i64 = 0x3ffffffe;
const AT_SYMLINK_NOFOLLOW: u32 = 0x100;
const NSEC_PER_SEC: i64 = 1000000000;

/** A struct timespec as a file time; old when it is to be left alone. */
function new_time(ts: usize, old: u64): u64 {
  if (ts == 0) return current_time();
  const nsec = load<i64>(ts, 8);
  if (nsec == UTIME_OMIT) return old;
  if (nsec == UTIME_NOW) return current_time();
  return <u64>(load<i64>(ts) * NSEC_PER_SEC + nsec);
}

/** The owner may set any time; who may write may set it to now. */
function may_utime(inode: Inode, times: usize): i32 {
  const err = mnt_want_write(nd.mnt);
  if (err != 0 || inode_owner_or_capable(inode)) return err;
  if (times != 0) return -Errno.EPERM;
  return inode_permission(inode, May.WRITE);
}

/** utimensat(dirfd, path, times, flags); dirfd is always AT_FDCWD */
export function __x64_sys_utimensat(regs: PtRegs): isize {
  const times = <usize>regs.dx;
  const nofollow = ((<u32>regs.r10) & AT_SYMLINK_NOFOLLOW) != 0;
  let err = filename_lookup(<usize>regs.si, nofollow ? 0 : Lookup.FOLLOW);
  if (err != 0) return err;
  const inode = nd.dentry.inode!;
  err = may_utime(inode, times);
  if (err == 0) {
    inode.atime = new_time(times, inode.atime);
    inode.mtime = new_time(times == 0 ? 0 : times + 16, inode.mtime);
    inode.ctime = current_time();
  }
  path_put(nd);
  return err;
}
