// do_mounts.ts - the tree the first program finds: what is mounted where.
//
// Linux mounts devtmpfs alone and leaves the rest to an init system; here the
// kernel's own file systems are in place when the first program starts.
// Mirrors Linux init/do_mounts.c.

import { Errno, Open } from "../abi";
import { fd_install, get_unused_fd_from } from "../fs/file";
import { fput, get_file } from "../fs/file_table";
import { File } from "../fs/fs";
import { do_mkdirat, do_symlinkat } from "../fs/namei_change";
import { init_mount } from "../fs/namespace";
import { filp_open } from "../fs/open";
import { pr_err } from "../kernel/printk/printk";
import { IS_ERR } from "../lib/err";
import { lit } from "../lib/string";
import { kfree, kstrdup_lit } from "../mm/slab";

/** A directory, if it is not there yet. */
function init_mkdir(path: string, mode: u32): void {
  const name = kstrdup_lit(path);
  if (name != 0) do_mkdirat(name, mode);
  kfree(name);
}

function init_symlink(target: string, path: string): void {
  const to = kstrdup_lit(target);
  const name = kstrdup_lit(path);
  if (to != 0 && name != 0) do_symlinkat(to, name);
  kfree(to);
  kfree(name);
}

function mount_at(source: string, path: string, fs: string): void {
  const err = init_mount(source, path, fs);
  if (err == 0 || err == -Errno.ENODEV) return;
  pr_err("VFS: Cannot mount %S on %S: %d\n", lit(fs), lit(path), err);
}

/** Standard directories, mounts and links in /dev. */
export function prepare_namespace(): void {
  init_mkdir("/dev", 0o755);
  init_mkdir("/proc", 0o555);
  init_mkdir("/sys", 0o555);
  init_mkdir("/tmp", 0o1777);
  init_mkdir("/root", 0o700);
  init_mkdir("/var", 0o755);
  mount_at("devtmpfs", "/dev", "devtmpfs");
  mount_at("proc", "/proc", "proc");
  mount_at("sysfs", "/sys", "sysfs");
  mount_at("debugfs", "/sys/kernel/debug", "debugfs");
  mount_at("tracefs", "/sys/kernel/tracing", "tracefs");
  mount_at("tracefs", "/sys/kernel/debug/tracing", "tracefs");
  init_symlink("/proc/self/fd", "/dev/fd");
  init_symlink("/proc/self/fd/0", "/dev/stdin");
  init_symlink("/proc/self/fd/1", "/dev/stdout");
  init_symlink("/proc/self/fd/2", "/dev/stderr");
}

/** Descriptors 0, 1 and 2 of the first program: the console. */
export function console_on_rootfs(): void {
  const name = kstrdup_lit("/dev/console");
  if (name == 0) return;
  const f = filp_open(name, Open.RDWR, 0);
  kfree(name);
  if (IS_ERR(f)) {
    pr_err("Warning: unable to open an initial console.\n");
    return;
  }
  const file = changetype<File>(f);
  for (let i = 0; i < 3; i++) {
    const fd = get_unused_fd_from(0);
    if (fd >= 0) fd_install(fd, get_file(file), 0);
  }
  fput(file);
}
