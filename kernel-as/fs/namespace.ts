// namespace.ts - mounting and unmounting.
// Mirrors Linux fs/namespace.c; no bind mounts, no propagation, one
// namespace.

import { Errno } from "../abi";
import { PtRegs, current } from "../kernel/sched/task";
import { ERR_PTR, IS_ERR, PTR_ERR } from "../lib/err";
import { kfree, kstrdup, kstrdup_lit, kzalloc } from "../mm/slab";
import { dput } from "./dcache";
import { get_fs_type } from "./filesystems";
import { FileSystemType, Mount, MountFlag, S_ISDIR, SuperBlock } from "./fs";
import { mntput, path_put, root_mnt, set_root_mnt } from "./mount";
import { Lookup, filename_lookup, nd } from "./namei";
import { deactivate_super, sget } from "./super";

const MNT_FLAGS =
  MountFlag.RDONLY | MountFlag.NOSUID | MountFlag.NODEV | MountFlag.NOEXEC;

/** A mount of sb that lies nowhere yet; null without memory. */
function alloc_vfsmnt(sb: SuperBlock, source: usize): Mount | null {
  const mnt = changetype<Mount>(kzalloc(offsetof<Mount>()));
  if (changetype<usize>(mnt) == 0) return null;
  mnt.devname = kstrdup(source);
  if (mnt.devname == 0) {
    kfree(changetype<usize>(mnt));
    return null;
  }
  mnt.count = 1;
  mnt.sb = sb;
  mnt.root = sb.root;
  return mnt;
}

function free_vfsmnt(mnt: Mount): void {
  deactivate_super(mnt.sb);
  kfree(mnt.devname);
  kfree(changetype<usize>(mnt));
}

/** A mount of a file system; address or an error. */
export function vfs_kern_mount(
  fs: FileSystemType,
  source: usize,
  data: usize,
): usize {
  const sb = sget(fs, source, data);
  if (IS_ERR(sb)) return sb;
  const mnt = alloc_vfsmnt(changetype<SuperBlock>(sb), source);
  if (mnt != null) return changetype<usize>(mnt);
  deactivate_super(changetype<SuperBlock>(sb));
  return ERR_PTR(-Errno.ENOMEM);
}

/** Puts mnt onto the directory nd stands at; takes nd's references over. */
function attach_mnt(mnt: Mount): void {
  mnt.parent = nd.mnt;
  mnt.mountpoint = nd.dentry;
  nd.dentry.mounted++;
  let last = root_mnt;
  while (last.next != null) last = last.next!;
  last.next = mnt;
}

/** The root file system: the mount everything else lies on. */
export function init_mount_tree(fs: FileSystemType, source: usize): i32 {
  const m = vfs_kern_mount(fs, source, 0);
  if (IS_ERR(m)) return PTR_ERR(m);
  const mnt = changetype<Mount>(m);
  mnt.parent = mnt;
  mnt.mountpoint = mnt.root;
  set_root_mnt(mnt);
  return 0;
}

function do_new_mount(
  fs: FileSystemType,
  source: usize,
  flags: u32,
  data: usize,
): i32 {
  if (!S_ISDIR(nd.dentry.inode!.mode)) return -Errno.ENOTDIR;
  const m = vfs_kern_mount(fs, source, data);
  if (IS_ERR(m)) return PTR_ERR(m);
  const mnt = changetype<Mount>(m);
  // The same file system on the same directory would only hide itself.
  if (nd.dentry == nd.mnt.root && nd.mnt.sb == mnt.sb) {
    free_vfsmnt(mnt);
    return -Errno.EBUSY;
  }
  mnt.flags = flags & MNT_FLAGS;
  attach_mnt(mnt);
  return 0;
}

function do_remount(flags: u32): i32 {
  if (nd.dentry != nd.mnt.root) return -Errno.EINVAL;
  nd.mnt.flags = flags & MNT_FLAGS;
  return 0;
}

/** Mounts a file system of that type on target; all C strings. */
export function do_mount(
  source: usize,
  target: usize,
  fstype: usize,
  flags: u32,
  data: usize,
): i32 {
  let err = filename_lookup(target, Lookup.FOLLOW);
  if (err != 0) return err;
  if ((flags & MountFlag.REMOUNT) != 0) {
    err = do_remount(flags);
    path_put(nd);
    return err;
  }
  const fs = get_fs_type(fstype);
  err = -Errno.ENODEV;
  if (fs != null) err = do_new_mount(fs, source, flags, data);
  if (err != 0) path_put(nd);
  return err;
}

/** mount(source, target, fstype, flags, data) */
export function __x64_sys_mount(regs: PtRegs): isize {
  if (current.euid != 0) return -Errno.EPERM;
  return do_mount(
    <usize>regs.di,
    <usize>regs.si,
    <usize>regs.dx,
    <u32>regs.r10,
    <usize>regs.r8,
  );
}

/** do_mount() for boot: literals, and no data. */
export function init_mount(name: string, target: string, fs: string): i32 {
  const source = kstrdup_lit(name);
  const dir = kstrdup_lit(target);
  const type = kstrdup_lit(fs);
  let err = -Errno.ENOMEM;
  if (source != 0 && dir != 0 && type != 0) {
    err = do_mount(source, dir, type, 0, 0);
  }
  kfree(source);
  kfree(dir);
  kfree(type);
  return err;
}

/** Takes a mount off the tree; its own reference must be the last. */
function umount_tree(mnt: Mount): void {
  let prev = root_mnt;
  while (prev.next != mnt) prev = prev.next!;
  prev.next = mnt.next;
  mnt.mountpoint.mounted--;
  dput(mnt.mountpoint);
  mntput(mnt.parent);
  free_vfsmnt(mnt);
}

/** umount2(target, flags) */
export function __x64_sys_umount2(regs: PtRegs): isize {
  if (current.euid != 0) return -Errno.EPERM;
  const err = filename_lookup(<usize>regs.di, Lookup.FOLLOW);
  if (err != 0) return err;
  const mnt = nd.mnt;
  const is_root = nd.dentry == mnt.root;
  path_put(nd);
  if (!is_root) return -Errno.EINVAL;
  if (mnt == root_mnt || mnt.count > 1) return -Errno.EBUSY;
  umount_tree(mnt);
  return 0;
}
