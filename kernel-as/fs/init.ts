// init.ts - brings the file systems up, in the order start_kernel() needs.

import { set_fork_hooks } from "../kernel/fork";
import { panic } from "../kernel/panic";
import { Task, current } from "../kernel/sched/task";
import { kstrdup_lit } from "../mm/slab";
import { chrdev_init } from "./char_dev";
import { dup_fd, put_files_struct } from "./file";
import { copy_fs, exit_fs } from "./fs_struct";
import { libfs_init } from "./libfs";
import { init_mount_tree } from "./namespace";
import { init_pipe_fs } from "./pipe";
import { init_ramfs_fs, ramfs_fs_type } from "./ramfs/super";
import { fs_syscalls_init } from "./syscalls";

/** fork: the child's files and place are copies of current's. */
function copy_task_files(child: Task): i32 {
  const err = copy_fs(child, current);
  if (err != 0) return err;
  const ret = dup_fd(child, current);
  if (ret != 0) exit_fs(child);
  return ret;
}

function exit_task_files(t: Task): void {
  put_files_struct(t);
  exit_fs(t);
}

/** An empty root file system, and everything that needs no task. */
export function vfs_caches_init(): void {
  libfs_init();
  chrdev_init();
  init_pipe_fs();
  init_ramfs_fs();
  const name = kstrdup_lit("rootfs");
  if (name == 0 || init_mount_tree(ramfs_fs_type, name) != 0) {
    panic("Can't create rootfs");
  }
  set_fork_hooks(copy_task_files, exit_task_files);
  fs_syscalls_init();
}
