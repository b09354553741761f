// base.ts - a directory per task: /proc/<pid> and /proc/<pid>/task/<tid>.
//
// Its names are made when they are looked up and hold the pid, not the task:
// once the task is gone, they answer ESRCH.
// Mirrors Linux fs/proc/base.c.

import { Errno, Mode } from "../../abi";
import { Task, current, find_task_by_pid } from "../../kernel/sched/task";
import { isdigit, strscpy_lit } from "../../lib/string";
import { snprintf } from "../../lib/vsprintf";
import { d_alloc, d_instantiate } from "../dcache";
import { Dentry, DirContext, File, FileOperations, Inode } from "../fs";
import { InodeOperations, S_ISDIR, SuperBlock } from "../fs";
import { fs_umode_to_dtype, iput, new_inode } from "../inode";
import { dir_emit, dir_emit_dots } from "../readdir";
import { SeqFile, seq_lseek, seq_read_iter } from "../seq_file";
import { single_open, single_release } from "../seq_single";
import { proc_pid_entries_init } from "./array";
import { proc_fd_init } from "./fd";
import { proc_pid_memory_init } from "./task_nommu";

type PidShowFn = (m: SeqFile, task: Task) => i32;

/** A name in every task's directory. */
@unmanaged
export class PidEntry {
  name: string;
  mode: u32;
  /** Prints a file; null for directories and links. */
  show: PidShowFn | null;
  iop: InodeOperations | null;
  fop: FileOperations | null;
}

const MAX_ENTRIES: u32 = 24;
const entries = memory.data(480, 4); // MAX_ENTRIES * offsetof<PidEntry>()
let nr_entries: u32 = 0;

const DT_DIR: u8 = 4;
const name_buf = memory.data(32);

const proc_single_file_operations = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
const proc_tgid_base_operations = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
const proc_tgid_base_inode_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);
const proc_task_operations = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
const proc_task_inode_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);

let pid_sb: SuperBlock = changetype<SuperBlock>(0);

function entry_at(i: u32): PidEntry {
  return changetype<PidEntry>(entries + i * offsetof<PidEntry>());
}

export function proc_base_init(sb: SuperBlock): void {
  pid_sb = sb;
  const f = proc_single_file_operations;
  f.open = proc_single_open_pid;
  f.read = seq_read_iter;
  f.llseek = seq_lseek;
  f.release = single_release;
  proc_tgid_base_operations.iterate_shared = proc_tgid_base_readdir;
  proc_tgid_base_inode_operations.lookup = proc_tgid_base_lookup;
  proc_task_operations.iterate_shared = proc_task_readdir;
  proc_task_inode_operations.lookup = proc_task_lookup;
  const task = add_pid_entry("task", Mode.IFDIR | 0o555, null);
  task.iop = proc_task_inode_operations;
  task.fop = proc_task_operations;
  proc_fd_init();
  proc_pid_entries_init();
  proc_pid_memory_init();
}

/** Adds a name to every task's directory. */
export function add_pid_entry(
  name: string,
  mode: u32,
  show: PidShowFn | null,
): PidEntry {
  const e = entry_at(nr_entries++);
  e.name = name;
  e.mode = mode;
  e.show = show;
  if (show != null) e.fop = proc_single_file_operations;
  return e;
}

/** i_private of the files: pid and number of the entry. */
function pack(pid: i32, entry: u32): usize {
  return (<usize>pid) | (entry << 16);
}

/** The task an inode below /proc/<pid> is of, or null. */
export function get_proc_task(inode: Inode): Task | null {
  return find_task_by_pid(<i32>(inode.i_private & 0xffff));
}

/** An inode of a task's; owned by its user. Null without memory. */
export function proc_pid_make_inode(task: Task, mode: u32): Inode | null {
  const inode = new_inode(pid_sb, mode);
  if (inode == null) return null;
  inode.uid = task.euid;
  inode.gid = task.gid;
  inode.i_private = pack(task.pid, 0);
  if (S_ISDIR(mode)) inode.nlink = 2;
  return inode;
}

/** A name that only its user knows; takes the inode's reference over. */
export function proc_pid_dentry(
  dir: Dentry,
  name: usize,
  len: u32,
  inode: Inode | null,
): Dentry | null {
  if (inode == null) return null;
  const d = d_alloc(dir, name, len);
  if (d == null) iput(inode);
  else d_instantiate(d, inode);
  return d;
}

/** A pid written in decimal, or -1. */
export function name_to_int(name: usize, len: u32): i32 {
  let n = 0;
  if (len == 0 || len > 9) return -1;
  for (let i: u32 = 0; i < len; i++) {
    const c = load<u8>(name + i);
    if (!isdigit(c) || (c == 48 && len > 1 && i == 0)) return -1;
    n = n * 10 + (c - 48);
  }
  return n;
}

/** The directory of a task in /proc or in a task directory. */
function pid_dir(dir: Dentry, name: usize, len: u32, t: Task): Dentry | null {
  const inode = proc_pid_make_inode(t, Mode.IFDIR | 0o555);
  if (inode != null) {
    inode.op = proc_tgid_base_inode_operations;
    inode.fop = proc_tgid_base_operations;
  }
  return proc_pid_dentry(dir, name, len, inode);
}

export function proc_pid_lookup(
  dir: Dentry,
  name: usize,
  len: u32,
): Dentry | null {
  const pid = name_to_int(name, len);
  if (pid <= 0) return null;
  const task = find_task_by_pid(pid);
  return task == null ? null : pid_dir(dir, name, len, task);
}

function emit_pid(ctx: DirContext, pid: i32): bool {
  const n = snprintf(name_buf, 32, "%d", pid);
  return dir_emit(ctx, name_buf, n, <u32>pid, DT_DIR);
}

/** The tasks in the order of their pids; positions begin at first. */
export function proc_pid_readdir(ctx: DirContext, first: u64): i32 {
  for (; ctx.pos < first + 32768; ctx.pos++) {
    const pid = <i32>(ctx.pos - first);
    if (pid == 0 || find_task_by_pid(pid) == null) continue;
    if (!emit_pid(ctx, pid)) return 0;
  }
  return 0;
}

/** Is dir /proc/<pid>/task/<tid>? It has no task directory of its own. */
function is_tid_dir(dir: Dentry): bool {
  return dir.parent.inode!.op == proc_task_inode_operations;
}

/** The entry of that name, as its number; -1 when there is none. */
function find_entry(dir: Dentry, name: usize, len: u32): i32 {
  for (let i: u32 = is_tid_dir(dir) ? 1 : 0; i < nr_entries; i++) {
    const s = entry_at(i).name;
    if (<u32>s.length != len) continue;
    strscpy_lit(name_buf, s, 32);
    if (memory.compare(name_buf, name, len) == 0) return <i32>i;
  }
  return -1;
}

function proc_tgid_base_lookup(
  dir: Dentry,
  name: usize,
  len: u32,
): Dentry | null {
  const task = get_proc_task(dir.inode!);
  const i = find_entry(dir, name, len);
  if (task == null || i < 0) return null;
  const e = entry_at(i);
  const inode = proc_pid_make_inode(task, e.mode);
  if (inode == null) return null;
  inode.i_private = pack(task.pid, i);
  const iop = e.iop;
  const fop = e.fop;
  if (iop != null) inode.op = iop;
  if (fop != null) inode.fop = fop;
  return proc_pid_dentry(dir, name, len, inode);
}

function emit_entry(ctx: DirContext, e: PidEntry, pid: i32): bool {
  const n = strscpy_lit(name_buf, e.name, 32);
  return dir_emit(ctx, name_buf, n, <u32>pid, fs_umode_to_dtype(e.mode));
}

function proc_tgid_base_readdir(file: File, ctx: DirContext): i32 {
  const task = get_proc_task(file.inode);
  if (task == null) return -Errno.ENOENT;
  if (!dir_emit_dots(file, ctx)) return 0;
  if (ctx.pos == 2 && is_tid_dir(file.dentry)) ctx.pos = 3;
  for (; ctx.pos - 2 < nr_entries; ctx.pos++) {
    if (!emit_entry(ctx, entry_at(<u32>ctx.pos - 2), task.pid)) return 0;
  }
  return 0;
}

/** Each process is one thread: its task directory holds itself. */
function proc_task_lookup(dir: Dentry, name: usize, len: u32): Dentry | null {
  const task = get_proc_task(dir.inode!);
  if (task == null || name_to_int(name, len) != task.pid) return null;
  return pid_dir(dir, name, len, task);
}

function proc_task_readdir(file: File, ctx: DirContext): i32 {
  const task = get_proc_task(file.inode);
  if (task == null) return -Errno.ENOENT;
  if (!dir_emit_dots(file, ctx) || ctx.pos > 2) return 0;
  if (emit_pid(ctx, task.pid)) ctx.pos++;
  return 0;
}

function proc_single_open_pid(inode: Inode, file: File): i32 {
  return single_open(file, proc_single_show, changetype<usize>(inode));
}

function proc_single_show(m: SeqFile, v: usize): i32 {
  const inode = changetype<Inode>(m.private_data);
  const task = get_proc_task(inode);
  if (task == null) return -Errno.ESRCH;
  return entry_at(<u32>(inode.i_private >> 16)).show!(m, task);
}

/** Is current allowed to look into the task? */
export function ptrace_may_access(task: Task): bool {
  return current.euid == 0 || current.euid == task.euid;
}

if (offsetof<PidEntry>() != 20) ERROR("base.ts: PidEntry is 20 bytes");
