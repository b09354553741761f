// open.ts - opening and closing, and the calls on attributes of a name.
// Mirrors Linux fs/open.c.

import { Errno, Open } from "../abi";
import { PtRegs, current } from "../kernel/sched/task";
import { ERR_PTR, IS_ERR, PTR_ERR } from "../lib/err";
import { do_truncate, setattr_mode, setattr_owner } from "./attr";
import { close_fd, fd_install, fget, get_unused_fd_from } from "./file";
import { alloc_empty_file, put_unopened } from "./file_table";
import { File, Fmode, Inode, Mount, S_ISDIR, S_ISREG } from "./fs";
import { Dentry, Path } from "./fs";
import { set_fs_pwd } from "./fs_struct";
import { mnt_want_write, path_put } from "./mount";
import { Lookup, filename_lookup, nd } from "./namei";
import { path_openat } from "./namei_open";
import { May, inode_owner_or_capable, inode_permission } from "./permission";

/**
 * Opens the inode of dentry; takes over the references to mnt and dentry,
 * also when it fails. Address of a File or an error. May sleep.
 */
export function dentry_open(mnt: Mount, dentry: Dentry, flags: u32): usize {
  const f = alloc_empty_file(flags);
  if (f == null) {
    const p = changetype<Path>(open_path);
    p.mnt = mnt;
    p.dentry = dentry;
    path_put(p);
    return ERR_PTR(-Errno.ENFILE);
  }
  f.mnt = mnt;
  f.dentry = dentry;
  f.inode = dentry.inode!;
  f.op = f.inode.fop;
  const err = do_dentry_open(f);
  if (err == 0) return changetype<usize>(f);
  put_unopened(f);
  return ERR_PTR(err);
}

const open_path = memory.data(offsetof<Path>(), 4);

function do_dentry_open(f: File): i32 {
  const inode = f.inode;
  if (S_ISREG(inode.mode) || S_ISDIR(inode.mode)) f.mode |= Fmode.LSEEK;
  const open = f.op.open;
  const err = open == null ? 0 : open(inode, f);
  f.flags &= ~(Open.CREAT | Open.EXCL | Open.NOCTTY | Open.TRUNC);
  return err;
}

/** Opens a path; address of a File or an error. May sleep. */
export function do_filp_open(name: usize, flags: u32, mode: u32): usize {
  const err = path_openat(name, flags, mode);
  if (err != 0) return ERR_PTR(err);
  return dentry_open(nd.mnt, nd.dentry, flags);
}

/** do_filp_open() for the kernel's own use. */
export function filp_open(name: usize, flags: u32, mode: u32): usize {
  return do_filp_open(name, flags, mode);
}

export function do_sys_open(name: usize, flags: u32, mode: u32): isize {
  const fd = get_unused_fd_from(0);
  if (fd < 0) return fd;
  const file = do_filp_open(name, flags, mode);
  if (IS_ERR(file)) return PTR_ERR(file);
  fd_install(fd, changetype<File>(file), flags);
  return fd;
}

/** open(path, flags, mode) */
export function __x64_sys_open(regs: PtRegs): isize {
  return do_sys_open(<usize>regs.di, <u32>regs.si, <u32>regs.dx);
}

/** close(fd) */
export function __x64_sys_close(regs: PtRegs): isize {
  return close_fd(<i32>regs.di);
}

function vfs_truncate(size: i64): i32 {
  const inode = nd.dentry.inode!;
  if (size < 0) return -Errno.EINVAL;
  if (S_ISDIR(inode.mode)) return -Errno.EISDIR;
  if (!S_ISREG(inode.mode)) return -Errno.EINVAL;
  let err = inode_permission(inode, May.WRITE);
  if (err == 0) err = mnt_want_write(nd.mnt);
  return err == 0 ? do_truncate(inode, size) : err;
}

/** truncate(path, size) */
export function __x64_sys_truncate(regs: PtRegs): isize {
  let err = filename_lookup(<usize>regs.di, Lookup.FOLLOW);
  if (err != 0) return err;
  err = vfs_truncate(regs.si);
  path_put(nd);
  return err;
}

/** ftruncate(fd, size) */
export function __x64_sys_ftruncate(regs: PtRegs): isize {
  const f = fget(<i32>regs.di);
  if (f == null) return -Errno.EBADF;
  if (regs.si < 0 || !S_ISREG(f.inode.mode)) return -Errno.EINVAL;
  if ((f.mode & Fmode.WRITE) == 0) return -Errno.EINVAL;
  return do_truncate(f.inode, regs.si);
}

/** access() asks for the real user, not the effective one. */
function do_faccessat(mode: u32): i32 {
  const euid = current.euid;
  current.euid = current.uid;
  let err = inode_permission(nd.dentry.inode!, mode);
  current.euid = euid;
  if (err == 0 && (mode & May.WRITE) != 0) err = mnt_want_write(nd.mnt);
  return err;
}

/** access(path, mode) */
export function __x64_sys_access(regs: PtRegs): isize {
  if ((regs.si & ~7) != 0) return -Errno.EINVAL;
  let err = filename_lookup(<usize>regs.di, Lookup.FOLLOW);
  if (err != 0) return err;
  err = do_faccessat(<u32>regs.si);
  path_put(nd);
  return err;
}

/** chdir(path) */
export function __x64_sys_chdir(regs: PtRegs): isize {
  const flags = Lookup.FOLLOW | Lookup.DIRECTORY;
  let err = filename_lookup(<usize>regs.di, flags);
  if (err != 0) return err;
  err = inode_permission(nd.dentry.inode!, May.EXEC);
  if (err == 0) err = set_fs_pwd(current, nd);
  path_put(nd);
  return err;
}

/** Looks a path up whose attributes current wants to change. */
function lookup_for_change(name: usize): i32 {
  let err = filename_lookup(name, Lookup.FOLLOW);
  if (err != 0) return err;
  err = mnt_want_write(nd.mnt);
  if (err == 0 && !inode_owner_or_capable(nd.dentry.inode!)) {
    err = -Errno.EPERM;
  }
  if (err != 0) path_put(nd);
  return err;
}

/** chmod(path, mode) */
export function __x64_sys_chmod(regs: PtRegs): isize {
  const err = lookup_for_change(<usize>regs.di);
  if (err != 0) return err;
  setattr_mode(nd.dentry.inode!, <u32>regs.si);
  path_put(nd);
  return 0;
}

/** chown(path, uid, gid); -1 leaves one as it is. Only user 0 may. */
export function __x64_sys_chown(regs: PtRegs): isize {
  const err = lookup_for_change(<usize>regs.di);
  if (err != 0) return err;
  const uid = <u32>regs.si;
  const gid = <u32>regs.dx;
  const same_user = uid == u32.MAX_VALUE && gid == current.gid;
  const allowed = current.euid == 0 || same_user;
  if (allowed) setattr_owner(nd.dentry.inode!, uid, gid);
  path_put(nd);
  return allowed ? 0 : -Errno.EPERM;
}
