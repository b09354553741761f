// kprobes_debugfs.ts - /sys/kernel/debug/kprobes/: list and enabled.
// Linux: in kernel/kprobes.c.

import { Errno } from "../abi";
import { debugfs_create_dir, debugfs_create_file } from "../fs/debugfs/inode";
import { File, FileOperations, Inode } from "../fs/fs";
import { SeqFile, seq_lseek, seq_printf, seq_read_iter } from "../fs/seq_file";
import { single_open, single_release } from "../fs/seq_single";
import { lit } from "../lib/string";
import { Kprobe, KprobeFl, kprobe_list } from "./kprobes_ftrace";
import { kprobes_all_disarmed, kprobes_set_enabled } from "./kprobes";
import {
  ftrace_module_name,
  ftrace_site_addr,
  ftrace_sym,
} from "./trace/ftrace_sym";

const list_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 4),
);
const enabled_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 4),
);

function report_flags(m: SeqFile, p: Kprobe): void {
  const gone = (p.flags & KprobeFl.GONE) != 0;
  const disabled = (p.flags & KprobeFl.DISABLED) != 0 && !gone;
  seq_printf(
    m,
    "%S%S[FTRACE]\n",
    lit(gone ? "[GONE]" : ""),
    lit(disabled ? "[DISABLED]" : ""),
  );
}

function report_probe(m: SeqFile, p: Kprobe): void {
  const sym = ftrace_sym(p.addr);
  const module = ftrace_module_name(p.addr);
  seq_printf(
    m,
    "%016lx  %c  ",
    ftrace_site_addr(p.addr),
    p.rp != 0 ? 114 : 107,
  );
  if (sym == null) seq_printf(m, "0x%x  ", p.addr);
  else seq_printf(m, "%s+0x0  ", sym.name);
  if (module == 0) seq_printf(m, "  ");
  else seq_printf(m, "%s ", module);
  report_flags(m, p);
}

function show_kprobes(m: SeqFile, _v: usize): i32 {
  let at = kprobe_list;
  for (; at != 0; at = changetype<Kprobe>(at).next) {
    report_probe(m, changetype<Kprobe>(at));
  }
  return 0;
}

function kprobes_open(_inode: Inode, file: File): i32 {
  return single_open(file, show_kprobes, 0);
}

function show_enabled(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "%d\n", kprobes_all_disarmed ? 0 : 1);
  return 0;
}

function enabled_open(_inode: Inode, file: File): i32 {
  return single_open(file, show_enabled, 0);
}

/** Linux's kstrtobool(): the first letter decides. */
function write_enabled_file_bool(
  _file: File,
  buf: usize,
  count: u32,
  _ppos: usize,
): isize {
  if (count == 0) return -Errno.EINVAL;
  const c = load<u8>(buf) | 32;
  const on = c == 49 || c == 121 || c == 116;
  const off = c == 48 || c == 110 || c == 102;
  if (!on && !off) return -Errno.EINVAL;
  const err = kprobes_set_enabled(on);
  return err != 0 ? <isize>err : <isize>count;
}

export function debugfs_kprobe_init(): void {
  const dir = debugfs_create_dir("kprobes", null);
  list_fops.open = kprobes_open;
  list_fops.read = seq_read_iter;
  list_fops.llseek = seq_lseek;
  list_fops.release = single_release;
  debugfs_create_file("list", 0o400, dir, 0, list_fops);
  enabled_fops.open = enabled_open;
  enabled_fops.read = seq_read_iter;
  enabled_fops.write = write_enabled_file_bool;
  enabled_fops.llseek = seq_lseek;
  enabled_fops.release = single_release;
  debugfs_create_file("enabled", 0o600, dir, 0, enabled_fops);
}
