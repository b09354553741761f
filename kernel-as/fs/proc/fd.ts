// fd.ts - /proc/<pid>/fd: a link per open file, and the links cwd,
// root and exe.
//
// Following such a link goes to the file itself, named or not.
// Mirrors Linux fs/proc/fd.c.

import { Errno, Mode } from "../../abi";
import { Task } from "../../kernel/sched/task";
import { ERR_PTR } from "../../lib/err";
import { snprintf } from "../../lib/vsprintf";
import { kfree, kzalloc } from "../../mm/slab";
import { d_path } from "../d_path";
import { dget } from "../dcache";
import { fget_task, files_max_fds } from "../file";
import { Dentry, DirContext, File, FileOperations, Fmode } from "../fs";
import { InodeOperations, Mount, Path } from "../fs";
import { get_fs_pwd, get_fs_root } from "../fs_struct";
import { mntget, path_put, path_set } from "../mount";
import { nd_jump_link } from "../namei";
import { dir_emit, dir_emit_dots } from "../readdir";
import { add_pid_entry, get_proc_task, name_to_int } from "./base";
import { proc_pid_dentry, proc_pid_make_inode } from "./base";
import { ptrace_may_access } from "./base";
import { strlen } from "../../lib/string";

const PATH_BUF: u32 = 4096;
const DT_LNK: u8 = 10;
const name_buf = memory.data(16);

const proc_fd_operations = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
const proc_fd_inode_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);
const proc_fd_link_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);
const proc_cwd_link_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);
const proc_root_link_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);
const proc_exe_link_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);

export function proc_fd_init(): void {
  proc_fd_operations.iterate_shared = proc_readfd;
  proc_fd_inode_operations.lookup = proc_lookupfd;
  proc_fd_link_operations.get_link = proc_fd_get_link;
  proc_fd_link_operations.readlink = proc_fd_readlink;
  proc_cwd_link_operations.get_link = proc_cwd_get_link;
  proc_cwd_link_operations.readlink = proc_cwd_readlink;
  proc_root_link_operations.get_link = proc_root_get_link;
  proc_root_link_operations.readlink = proc_root_readlink;
  proc_exe_link_operations.get_link = proc_exe_get_link;
  proc_exe_link_operations.readlink = proc_exe_readlink;
  const fd = add_pid_entry("fd", Mode.IFDIR | 0o500, null);
  fd.iop = proc_fd_inode_operations;
  fd.fop = proc_fd_operations;
  const cwd = add_pid_entry("cwd", Mode.IFLNK | 0o777, null);
  cwd.iop = proc_cwd_link_operations;
  const root = add_pid_entry("root", Mode.IFLNK | 0o777, null);
  root.iop = proc_root_link_operations;
  const exe = add_pid_entry("exe", Mode.IFLNK | 0o777, null);
  exe.iop = proc_exe_link_operations;
}

/** Mode of a link: what the file is open for. */
function fd_mode(file: File): u32 {
  let mode: u32 = Mode.IFLNK;
  if ((file.mode & Fmode.READ) != 0) mode |= 0o500;
  if ((file.mode & Fmode.WRITE) != 0) mode |= 0o300;
  return mode;
}

function proc_lookupfd(dir: Dentry, name: usize, len: u32): Dentry | null {
  const task = get_proc_task(dir.inode!);
  const fd = name_to_int(name, len);
  if (task == null || fd < 0 || !ptrace_may_access(task)) return null;
  const file = fget_task(task, fd);
  if (file == null) return null;
  const inode = proc_pid_make_inode(task, fd_mode(file));
  if (inode == null) return null;
  inode.i_private |= (<usize>fd) << 16;
  inode.op = proc_fd_link_operations;
  return proc_pid_dentry(dir, name, len, inode);
}

function proc_readfd(file: File, ctx: DirContext): i32 {
  const task = get_proc_task(file.inode);
  if (task == null) return -Errno.ENOENT;
  if (!dir_emit_dots(file, ctx)) return 0;
  for (; ctx.pos - 2 < files_max_fds(task); ctx.pos++) {
    const fd = <i32>ctx.pos - 2;
    if (fget_task(task, fd) == null) continue;
    const n = snprintf(name_buf, 16, "%d", fd);
    if (!dir_emit(ctx, name_buf, n, <u32>fd + 1, DT_LNK)) return 0;
  }
  return 0;
}

/** The open file a link stands for, or null. */
function link_file(dentry: Dentry): File | null {
  const inode = dentry.inode!;
  const task = get_proc_task(inode);
  if (task == null) return null;
  return fget_task(task, <i32>(inode.i_private >> 16));
}

function proc_fd_get_link(dentry: Dentry): usize {
  const file = link_file(dentry);
  if (file == null) return ERR_PTR(-Errno.ENOENT);
  nd_jump_link(file.mnt, file.dentry);
  return 0;
}

/** The path of mnt, dentry into buf; its length or -errno. */
function do_proc_readlink(
  mnt: Mount,
  dentry: Dentry,
  buf: usize,
  size: u32,
): isize {
  const tmp = kzalloc(PATH_BUF);
  if (tmp == 0) return -Errno.ENOMEM;
  const path = d_path(mnt, dentry, tmp, PATH_BUF);
  let len: isize = -Errno.ENAMETOOLONG;
  if (path != 0) {
    const n = min<u32>(strlen(path), size);
    memory.copy(buf, path, n);
    len = n;
  }
  kfree(tmp);
  return len;
}

function proc_fd_readlink(dentry: Dentry, buf: usize, size: u32): isize {
  const file = link_file(dentry);
  if (file == null) return -Errno.ENOENT;
  return do_proc_readlink(file.mnt, file.dentry, buf, size);
}

const place = changetype<Path>(memory.data(offsetof<Path>(), 4));

/** Which path of a task a link shows. */
const enum Which {
  CWD,
  ROOT,
  EXE,
}

/** Sets place to what the link shows, with references; 0 or -errno. */
function link_place(dentry: Dentry, which: Which): i32 {
  const task: Task | null = get_proc_task(dentry.inode!);
  if (task == null) return -Errno.ESRCH;
  if (!ptrace_may_access(task)) return -Errno.EACCES;
  if (which == Which.EXE && task.exe == 0) return -Errno.ENOENT;
  if (which == Which.CWD) get_fs_pwd(task, place);
  else if (which == Which.ROOT) get_fs_root(place);
  else {
    const exe = changetype<Path>(task.exe);
    path_set(place, mntget(exe.mnt), dget(exe.dentry));
  }
  return 0;
}

function follow_place(dentry: Dentry, which: Which): usize {
  const err = link_place(dentry, which);
  if (err != 0) return ERR_PTR(err);
  nd_jump_link(place.mnt, place.dentry);
  path_put(place);
  return 0;
}

function read_place(dentry: Dentry, which: Which, buf: usize, n: u32): isize {
  const err = link_place(dentry, which);
  if (err != 0) return err;
  const len = do_proc_readlink(place.mnt, place.dentry, buf, n);
  path_put(place);
  return len;
}

function proc_cwd_get_link(dentry: Dentry): usize {
  return follow_place(dentry, Which.CWD);
}

function proc_cwd_readlink(dentry: Dentry, buf: usize, n: u32): isize {
  return read_place(dentry, Which.CWD, buf, n);
}

function proc_root_get_link(dentry: Dentry): usize {
  return follow_place(dentry, Which.ROOT);
}

function proc_root_readlink(dentry: Dentry, buf: usize, n: u32): isize {
  return read_place(dentry, Which.ROOT, buf, n);
}

function proc_exe_get_link(dentry: Dentry): usize {
  return follow_place(dentry, Which.EXE);
}

function proc_exe_readlink(dentry: Dentry, buf: usize, n: u32): isize {
  return read_place(dentry, Which.EXE, buf, n);
}
