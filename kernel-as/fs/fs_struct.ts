// fs_struct.ts - where a task stands in the tree.
//
// task.cwd is the address of a Path, or 0 for the root directory (kernel
// threads); task.exe that of the running program, or 0 for none. There is one
// root directory for all tasks: no chroot.
// Mirrors Linux fs/fs_struct.c.

import { Errno } from "../abi";
import { Task } from "../kernel/sched/task";
import { kfree } from "../mm/slab";
import { dget } from "./dcache";
import { Path } from "./fs";
import { mntget, path_dup, path_put, path_set, root_mnt } from "./mount";

/** Sets p to the root directory, with references. */
export function get_fs_root(p: Path): void {
  path_set(p, mntget(root_mnt), dget(root_mnt.root));
}

/** Sets p to the working directory of t, with references. */
export function get_fs_pwd(t: Task, p: Path): void {
  if (t.cwd == 0) return get_fs_root(p);
  const pwd = changetype<Path>(t.cwd);
  path_set(p, mntget(pwd.mnt), dget(pwd.dentry));
}

/** Makes p the working directory of t; 0 or -ENOMEM. */
export function set_fs_pwd(t: Task, p: Path): i32 {
  const copy = path_dup(p);
  if (copy == 0) return -Errno.ENOMEM;
  path_free(t.cwd);
  t.cwd = copy;
  return 0;
}

/** The child starts where its maker stands, in its program; 0 or -ENOMEM. */
export function copy_fs(child: Task, maker: Task): i32 {
  child.cwd = 0;
  child.exe = 0;
  if (maker.cwd != 0) {
    child.cwd = path_dup(changetype<Path>(maker.cwd));
    if (child.cwd == 0) return -Errno.ENOMEM;
  }
  if (maker.exe != 0) {
    child.exe = path_dup(changetype<Path>(maker.exe));
    if (child.exe == 0) {
      exit_fs(child);
      return -Errno.ENOMEM;
    }
  }
  return 0;
}

/** Frees what path_dup() made; 0 is allowed. */
export function path_free(p: usize): void {
  if (p == 0) return;
  path_put(changetype<Path>(p));
  kfree(p);
}

export function exit_fs(t: Task): void {
  path_free(t.cwd);
  path_free(t.exe);
  t.cwd = 0;
  t.exe = 0;
}
