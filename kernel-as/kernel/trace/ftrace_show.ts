// ftrace_show.ts - the lists of functions in tracefs.
//
//   available_filter_functions        every site
//   available_filter_functions_addrs  with its address
//   enabled_functions                 those with callbacks now
//   touched_functions                 those that ever had one
//
// Mirrors the seq files of Linux kernel/trace/ftrace.c.

import { Dentry, File, FileOperations, Inode } from "../../fs/fs";
import {
  SEQ_SKIP,
  SeqFile,
  SeqOperations,
  seq_lseek,
  seq_open,
  seq_printf,
  seq_put_str,
  seq_putc,
  seq_puts,
  seq_read_iter,
  seq_release,
} from "../../fs/seq_file";
import { tracefs_create_file } from "../../fs/tracefs/inode";
import { lit } from "../../lib/string";
import {
  DynFtrace,
  FtraceFl,
  ftrace_site_id,
  ftrace_site_trampoline,
  lookup_rec,
} from "./dyn_ftrace";
import {
  FtraceAttach,
  FtraceOps,
  arch_ftrace_ops_list_func,
  ftrace_stub,
} from "./ftrace_caller";
import {
  ftrace_module_name,
  ftrace_nth_site,
  ftrace_site_addr,
  ftrace_sym,
} from "./ftrace_sym";
import { seq_print_ip_sym } from "./trace_output";

/** Operations of one file; they differ in show alone. */
@unmanaged
class ListFile {
  fops: FileOperations;
  op: SeqOperations;
}

const NR_LISTS: u32 = 4;
const lists = memory.data(4 * offsetof<ListFile>(), 4);
const list_fops = memory.data(4 * offsetof<FileOperations>(), 8);
const list_ops = memory.data(4 * offsetof<SeqOperations>(), 4);

function list_file(i: u32): ListFile {
  return changetype<ListFile>(lists + i * offsetof<ListFile>());
}

function t_start(m: SeqFile, pos: usize): usize {
  return ftrace_nth_site(load<u64>(pos));
}

function t_next(m: SeqFile, v: usize, pos: usize): usize {
  store<u64>(pos, load<u64>(pos) + 1);
  return ftrace_nth_site(load<u64>(pos));
}

/** "name" or "name [module]". */
export function seq_site_name(m: SeqFile, site: u32): void {
  const sym = ftrace_sym(site);
  if (sym == null) seq_printf(m, "__ftrace_invalid_address___%u", site);
  else seq_put_str(m, sym.name);
  const module = ftrace_module_name(site);
  if (module != 0) seq_printf(m, " [%s]", module);
}

function t_show(m: SeqFile, v: usize): i32 {
  seq_site_name(m, <u32>v);
  seq_putc(m, 10);
  return 0;
}

function t_show_addrs(m: SeqFile, v: usize): i32 {
  seq_printf(m, "%lx ", ftrace_site_addr(<u32>v));
  return t_show(m, v);
}

/** "name+0x0/0x30" of the function that a function pointer points to. */
function seq_fn(m: SeqFile, fn: usize): void {
  seq_print_ip_sym(m, ftrace_site_id(load<u32>(fn)), true);
}

function seq_callback(m: SeqFile, site: u32, ops: FtraceOps): void {
  const tramp = 0xffffffffa0000000 + 16 * <u64>ftrace_site_trampoline(site);
  const func = changetype<usize>(ops.func);
  seq_printf(m, "\ttramp: 0x%lx (", tramp);
  seq_fn(m, func);
  seq_puts(m, ") ->");
  seq_fn(m, func);
}

function seq_target(m: SeqFile, site: u32, rec: DynFtrace): void {
  if (rec.count == 1) {
    const at = changetype<FtraceAttach>(rec.attached);
    return seq_callback(m, site, at.ops);
  }
  const fn =
    rec.count == 0
      ? changetype<usize>(ftrace_stub)
      : changetype<usize>(arch_ftrace_ops_list_func);
  seq_puts(m, " ->");
  seq_fn(m, fn);
}

function seq_flag(m: SeqFile, on: bool, letter: string): void {
  seq_printf(m, "%S", on ? lit(letter) : lit("  "));
}

function show_rec(m: SeqFile, site: u32, rec: DynFtrace): i32 {
  seq_site_name(m, site);
  seq_printf(m, " (%u)", rec.count);
  seq_flag(m, (rec.flags & FtraceFl.REGS) != 0, " R");
  seq_flag(m, (rec.flags & FtraceFl.IPMODIFY) != 0, " I");
  seq_puts(m, "    ");
  seq_puts(m, (rec.flags & FtraceFl.MODIFIED) != 0 ? " M " : "   ");
  seq_target(m, site, rec);
  seq_putc(m, 10);
  return 0;
}

function t_show_enabled(m: SeqFile, v: usize): i32 {
  const rec = <DynFtrace>lookup_rec(<u32>v);
  return rec.count == 0 ? SEQ_SKIP : show_rec(m, <u32>v, rec);
}

function t_show_touched(m: SeqFile, v: usize): i32 {
  const rec = <DynFtrace>lookup_rec(<u32>v);
  if ((rec.flags & FtraceFl.TOUCHED) == 0) return SEQ_SKIP;
  return show_rec(m, <u32>v, rec);
}

function t_open(inode: Inode, file: File): i32 {
  return seq_open(file, changetype<ListFile>(inode.i_private).op);
}

function create_list(
  i: u32,
  name: string,
  dir: Dentry | null,
  show: (m: SeqFile, v: usize) => i32,
): void {
  const list = list_file(i);
  const f = list_fops + i * offsetof<FileOperations>();
  list.fops = changetype<FileOperations>(f);
  list.fops.open = t_open;
  list.fops.read = seq_read_iter;
  list.fops.llseek = seq_lseek;
  list.fops.release = seq_release;
  const op = list_ops + i * offsetof<SeqOperations>();
  list.op = changetype<SeqOperations>(op);
  list.op.start = t_start;
  list.op.next = t_next;
  list.op.show = show;
  tracefs_create_file(name, 0o440, dir, changetype<usize>(list), list.fops);
}

export function ftrace_show_init(dir: Dentry | null): void {
  create_list(0, "available_filter_functions", dir, t_show);
  create_list(1, "available_filter_functions_addrs", dir, t_show_addrs);
  create_list(2, "enabled_functions", dir, t_show_enabled);
  create_list(3, "touched_functions", dir, t_show_touched);
}
