// dynamic_debug_control.ts - the file dynamic_debug/control: a line for each
// pr_debug(), and queries that switch them.
//
// It lies in debugfs and, for kernels that mount none, in /proc.
// Mirrors the file of Linux lib/dynamic_debug.c.

import { Errno, Limits } from "../abi";
import { debugfs_create_dir, debugfs_create_file } from "../fs/debugfs/inode";
import { proc_create, proc_mkdir } from "../fs/proc/generic";
import { ProcOps } from "../fs/proc/internal";
import { File, FileOperations, Inode } from "../fs/fs";
import { SeqFile, seq_lseek, seq_printf, seq_putc } from "../fs/seq_file";
import { seq_read_iter } from "../fs/seq_file";
import { single_open, single_release } from "../fs/seq_single";
import { kfree, kzalloc } from "../mm/slab";
import {
  Ddebug,
  ddebug_describe_flags,
  ddebug_exec_query,
  ddebug_first,
} from "./dynamic_debug";

const debug_ops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
const flags = memory.data(8);
const proc_ops = changetype<ProcOps>(memory.data(offsetof<ProcOps>(), 4));

/** The format as C writes it: newlines escaped. */
function put_format(m: SeqFile, format: string): void {
  for (let i = 0; i < format.length; i++) {
    const c = <u8>format.charCodeAt(i);
    if (c == 10) seq_printf(m, "\\n");
    else seq_putc(m, c);
  }
}

function put_line(m: SeqFile, site: Ddebug): void {
  ddebug_describe_flags(site.flags, flags);
  seq_printf(m, "%S:%u ", site.file, site.line);
  seq_printf(m, '[%S]%S =%s "', site.module, site.func, flags);
  put_format(m, changetype<string>(site.format));
  seq_printf(m, '"\n');
}

function control_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "# filename:lineno [module]function flags format\n");
  for (let at = ddebug_first(); at != 0; at = load<usize>(at)) {
    put_line(m, changetype<Ddebug>(at));
  }
  return 0;
}

export function ddebug_open(_inode: Inode, file: File): i32 {
  return single_open(file, control_show, 0);
}

/** Queries, separated by newlines or semicolons. */
export function ddebug_write(
  _file: File,
  buf: usize,
  count: u32,
  _ppos: usize,
): isize {
  if (count > <u32>Limits.PAGE_SIZE) return -Errno.E2BIG;
  const text = kzalloc(count + 1);
  if (text == 0) return -Errno.ENOMEM;
  memory.copy(text, buf, count);
  let ret = 0;
  let line = text;
  for (let i: u32 = 0; i <= count && ret == 0; i++) {
    const c = load<u8>(text + i);
    if (c != 0 && c != 10 && c != 59) continue;
    store<u8>(text + i, 0);
    ret = ddebug_exec_query(line);
    line = text + i + 1;
  }
  kfree(text);
  return ret != 0 ? <isize>ret : count;
}

export function dynamic_debug_init(): void {
  proc_ops.proc_open = ddebug_open;
  proc_ops.proc_read_iter = seq_read_iter;
  proc_ops.proc_write = ddebug_write;
  proc_ops.proc_lseek = seq_lseek;
  proc_ops.proc_release = single_release;
  const dir = proc_mkdir("dynamic_debug", null);
  if (dir != null) proc_create("control", 0o644, dir, proc_ops);
  debug_ops.open = ddebug_open;
  debug_ops.read = seq_read_iter;
  debug_ops.write = ddebug_write;
  debug_ops.llseek = seq_lseek;
  debug_ops.release = single_release;
  const d = debugfs_create_dir("dynamic_debug", null);
  debugfs_create_file("control", 0o644, d, 0, debug_ops);
}
