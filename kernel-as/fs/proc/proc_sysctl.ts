// proc_sysctl.ts - settings as files in /proc/sys.
//
// One write sets one value. The mode bits bind user 0 too.
// Mirrors Linux fs/proc/proc_sysctl.c.

import { Errno, Limits, Mode } from "../../abi";
import { current } from "../../kernel/sched/task";
import { CtlTable, fs_table, kern_table } from "../../kernel/sysctl";
import { strscpy_lit } from "../../lib/string";
import { kfree, kzalloc } from "../../mm/slab";
import { d_lookup, dput } from "../dcache";
import { File, FileOperations, Inode, InodeOperations } from "../fs";
import { new_inode } from "../inode";
import { simple_new_child, simple_read_from_buffer } from "../libfs";
import { proc_mkdir } from "./generic";
import { ProcDirEntry } from "./internal";

const proc_sys_file_operations = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
const proc_sys_inode_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);
const name_buf = memory.data(64);

export let proc_sys_dir: ProcDirEntry | null = null;
let kernel_dir: ProcDirEntry | null = null;
let fs_dir: ProcDirEntry | null = null;

export function proc_sys_init(): void {
  proc_sys_file_operations.read = proc_sys_read;
  proc_sys_file_operations.write = proc_sys_write;
  proc_sys_inode_operations.permission = proc_sys_permission;
  proc_sys_dir = proc_mkdir("sys", null);
  if (proc_sys_dir == null) return;
  kernel_dir = proc_mkdir("kernel", proc_sys_dir);
  fs_dir = proc_mkdir("fs", proc_sys_dir);
  kern_table(register_kern_sysctl);
  if (fs_dir != null) register_sysctl(fs_dir!, fs_table());
}

/** A setting in a directory of /proc/sys; 0 or -errno. */
export function register_sysctl(dir: ProcDirEntry, ctl: CtlTable): i32 {
  const parent = dir.dentry;
  const inode = new_inode(parent.inode!.sb, Mode.IFREG | ctl.mode);
  if (inode == null) return -Errno.ENOMEM;
  inode.op = proc_sys_inode_operations;
  inode.fop = proc_sys_file_operations;
  inode.i_private = changetype<usize>(ctl);
  const len = strscpy_lit(name_buf, ctl.procname, 64);
  const found = d_lookup(parent, name_buf, len);
  if (found != null) {
    dput(found);
    return -Errno.EEXIST;
  }
  const d = simple_new_child(parent, name_buf, len, inode);
  return d == null ? -Errno.ENOMEM : 0;
}

/** A setting in /proc/sys/kernel. */
export function register_kern_sysctl(ctl: CtlTable): void {
  if (kernel_dir != null) register_sysctl(kernel_dir!, ctl);
}

function inode_ctl(inode: Inode): CtlTable {
  return changetype<CtlTable>(inode.i_private);
}

/** User 0 is the owner, everybody else is others. */
function proc_sys_permission(inode: Inode, mask: u32): i32 {
  const mode = current.euid == 0 ? inode.mode >> 6 : inode.mode;
  return (mode & mask) == mask ? 0 : -Errno.EACCES;
}

function proc_sys_read(file: File, buf: usize, count: u32, ppos: usize): isize {
  const ctl = inode_ctl(file.inode);
  const get = ctl.get;
  if (get == null) return -Errno.EINVAL;
  const page = kzalloc(Limits.PAGE_SIZE);
  if (page == 0) return -Errno.ENOMEM;
  const len = get(ctl, page);
  let n: isize = len;
  if (len > 0) n = simple_read_from_buffer(buf, count, ppos, page, len);
  kfree(page);
  return n;
}

function proc_sys_write(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  const ctl = inode_ctl(file.inode);
  const set = ctl.set;
  if (set == null) return -Errno.EINVAL;
  if (count >= <u32>Limits.PAGE_SIZE) return -Errno.ENOMEM;
  const text = kzalloc(count + 1);
  if (text == 0) return -Errno.ENOMEM;
  memory.copy(text, buf, count);
  const err = set(ctl, text);
  kfree(text);
  return err != 0 ? <isize>err : count;
}
