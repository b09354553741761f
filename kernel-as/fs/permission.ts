// permission.ts - who may do what with an inode.
//
// User 0 may do everything, except run a file without any x bit. Linux has
// this in fs/namei.c; capabilities are reduced to "is it user 0".

import { Errno } from "../abi";
import { current } from "../kernel/sched/task";
import { Inode, S_ISDIR } from "./fs";

export const enum May {
  EXEC = 1,
  WRITE = 2,
  READ = 4,
}

/** The bits of the class (owner, group, others) current belongs to. */
function acl_permission_check(inode: Inode): u32 {
  if (current.euid == inode.uid) return (inode.mode >> 6) & 7;
  if (current.gid == inode.gid) return (inode.mode >> 3) & 7;
  return inode.mode & 7;
}

export function generic_permission(inode: Inode, mask: u32): i32 {
  if ((acl_permission_check(inode) & mask) == mask) return 0;
  if (current.euid != 0) return -Errno.EACCES;
  if (S_ISDIR(inode.mode) || (mask & May.EXEC) == 0) return 0;
  return (inode.mode & 0o111) != 0 ? 0 : -Errno.EACCES;
}

/** mask is an or of May bits; 0 or -EACCES. */
export function inode_permission(inode: Inode, mask: u32): i32 {
  const permission = inode.op.permission;
  if (permission != null) return permission(inode, mask);
  return generic_permission(inode, mask);
}

/** Only the owner and user 0 may change attributes. */
export function inode_owner_or_capable(inode: Inode): bool {
  return current.euid == 0 || current.euid == inode.uid;
}
