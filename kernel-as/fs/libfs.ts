// libfs.ts - what file systems that live in memory have in common.
// Mirrors Linux fs/libfs.c.

import { Errno, Mode } from "../abi";
import { list_empty, list_next } from "../lib/list";
import { snprintf } from "../lib/vsprintf";
import { d_alloc, d_alloc_anon, d_drop, d_instantiate } from "./dcache";
import { d_lookup, d_move, d_rehash, dget, dput } from "./dcache";
import { sibling_entry } from "./dcache";
import { Dentry, FileOperations, Inode, S_ISDIR, SuperBlock } from "./fs";
import { drop_nlink, file_update_time, inc_nlink } from "./inode";
import { ihold, inode_init_owner, iput, new_inode } from "./inode";
import { dcache_readdir } from "./readdir";

/** For directories whose children are all in the tree. */
export const simple_dir_operations = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);

export function libfs_init(): void {
  simple_dir_operations.iterate_shared = dcache_readdir;
}

/** The inode of an empty directory; null: no memory. */
export function simple_new_dir(sb: SuperBlock, mode: u32): Inode | null {
  const inode = new_inode(sb, Mode.IFDIR | mode);
  if (inode == null) return null;
  inode.nlink = 2;
  inode.fop = simple_dir_operations;
  return inode;
}

/** The root of a new file system: an empty directory; null no memory. */
export function simple_make_root(sb: SuperBlock, mode: u32): Dentry | null {
  const inode = simple_new_dir(sb, mode);
  if (inode == null) return null;
  const root = d_alloc_anon(changetype<usize>(0), 0);
  if (root == null) {
    iput(inode);
    return null;
  }
  d_instantiate(root, inode);
  sb.root = root;
  return root;
}

/** Gives a new name its inode and links it; dir's times change. */
export function simple_add(dir: Inode, dentry: Dentry, inode: Inode): void {
  d_instantiate(dentry, inode);
  d_rehash(dentry);
  if (S_ISDIR(inode.mode)) inc_nlink(dir);
  file_update_time(dir);
}

/**
 * Makes a name in parent for inode, whose reference it takes over, also when
 * it fails. The dentry, pinned but without a reference of the caller's.
 */
export function simple_new_child(
  parent: Dentry,
  name: usize,
  len: u32,
  inode: Inode,
): Dentry | null {
  const dentry = d_alloc(parent, name, len);
  if (dentry == null) {
    iput(inode);
    return null;
  }
  simple_add(parent.inode!, dentry, inode);
  dput(dentry);
  return dentry;
}

/** As simple_new_child(); null too when the name is taken. */
export function simple_new_unique_child(
  parent: Dentry,
  name: usize,
  len: u32,
  inode: Inode,
): Dentry | null {
  const found = d_lookup(parent, name, len);
  if (found == null) return simple_new_child(parent, name, len, inode);
  dput(found);
  iput(inode);
  return null;
}

/**
 * Removes d and all below it; open files live on until they are closed.
 * unlinked, if given, sees the inode of each name that is gone by then.
 */
export function simple_recursive_removal(
  d: Dentry,
  unlinked: ((inode: Inode) => void) | null,
): void {
  dget(d);
  while (!list_empty(d.children)) {
    simple_recursive_removal(sibling_entry(list_next(d.children)), unlinked);
  }
  const inode = d.inode!;
  const dir = d.parent.inode!;
  if (S_ISDIR(inode.mode)) drop_nlink(dir);
  file_update_time(dir);
  inode.nlink = 0;
  d_drop(d);
  if (unlinked != null) unlinked(inode);
  dput(d);
}

export function simple_empty(dentry: Dentry): bool {
  return list_empty(dentry.children);
}

export function simple_unlink(dir: Inode, dentry: Dentry): i32 {
  file_update_time(dir);
  drop_nlink(dentry.inode!);
  d_drop(dentry);
  return 0;
}

export function simple_rmdir(dir: Inode, dentry: Dentry): i32 {
  if (!simple_empty(dentry)) return -Errno.ENOTEMPTY;
  drop_nlink(dentry.inode!);
  drop_nlink(dir);
  return simple_unlink(dir, dentry);
}

export function simple_link(old: Dentry, dir: Inode, dentry: Dentry): i32 {
  const inode = old.inode!;
  ihold(inode);
  inc_nlink(inode);
  simple_add(dir, dentry, inode);
  return 0;
}

/** name, len: the new name in dir, free by now. */
export function simple_rename(
  dentry: Dentry,
  dir: Dentry,
  name: usize,
  len: u32,
): i32 {
  const old_dir = dentry.parent.inode!;
  if (!d_move(dentry, dir, name, len)) return -Errno.ENOMEM;
  const new_dir = dir.inode!;
  if (S_ISDIR(dentry.inode!.mode) && old_dir != new_dir) {
    drop_nlink(old_dir);
    inc_nlink(new_dir);
  }
  file_update_time(old_dir);
  file_update_time(new_dir);
  return 0;
}

/** Copies from a text of available bytes, as read(2) wants it. */
export function simple_read_from_buffer(
  to: usize,
  count: u32,
  ppos: usize,
  from: usize,
  available: u32,
): isize {
  const pos = load<u64>(ppos);
  if (pos >= available) return 0;
  const left = available - <u32>pos;
  if (count > left) count = left;
  memory.copy(to, from + <usize>pos, count);
  store<u64>(ppos, pos + count);
  return count;
}

const pseudo_name = memory.data(24);

/**
 * An inode that lies in no directory, with a dentry that says what it is;
 * format gets its number. Null without memory.
 */
export function alloc_pseudo(
  sb: SuperBlock,
  mode: u32,
  fop: FileOperations,
  format: string,
): Dentry | null {
  const inode = new_inode(sb, mode);
  if (inode == null) return null;
  inode_init_owner(inode);
  inode.fop = fop;
  const len = snprintf(pseudo_name, 24, format, inode.ino);
  const dentry = d_alloc_anon(pseudo_name, len);
  if (dentry == null) iput(inode);
  else d_instantiate(dentry, inode);
  return dentry;
}
