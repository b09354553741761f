// namei_open.ts - the walk of open(2): it may make the file, and it checks
// what the opener may do. Linux has this in fs/namei.c.

import { Errno, Mode, Open } from "../abi";
import { current } from "../kernel/sched/task";
import { PTR_ERR } from "../lib/err";
import { do_truncate } from "./attr";
import { d_alloc, dput } from "./dcache";
import { OPEN_FMODE } from "./file_table";
import { Dentry, Fmode, Inode, S_ISDIR, S_ISLNK, S_ISREG } from "./fs";
import { mnt_want_write, path_put } from "./mount";
import {
  LastType,
  link_path_walk,
  link_target,
  lookup_child,
  nd,
  nd_last,
  nd_last_len,
  nd_last_type,
  nd_trailing,
  path_init,
  step_into,
  walk_last,
} from "./namei";
import { May, inode_permission } from "./permission";

/** This walk made the file: its mode bits do not bind the opener. */
let created: bool = false;

/** Makes the regular file nd_last in nd and steps into it. */
function lookup_create(mode: u32): i32 {
  const dir = nd.dentry.inode!;
  if (nd.mnt.sb.fixed_names) return -Errno.ENOENT;
  let err = mnt_want_write(nd.mnt);
  if (err == 0) err = inode_permission(dir, May.WRITE | May.EXEC);
  if (err != 0) return err;
  const dentry = d_alloc(nd.dentry, nd_last, nd_last_len);
  if (dentry == null) return -Errno.ENOMEM;
  err = vfs_create(dir, dentry, mode);
  if (err != 0) {
    dput(dentry);
    return err;
  }
  created = true;
  return step_into(dentry, false);
}

/** Makes a regular file under a new name. */
export function vfs_create(dir: Inode, dentry: Dentry, mode: u32): i32 {
  const create = dir.op.create;
  if (create == null) return -Errno.EACCES;
  const perm = mode & 0o7777 & ~current.umask;
  return create(dir, dentry, Mode.IFREG | perm);
}

/** Goes on with the target of link, whose reference it takes over. */
function open_link(link: Dentry, flags: u32, mode: u32): i32 {
  const target = link_target(link);
  let err = PTR_ERR(target);
  if (err == 0 && target != 0) err = open_last_lookups(target, flags, mode);
  dput(link);
  return err;
}

/** Steps into an existing child, whose reference it takes over. */
function open_child(child: Dentry, flags: u32, mode: u32): i32 {
  if ((flags & Open.CREAT) != 0 && (flags & Open.EXCL) != 0) {
    dput(child);
    return -Errno.EEXIST;
  }
  const trailing = nd_trailing;
  const follow = (flags & Open.NOFOLLOW) == 0 || trailing;
  const link = follow && S_ISLNK(child.inode!.mode);
  let err = 0;
  if (link) err = open_link(child, flags, mode);
  else err = step_into(child, false);
  if (err != 0 || !trailing) return err;
  return S_ISDIR(nd.dentry.inode!.mode) ? 0 : -Errno.ENOTDIR;
}

/** Walks name from nd on and leaves nd at the file, made if need be. */
function open_last_lookups(name: usize, flags: u32, mode: u32): i32 {
  const err = link_path_walk(name);
  if (err != 0) return err;
  const creat = (flags & Open.CREAT) != 0;
  if (nd_last_type() != LastType.NORM) {
    if (!creat) return walk_last(true);
    return (flags & Open.EXCL) != 0 ? -Errno.EEXIST : -Errno.EISDIR;
  }
  if (!S_ISDIR(nd.dentry.inode!.mode)) return -Errno.ENOTDIR;
  if (creat && nd_trailing) return -Errno.EISDIR;
  const child = lookup_child(nd.dentry, nd_last, nd_last_len);
  if (child != null) return open_child(child, flags, mode);
  return creat ? lookup_create(mode) : -Errno.ENOENT;
}

/** May bits that open flags ask for. */
function acc_mode(flags: u32): u32 {
  const fmode = OPEN_FMODE(flags);
  let mask: u32 = 0;
  if ((fmode & Fmode.READ) != 0) mask |= May.READ;
  if ((fmode & Fmode.WRITE) != 0 || (flags & Open.TRUNC) != 0) {
    mask |= May.WRITE;
  }
  return mask;
}

function may_open(flags: u32): i32 {
  const inode = nd.dentry.inode!;
  const mask = acc_mode(flags);
  if (S_ISLNK(inode.mode)) return -Errno.ELOOP;
  if (S_ISDIR(inode.mode) && (mask & May.WRITE) != 0) return -Errno.EISDIR;
  if ((flags & Open.DIRECTORY) != 0 && !S_ISDIR(inode.mode)) {
    return -Errno.ENOTDIR;
  }
  const file = S_ISREG(inode.mode);
  if (file && (mask & May.WRITE) != 0) {
    const err = mnt_want_write(nd.mnt);
    if (err != 0) return err;
  }
  return created ? 0 : inode_permission(inode, mask);
}

/** Leaves nd at what is to be opened; 0 or -errno, and nd is empty. */
export function path_openat(name: usize, flags: u32, mode: u32): i32 {
  let err = path_init(name);
  if (err != 0) return err;
  created = false;
  err = open_last_lookups(name, flags, mode);
  if (err == 0) err = may_open(flags);
  if (err == 0 && (flags & Open.TRUNC) != 0 && !created) {
    err = do_truncate(nd.dentry.inode!, 0);
  }
  if (err != 0) path_put(nd);
  return err;
}
