// dir.ts - directories of sysfs: one per kobject, and one per named group.
// Mirrors Linux fs/sysfs/dir.c.

import { Errno, Limits } from "../../abi";
import { pr_warn } from "../../kernel/printk/printk";
import { strlen, strscpy_lit } from "../../lib/string";
import { kfree, kzalloc } from "../../mm/slab";
import { d_lookup, dput } from "../dcache";
import { Dentry, Inode, S_ISDIR } from "../fs";
import { iput } from "../inode";
import { simple_new_child, simple_new_dir } from "../libfs";
import { simple_recursive_removal } from "../libfs";
import { kernfs_drain } from "./file";
import { Kobject } from "./sysfs";

let sysfs_root: Dentry = changetype<Dentry>(0);

export function set_sysfs_root(root: Dentry): void {
  sysfs_root = root;
}

/** The directory of a kobject; the root for null. */
export function sysfs_dir(kobj: Kobject | null): Dentry | null {
  return kobj == null ? sysfs_root : kobj.sd;
}

/** "/kernel/livepatch": the path of dir in sysfs, at most size - 1 bytes. */
export function sysfs_path(dir: Dentry, buf: usize, size: u32): u32 {
  if (dir == sysfs_root) return 0;
  let n = sysfs_path(dir.parent, buf, size);
  if (n + 1 < size) store<u8>(buf + n++, 47);
  for (let i: u32 = 0; i < dir.name_len && n + 1 < size; i++) {
    store<u8>(buf + n++, load<u8>(dir.name + i));
  }
  store<u8>(buf + n, 0);
  return n;
}

export function sysfs_warn_dup(dir: Dentry, name: usize): void {
  const path = kzalloc(Limits.PATH_MAX);
  if (path == 0) return;
  sysfs_path(dir, path, Limits.PATH_MAX);
  pr_warn("sysfs: cannot create duplicate filename '%s/%s'\n", path, name);
  kfree(path);
}

/**
 * Links a new inode into dir, whose reference it takes over, also when it
 * fails: 0, -EEXIST with a warning, or -ENOMEM.
 */
export function sysfs_add(dir: Dentry, name: usize, inode: Inode): i32 {
  const found = d_lookup(dir, name, strlen(name));
  if (found != null) {
    dput(found);
    iput(inode);
    sysfs_warn_dup(dir, name);
    return -Errno.EEXIST;
  }
  const d = simple_new_child(dir, name, strlen(name), inode);
  return d == null ? -Errno.ENOMEM : 0;
}

/** A directory `name` in dir; 0 or -errno. */
export function sysfs_mkdir(dir: Dentry, name: usize): i32 {
  const inode = simple_new_dir(dir.inode!.sb, 0o755);
  if (inode == null) return -Errno.ENOMEM;
  return sysfs_add(dir, name, inode);
}

export function sysfs_create_dir(kobj: Kobject): i32 {
  const parent = sysfs_dir(kobj.parent);
  if (parent == null) return -Errno.ENOENT;
  const err = sysfs_mkdir(parent, kobj.name);
  if (err == 0) kobj.sd = d_lookup(parent, kobj.name, strlen(kobj.name));
  return err;
}

function drain_file(inode: Inode): void {
  if (!S_ISDIR(inode.mode)) kernfs_drain(inode);
}

/** Removes d and all below it; waits for those who use the files. */
export function sysfs_remove(d: Dentry): void {
  simple_recursive_removal(d, drain_file);
}

export function sysfs_remove_dir(kobj: Kobject): void {
  const sd = kobj.sd;
  if (sd == null) return;
  kobj.sd = null;
  sysfs_remove(sd);
  dput(sd);
}

/** The directory named by a literal in kobj's, with a reference; or null. */
export function sysfs_find_group(kobj: Kobject, name: string): Dentry | null {
  const dir = sysfs_dir(kobj);
  const buf = kzalloc(Limits.NAME_MAX + 1);
  if (dir == null || buf == 0) return null;
  const n = strscpy_lit(buf, name, Limits.NAME_MAX + 1);
  const found = d_lookup(dir, buf, n);
  kfree(buf);
  return found;
}
