// namei_change.ts - calls that make and remove names.
// Linux has these in fs/namei.c.

import { Errno, Mode } from "../abi";
import { PtRegs, current } from "../kernel/sched/task";
import { ERR_PTR, IS_ERR, PTR_ERR } from "../lib/err";
import { strlen } from "../lib/string";
import { Limits } from "../abi";
import { d_alloc, dput } from "./dcache";
import { Dentry, Inode, Path, S_ISDIR } from "./fs";
import { mnt_want_write, path_put, path_set } from "./mount";
import { LastType, filename_lookup, filename_parentat } from "./namei";
import { lookup_child, nd, nd_last, nd_last_len } from "./namei";
import { nd_last_type, nd_trailing } from "./namei";
import { May, inode_permission } from "./permission";

/** What link gives a second name: holds references. */
const old_path = changetype<Path>(memory.data(offsetof<Path>(), 4));

/** Is nd_last in nd a free name that may be made? 0 or -errno. */
function may_create(is_dir: bool): i32 {
  if (nd_last_type() != LastType.NORM) return -Errno.EEXIST;
  const found = lookup_child(nd.dentry, nd_last, nd_last_len);
  if (found != null) {
    dput(found);
    return -Errno.EEXIST;
  }
  if (nd.mnt.sb.fixed_names) return -Errno.ENOENT;
  if (nd_trailing && !is_dir) return -Errno.ENOENT;
  const err = mnt_want_write(nd.mnt);
  if (err != 0) return err;
  return inode_permission(nd.dentry.inode!, May.WRITE | May.EXEC);
}

/** A new name, not linked yet, in nd; dentry or an error with nd empty. */
function filename_create(name: usize, is_dir: bool): usize {
  let err = filename_parentat(name);
  if (err != 0) return ERR_PTR(err);
  err = may_create(is_dir);
  if (err == 0) {
    const d = d_alloc(nd.dentry, nd_last, nd_last_len);
    if (d != null) return changetype<usize>(d);
    err = -Errno.ENOMEM;
  }
  path_put(nd);
  return ERR_PTR(err);
}

function done_path_create(dentry: Dentry, err: i32): isize {
  dput(dentry);
  path_put(nd);
  return err;
}

function vfs_mkdir(dir: Inode, dentry: Dentry, mode: u32): i32 {
  const mkdir = dir.op.mkdir;
  if (mkdir == null) return -Errno.EPERM;
  const perm = mode & 0o1777 & ~current.umask;
  return mkdir(dir, dentry, Mode.IFDIR | perm);
}

export function do_mkdirat(name: usize, mode: u32): isize {
  const d = filename_create(name, true);
  if (IS_ERR(d)) return PTR_ERR(d);
  const dentry = changetype<Dentry>(d);
  return done_path_create(dentry, vfs_mkdir(nd.dentry.inode!, dentry, mode));
}

/** mkdir(path, mode) */
export function __x64_sys_mkdir(regs: PtRegs): isize {
  return do_mkdirat(<usize>regs.di, <u32>regs.si);
}

/** Is a type of file that mknod makes? 0 or -errno. */
function may_mknod(type: u32): i32 {
  if (type == Mode.IFREG || type == Mode.IFIFO) return 0;
  if (type == Mode.IFDIR) return -Errno.EPERM;
  if (type != Mode.IFCHR) return -Errno.EINVAL;
  return current.euid == 0 ? 0 : -Errno.EPERM;
}

function vfs_mknod(dir: Inode, dentry: Dentry, mode: u32, dev: u32): i32 {
  let err = may_mknod(mode & Mode.IFMT);
  if (err != 0) return err;
  const create = dir.op.create;
  if (create == null) return -Errno.EPERM;
  err = create(dir, dentry, mode & ~current.umask);
  if (err == 0) dentry.inode!.rdev = dev;
  return err;
}

/** mknod(path, mode, device): no block devices here */
export function __x64_sys_mknod(regs: PtRegs): isize {
  let mode = (<u32>regs.si) & (Mode.IFMT | 0o7777);
  if ((mode & Mode.IFMT) == 0) mode |= Mode.IFREG;
  const d = filename_create(<usize>regs.di, false);
  if (IS_ERR(d)) return PTR_ERR(d);
  const dentry = changetype<Dentry>(d);
  const dir = nd.dentry.inode!;
  return done_path_create(dentry, vfs_mknod(dir, dentry, mode, <u32>regs.dx));
}

export function do_symlinkat(target: usize, name: usize): isize {
  if (load<u8>(target) == 0) return -Errno.ENOENT;
  if (strlen(target) >= <u32>Limits.PATH_MAX) return -Errno.ENAMETOOLONG;
  const d = filename_create(name, false);
  if (IS_ERR(d)) return PTR_ERR(d);
  const dentry = changetype<Dentry>(d);
  const dir = nd.dentry.inode!;
  const symlink = dir.op.symlink;
  const err = symlink == null ? -Errno.EPERM : symlink(dir, dentry, target);
  return done_path_create(dentry, err);
}

/** symlink(target, path) */
export function __x64_sys_symlink(regs: PtRegs): isize {
  return do_symlinkat(<usize>regs.di, <usize>regs.si);
}

function vfs_link(old: Dentry, dir: Inode, dentry: Dentry): i32 {
  const link = dir.op.link;
  if (old.inode!.sb != dir.sb) return -Errno.EXDEV;
  if (link == null || S_ISDIR(old.inode!.mode)) return -Errno.EPERM;
  return link(old, dir, dentry);
}

/** link(old, new) */
export function __x64_sys_link(regs: PtRegs): isize {
  const err = filename_lookup(<usize>regs.di, 0);
  if (err != 0) return err;
  path_set(old_path, nd.mnt, nd.dentry);
  const d = filename_create(<usize>regs.si, false);
  let ret: isize = PTR_ERR(d);
  if (!IS_ERR(d)) {
    const dentry = changetype<Dentry>(d);
    const linked = vfs_link(old_path.dentry, nd.dentry.inode!, dentry);
    ret = done_path_create(dentry, linked);
  }
  path_put(old_path);
  return ret;
}

/** May current take victim out of the directory at? 0 or -errno. */
export function may_delete(at: Path, victim: Dentry, is_dir: bool): i32 {
  const dir = at.dentry.inode!;
  let err = mnt_want_write(at.mnt);
  if (err == 0) err = inode_permission(dir, May.WRITE | May.EXEC);
  if (err != 0) return err;
  const sticky = (dir.mode & 0o1000) != 0 && current.euid != 0;
  const inode = victim.inode!;
  if (sticky && current.euid != inode.uid && current.euid != dir.uid) {
    return -Errno.EPERM;
  }
  if (is_dir && !S_ISDIR(inode.mode)) return -Errno.ENOTDIR;
  if (!is_dir && S_ISDIR(inode.mode)) return -Errno.EISDIR;
  return victim.mounted != 0 ? -Errno.EBUSY : 0;
}

export function vfs_rmdir(dir: Inode, dentry: Dentry): i32 {
  const rmdir = dir.op.rmdir;
  return rmdir == null ? -Errno.EPERM : rmdir(dir, dentry);
}

export function vfs_unlink(dir: Inode, dentry: Dentry): i32 {
  const unlink = dir.op.unlink;
  return unlink == null ? -Errno.EPERM : unlink(dir, dentry);
}

/** Removes nd_last from nd. */
function do_remove(is_dir: bool): i32 {
  const victim = lookup_child(nd.dentry, nd_last, nd_last_len);
  if (victim == null) return -Errno.ENOENT;
  let err = may_delete(nd, victim, is_dir);
  if (err == 0 && nd_trailing && !is_dir) err = -Errno.ENOTDIR;
  const dir = nd.dentry.inode!;
  if (err == 0) {
    err = is_dir ? vfs_rmdir(dir, victim) : vfs_unlink(dir, victim);
  }
  dput(victim);
  return err;
}

function rmdir_last_error(type: LastType): i32 {
  if (type == LastType.DOT) return -Errno.EINVAL;
  if (type == LastType.DOTDOT) return -Errno.ENOTEMPTY;
  return type == LastType.ROOT ? -Errno.EBUSY : 0;
}

/** rmdir(path) */
export function __x64_sys_rmdir(regs: PtRegs): isize {
  let err = filename_parentat(<usize>regs.di);
  if (err != 0) return err;
  err = rmdir_last_error(nd_last_type());
  if (err == 0) err = do_remove(true);
  path_put(nd);
  return err;
}

/** unlink(path) */
export function __x64_sys_unlink(regs: PtRegs): isize {
  let err = filename_parentat(<usize>regs.di);
  if (err != 0) return err;
  if (nd_last_type() != LastType.NORM) err = -Errno.EISDIR;
  else err = do_remove(false);
  path_put(nd);
  return err;
}
