// inode.ts - inodes: made by file systems, freed with the last reference.
// Mirrors Linux fs/inode.c.

import { Mode } from "../abi";
import { current } from "../kernel/sched/task";
import { ktime_get_real } from "../kernel/time/timekeeping";
import { kfree, kzalloc } from "../mm/slab";
import { FileOperations, Inode, InodeOperations, SuperBlock } from "./fs";

const empty_iops = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);
const empty_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);

/** Now, as file times are kept. */
export function current_time(): u64 {
  return ktime_get_real();
}

/** An inode with one reference, no operations and no name; or null. */
export function new_inode(sb: SuperBlock, mode: u32): Inode | null {
  const inode = changetype<Inode>(kzalloc(offsetof<Inode>()));
  if (changetype<usize>(inode) == 0) return null;
  inode.ino = ++sb.next_ino;
  inode.mode = mode;
  inode.nlink = 1;
  inode.count = 1;
  inode.sb = sb;
  inode.op = empty_iops;
  inode.fop = empty_fops;
  inode.atime = inode.mtime = inode.ctime = current_time();
  sb.nr_inodes++;
  return inode;
}

/** New files belong to their maker. */
export function inode_init_owner(inode: Inode): void {
  inode.uid = current.euid;
  inode.gid = current.gid;
}

export function ihold(inode: Inode): void {
  inode.count++;
}

/** Gives a reference back; the last one frees the inode. */
export function iput(inode: Inode): void {
  if (--inode.count > 0) return;
  const evict = inode.sb.evict_inode;
  if (evict != null) evict(inode);
  inode.sb.nr_inodes--;
  kfree(inode.i_link);
  kfree(changetype<usize>(inode));
}

export function touch_atime(inode: Inode): void {
  inode.atime = current_time();
}

/** The contents changed. */
export function file_update_time(inode: Inode): void {
  inode.mtime = inode.ctime = current_time();
}

export function inc_nlink(inode: Inode): void {
  inode.nlink++;
  inode.ctime = current_time();
}

export function drop_nlink(inode: Inode): void {
  inode.nlink--;
  inode.ctime = current_time();
}

/** DT_* of getdents64: the type bits of a mode. */
export function fs_umode_to_dtype(mode: u32): u8 {
  return <u8>((mode & Mode.IFMT) >> 12);
}
