// namei_rename.ts - rename(2): gives a file another name and place.
// Linux has this in fs/namei.c.

import { Errno } from "../abi";
import { PtRegs } from "../kernel/sched/task";
import { list_empty } from "../lib/list";
import { dput, is_subdir } from "./dcache";
import { Dentry, Path, S_ISDIR } from "./fs";
import { mnt_want_write, path_put, path_set } from "./mount";
import { LastType, filename_parentat, lookup_child, nd } from "./namei";
import { nd_last, nd_last_len, nd_last_type, nd_trailing } from "./namei";
import { may_delete, vfs_rmdir, vfs_unlink } from "./namei_change";
import { May, inode_permission } from "./permission";

/** The directory of the old name, with references, and the name. */
const old_dir = changetype<Path>(memory.data(offsetof<Path>(), 4));
let old_last: usize = 0;
let old_len: u32 = 0;
let old_type: LastType = LastType.NORM;
let old_trailing: bool = false;

/** Walks to the directory of the old name. */
function walk_to_old(name: usize): i32 {
  const err = filename_parentat(name);
  if (err != 0) return err;
  path_set(old_dir, nd.mnt, nd.dentry);
  old_last = nd_last;
  old_len = nd_last_len;
  old_type = nd_last_type();
  old_trailing = nd_trailing;
  return 0;
}

/** May moved take the place of target? 0 or -errno. */
function may_replace(moved: Dentry, target: Dentry): i32 {
  const is_dir = S_ISDIR(moved.inode!.mode);
  const err = may_delete(nd, target, is_dir);
  if (err != 0 || !is_dir) return err;
  return list_empty(target.children) ? 0 : -Errno.ENOTEMPTY;
}

function may_create_in(dir: Path): i32 {
  const err = mnt_want_write(dir.mnt);
  if (err != 0) return err;
  return inode_permission(dir.dentry.inode!, May.WRITE | May.EXEC);
}

/** Gives moved the name nd_last in nd, where target lies now, or nothing. */
function vfs_rename(moved: Dentry, target: Dentry | null): i32 {
  if (target != null && target.inode == moved.inode) return 0;
  const dir = nd.dentry.inode!;
  const rename = dir.op.rename;
  let err = may_delete(old_dir, moved, S_ISDIR(moved.inode!.mode));
  if (err != 0) return err;
  err = target == null ? may_create_in(nd) : may_replace(moved, target);
  if (err != 0) return err;
  if (rename == null) return -Errno.EPERM;
  err = rename(moved, nd.dentry, nd_last, nd_last_len);
  if (err != 0 || target == null) return err;
  if (S_ISDIR(target.inode!.mode)) return vfs_rmdir(dir, target);
  return vfs_unlink(dir, target);
}

/** Checks that concern the two names, then renames. */
function rename_found(moved: Dentry, target: Dentry | null): i32 {
  const is_dir = S_ISDIR(moved.inode!.mode);
  if (!is_dir && (old_trailing || nd_trailing)) return -Errno.ENOTDIR;
  if (is_subdir(nd.dentry, moved)) return -Errno.EINVAL;
  if (target != null && is_subdir(old_dir.dentry, target)) {
    return -Errno.ENOTEMPTY;
  }
  return vfs_rename(moved, target);
}

/** old_dir and nd are the directories of the two names. */
function do_renameat2(): i32 {
  if (old_dir.mnt != nd.mnt) return -Errno.EXDEV;
  if (old_type != LastType.NORM) return -Errno.EBUSY;
  if (nd_last_type() != LastType.NORM) return -Errno.EBUSY;
  const moved = lookup_child(old_dir.dentry, old_last, old_len);
  if (moved == null) return -Errno.ENOENT;
  const target = lookup_child(nd.dentry, nd_last, nd_last_len);
  const err = rename_found(moved, target);
  if (target != null) dput(target);
  dput(moved);
  return err;
}

/** rename(old, new) */
export function __x64_sys_rename(regs: PtRegs): isize {
  let err = walk_to_old(<usize>regs.di);
  if (err != 0) return err;
  err = filename_parentat(<usize>regs.si);
  if (err == 0) {
    err = do_renameat2();
    path_put(nd);
  }
  path_put(old_dir);
  return err;
}
