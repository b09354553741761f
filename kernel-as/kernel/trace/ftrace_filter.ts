// ftrace_filter.ts - the files that choose functions: set_ftrace_filter,
// set_ftrace_notrace, set_graph_function, set_graph_notrace.
//
// Opening with O_TRUNC (a shell's >) forgets the old choice. What was
// written counts when the file is closed, as in Linux: so > with a new name
// never traces everything in between.
// Mirrors the regex files of Linux kernel/trace/ftrace.c.

import { Errno, Open } from "../../abi";
import { Dentry, File, FileOperations, Fmode, Inode } from "../../fs/fs";
import {
  SEQ_SKIP,
  SEQ_START_TOKEN,
  SeqFile,
  SeqOperations,
  seq_lseek,
  seq_open,
  seq_printf,
  seq_putc,
  seq_read_iter,
  seq_release,
} from "../../fs/seq_file";
import { seq_file_of } from "../../fs/seq_file";
import { tracefs_create_file } from "../../fs/tracefs/inode";
import { lit, strstarts_lit } from "../../lib/string";
import { kfree, kstrndup } from "../../mm/slab";
import { ftrace_command, ftrace_match_records } from "./ftrace_match";
import {
  ftrace_cache_mod,
  ftrace_clear_mods,
  ftrace_show_mods,
} from "./ftrace_mod";
import {
  ftrace_alloc_hash,
  ftrace_hash_clear,
  ftrace_watch_hash,
} from "./ftrace_ops";
import { FtraceHash, ftrace_hash_test } from "./ftrace_sites";
import { seq_site_name } from "./ftrace_show";
import { ftrace_nth_site, nr_ftrace_sites } from "./ftrace_sym";
import { trace_get_user, trace_parser_start } from "./trace_parser";

@unmanaged
export class FilterFile {
  hash: FtraceHash;
  /** What an empty set reads. */
  empty: string;
  /** The set has changed since it was last applied. */
  dirty: bool;
  /** Makes the set count. */
  apply: (() => i32) | null;
  /** "func:command" with the place of the colon; null: no commands here. */
  command: ((word: usize, colon: usize) => i32) | null;
  /** Commands attached to functions, and number i of them as a line. */
  nr_commands: (() => u32) | null;
  show_command: ((m: SeqFile, i: u32) => void) | null;
}

const regex_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 4),
);
const regex_op = changetype<SeqOperations>(
  memory.data(offsetof<SeqOperations>(), 4),
);

export function ftrace_filter_init(): void {
  regex_fops.open = ftrace_regex_open;
  regex_fops.read = ftrace_filter_read;
  regex_fops.write = ftrace_regex_write;
  regex_fops.llseek = seq_lseek;
  regex_fops.release = ftrace_regex_release;
  regex_op.start = f_start;
  regex_op.next = f_next;
  regex_op.show = f_show;
}

function filter_of(m: SeqFile): FilterFile {
  return changetype<FilterFile>(m.private_data);
}

function ftrace_regex_open(inode: Inode, file: File): i32 {
  const filter = changetype<FilterFile>(inode.i_private);
  const err = seq_open(file, regex_op);
  if (err != 0) return err;
  seq_file_of(file).private_data = changetype<usize>(filter);
  const writes = (file.mode & Fmode.WRITE) != 0;
  if (writes && (file.flags & Open.TRUNC) != 0) {
    ftrace_hash_clear(filter.hash);
    ftrace_clear_mods(filter);
    filter.dirty = true;
  }
  return 0;
}

function ftrace_filter_read(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  return seq_read_iter(file, buf, count, ppos);
}

/** Position 0 is the line of an empty set, then sites, then commands. */
function record_at(filter: FilterFile, pos: u64): usize {
  if (pos == 0) return SEQ_START_TOKEN;
  const nr = filter.nr_commands;
  const commands: u32 = nr == null ? 0 : nr();
  return pos <= commands + nr_ftrace_sites() ? 2 : 0;
}

function f_start(m: SeqFile, pos: usize): usize {
  return record_at(filter_of(m), load<u64>(pos));
}

function f_next(m: SeqFile, v: usize, pos: usize): usize {
  store<u64>(pos, load<u64>(pos) + 1);
  return record_at(filter_of(m), load<u64>(pos));
}

function show_site(m: SeqFile, hash: FtraceHash, site: u32): i32 {
  if (!ftrace_hash_test(hash, site)) return SEQ_SKIP;
  seq_site_name(m, site);
  seq_putc(m, 10);
  return 0;
}

/** m.index is the position of what is shown. */
function f_show(m: SeqFile, v: usize): i32 {
  const filter = filter_of(m);
  if (v == SEQ_START_TOKEN) {
    if (filter.hash.count == 0) seq_printf(m, "%S\n", lit(filter.empty));
    ftrace_show_mods(m, filter);
    return m.count == 0 ? SEQ_SKIP : 0;
  }
  const site = ftrace_nth_site(m.index - 1);
  if (site != 0) return show_site(m, filter.hash, site);
  const show = filter.show_command;
  const i = <u32>(m.index - 1) - nr_ftrace_sites();
  if (show != null) show(m, i);
  return 0;
}

/** One word: functions, or a function and a command. */
function process_regex(filter: FilterFile, word: usize): i32 {
  const colon = ftrace_command(word);
  const in_module = colon != 0 && strstarts_lit(colon, ":mod:");
  const fn = filter.command;
  if (colon != 0 && fn != null && !in_module) return fn(word, colon);
  filter.dirty = true;
  const err = ftrace_match_records(filter.hash, word);
  if (!in_module || err != -Errno.EINVAL) return err;
  store<u8>(colon, 58);
  return ftrace_cache_mod(filter, word, colon);
}

function ftrace_regex_write(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  const filter = filter_of(seq_file_of(file));
  const text = kstrndup(buf, count);
  if (text == 0) return -Errno.ENOMEM;
  trace_parser_start(text);
  let err = 0;
  for (let w = trace_get_user(); w != 0 && err == 0; w = trace_get_user()) {
    err = process_regex(filter, w);
  }
  kfree(text);
  if (err != 0) return err;
  store<u64>(ppos, load<u64>(ppos) + count);
  return count;
}

function ftrace_regex_release(inode: Inode, file: File): i32 {
  const filter = changetype<FilterFile>(inode.i_private);
  if ((file.mode & Fmode.WRITE) != 0 && filter.dirty) {
    filter.dirty = false;
    const apply = filter.apply;
    if (apply != null) apply();
  }
  return seq_release(inode, file);
}

/** filter.hash, .empty and the functions are the owner's to set. */
export function ftrace_create_filter(
  name: string,
  dir: Dentry | null,
  filter: FilterFile,
): void {
  ftrace_alloc_hash(filter.hash);
  ftrace_watch_hash(filter.hash);
  const data = changetype<usize>(filter);
  tracefs_create_file(name, 0o640, dir, data, regex_fops);
}
