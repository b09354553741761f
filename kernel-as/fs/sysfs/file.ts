// file.ts - attributes as files: reading shows, one write stores.
//
// While show or store runs, the file is active; removing it waits for that
// and every later use of a file still open gets ENODEV.
// Mirrors Linux fs/sysfs/file.c and fs/kernfs/file.c.

import { Errno, Limits, Mode, TaskState } from "../../abi";
import { mutex_lock, mutex_unlock } from "../../kernel/locking/mutex";
import { schedule } from "../../kernel/sched/core";
import { finish_wait, init_waitqueue_head } from "../../kernel/sched/wait";
import { prepare_to_wait, wake_up } from "../../kernel/sched/wait";
import { strlen, strscpy_lit } from "../../lib/string";
import { kfree, kstrdup, kzalloc } from "../../mm/slab";
import { d_lookup, dput } from "../dcache";
import { Dentry, File, FileOperations, Fmode, Inode } from "../fs";
import { new_inode } from "../inode";
import { SeqFile, seq_file_of, seq_lseek } from "../seq_file";
import { seq_read_iter, seq_write } from "../seq_file";
import { single_open, single_release } from "../seq_single";
import { sysfs_add, sysfs_dir, sysfs_remove } from "./dir";
import { Attribute, Kobject, SysfsOps } from "./sysfs";

/** What a sysfs file is of; inode.i_private. */
@unmanaged
class KernfsNode {
  kobj: Kobject;
  attr: Attribute;
  /** Shows and stores that run now. */
  active: u32;
  /** Removed: nobody may start any more. */
  gone: bool;
  drain_next: usize;
  drain_prev: usize;

  get drain_wait(): usize {
    return changetype<usize>(this) + offsetof<KernfsNode>("drain_next");
  }
}

const kernfs_file_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);

export function sysfs_file_init(): void {
  const f = kernfs_file_fops;
  f.open = kernfs_fop_open;
  f.read = kernfs_fop_read_iter;
  f.write = kernfs_fop_write_iter;
  f.release = single_release;
  f.llseek = seq_lseek;
}

function kernfs_node(inode: Inode): KernfsNode {
  return changetype<KernfsNode>(inode.i_private);
}

export function sysfs_evict_inode(inode: Inode): void {
  kfree(inode.i_private);
}

/** May show or store start? */
function kernfs_get_active(kn: KernfsNode): bool {
  if (kn.gone) return false;
  kn.active++;
  return true;
}

function kernfs_put_active(kn: KernfsNode): void {
  if (--kn.active == 0 && kn.gone) wake_up(kn.drain_wait);
}

/** The file is removed: waits until nobody runs its attribute. */
export function kernfs_drain(inode: Inode): void {
  if (inode.i_private == 0) return;
  const kn = kernfs_node(inode);
  kn.gone = true;
  for (;;) {
    prepare_to_wait(kn.drain_wait, TaskState.UNINTERRUPTIBLE);
    if (kn.active == 0) break;
    schedule();
  }
  finish_wait(kn.drain_wait);
}

function sysfs_file_ops(kn: KernfsNode): SysfsOps | null {
  const ktype = kn.kobj.ktype;
  return ktype == null ? null : ktype.sysfs_ops;
}

/** User 0 too may only do what the mode and the operations offer. */
function kernfs_may_open(kn: KernfsNode, inode: Inode, mode: u32): bool {
  const ops = sysfs_file_ops(kn);
  if (ops == null) return false;
  if ((mode & Fmode.WRITE) != 0) {
    if ((inode.mode & 0o222) == 0 || ops.store == null) return false;
  }
  if ((mode & Fmode.READ) != 0) {
    if ((inode.mode & 0o444) == 0 || ops.show == null) return false;
  }
  return true;
}

function kernfs_fop_open(inode: Inode, file: File): i32 {
  const kn = kernfs_node(inode);
  if (!kernfs_get_active(kn)) return -Errno.ENODEV;
  const allowed = kernfs_may_open(kn, inode, file.mode);
  kernfs_put_active(kn);
  if (!allowed) return -Errno.EACCES;
  return single_open(file, kernfs_seq_show, changetype<usize>(kn));
}

function kernfs_fop_read_iter(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  return seq_read_iter(file, buf, count, ppos);
}

function kernfs_seq_show(m: SeqFile, v: usize): i32 {
  const kn = changetype<KernfsNode>(m.private_data);
  if (!kernfs_get_active(kn)) return -Errno.ENODEV;
  const err = sysfs_kf_seq_show(m, kn);
  kernfs_put_active(kn);
  return err;
}

/** Prints the attribute into a page of its own, then into the file. */
function sysfs_kf_seq_show(m: SeqFile, kn: KernfsNode): i32 {
  const page = kzalloc(Limits.PAGE_SIZE);
  if (page == 0) return -Errno.ENOMEM;
  const n = sysfs_file_ops(kn)!.show!(kn.kobj, kn.attr, page);
  if (n > 0) seq_write(m, page, <u32>n);
  kfree(page);
  return n < 0 ? <i32>n : 0;
}

/** One write is one store, of a page at most. */
function kernfs_fop_write_iter(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  if (count == 0) return 0;
  const m = seq_file_of(file);
  const len = min<u32>(count, Limits.PAGE_SIZE);
  const text = kzalloc(len + 1);
  if (text == 0) return -Errno.ENOMEM;
  memory.copy(text, buf, len);
  mutex_lock(m.lock);
  const n = sysfs_kf_write(changetype<KernfsNode>(m.private_data), text, len);
  mutex_unlock(m.lock);
  kfree(text);
  if (n > 0) store<u64>(ppos, load<u64>(ppos) + n);
  return n;
}

function sysfs_kf_write(kn: KernfsNode, text: usize, len: u32): isize {
  if (!kernfs_get_active(kn)) return -Errno.ENODEV;
  const store_attr = sysfs_file_ops(kn)!.store!;
  const n = store_attr(kn.kobj, kn.attr, text, len);
  kernfs_put_active(kn);
  return n;
}

/** The inode of an attribute; null without memory. */
function sysfs_attr_inode(
  dir: Dentry,
  kobj: Kobject,
  attr: Attribute,
): Inode | null {
  const kn = changetype<KernfsNode>(kzalloc(offsetof<KernfsNode>()));
  if (changetype<usize>(kn) == 0) return null;
  const inode = new_inode(dir.inode!.sb, Mode.IFREG | attr.mode);
  if (inode == null) {
    kfree(changetype<usize>(kn));
    return null;
  }
  kn.kobj = kobj;
  kn.attr = attr;
  init_waitqueue_head(kn.drain_wait);
  inode.i_private = changetype<usize>(kn);
  inode.size = Limits.PAGE_SIZE;
  inode.fop = kernfs_file_fops;
  return inode;
}

/** The name of an attribute as a C string of the caller's, or 0. */
function attr_name(attr: Attribute): usize {
  if (attr.name != 0) return kstrdup(attr.name);
  const name = kzalloc(Limits.NAME_MAX + 1);
  if (name != 0) strscpy_lit(name, attr.lit_name, Limits.NAME_MAX + 1);
  return name;
}

/** The file of an attribute of kobj in dir; 0 or -errno. */
export function sysfs_add_file(
  dir: Dentry,
  kobj: Kobject,
  attr: Attribute,
): i32 {
  const name = attr_name(attr);
  if (name == 0) return -Errno.ENOMEM;
  const inode = sysfs_attr_inode(dir, kobj, attr);
  const err = inode == null ? -Errno.ENOMEM : sysfs_add(dir, name, inode);
  kfree(name);
  return err;
}

export function sysfs_create_file(kobj: Kobject, attr: Attribute): i32 {
  const dir = sysfs_dir(kobj);
  if (dir == null) return -Errno.ENOENT;
  return sysfs_add_file(dir, kobj, attr);
}

/** Removes the file of that attribute from dir, if it is there. */
export function sysfs_remove_attr(dir: Dentry, attr: Attribute): void {
  const name = attr_name(attr);
  if (name == 0) return;
  const found = d_lookup(dir, name, strlen(name));
  kfree(name);
  if (found == null) return;
  sysfs_remove(found);
  dput(found);
}

export function sysfs_remove_file(kobj: Kobject, attr: Attribute): void {
  const dir = sysfs_dir(kobj);
  if (dir != null) sysfs_remove_attr(dir, attr);
}
