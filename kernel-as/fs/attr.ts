// attr.ts - changes of an inode's attributes. Mirrors Linux fs/attr.c.

import { Errno } from "../abi";
import { Inode, S_ISREG } from "./fs";
import { current_time } from "./inode";

/** Sets the size of a file that the caller may write; 0 or -errno. */
export function do_truncate(inode: Inode, size: u64): i32 {
  if (!S_ISREG(inode.mode)) return 0;
  if (size > <u64>i32.MAX_VALUE) return -Errno.EFBIG;
  const truncate = inode.op.truncate;
  return truncate == null ? 0 : truncate(inode, size);
}

export function setattr_mode(inode: Inode, mode: u32): void {
  inode.mode = (inode.mode & ~0o7777) | (mode & 0o7777);
  inode.ctime = current_time();
}

/** -1 leaves one as it is. */
export function setattr_owner(inode: Inode, uid: u32, gid: u32): void {
  if (uid != u32.MAX_VALUE) inode.uid = uid;
  if (gid != u32.MAX_VALUE) inode.gid = gid;
  inode.ctime = current_time();
}
