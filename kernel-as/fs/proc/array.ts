// array.ts - what a task is: status, stat, comm, cmdline, stack, wchan.
// Mirrors Linux fs/proc/array.c and parts of fs/proc/base.c.

import { Errno, Limits, Mode } from "../../abi";
import { kallsyms_lookup, sprint_backtrace } from "../../kernel/kallsyms";
import {
  stack_trace_call,
  stack_trace_nosched,
  stack_trace_save_tsk_reliable,
} from "../../kernel/stacktrace";
import { Task, current } from "../../kernel/sched/task";
import { get_task_state, task_state_to_char } from "../../kernel/sched/task";
import { TICK_NSEC } from "../../kernel/time/timekeeping";
import { lit, strscpy } from "../../lib/string";
import { console_tty } from "../../drivers/tty/tty";
import { kfree, kzalloc } from "../../mm/slab";
import { files_max_fds } from "../file";
import { show_vfsmnts } from "../proc_namespace";
import { SeqFile, seq_printf, seq_put_str, seq_write } from "../seq_file";
import { add_pid_entry } from "./base";

export function proc_pid_entries_init(): void {
  add_pid_entry("status", Mode.IFREG | 0o444, proc_pid_status);
  add_pid_entry("stat", Mode.IFREG | 0o444, proc_tgid_stat);
  add_pid_entry("comm", Mode.IFREG | 0o444, comm_show);
  add_pid_entry("cmdline", Mode.IFREG | 0o444, proc_pid_cmdline);
  add_pid_entry("mounts", Mode.IFREG | 0o444, proc_pid_mounts);
  add_pid_entry("wchan", Mode.IFREG | 0o444, proc_pid_wchan);
  add_pid_entry("stack", Mode.IFREG | 0o400, proc_pid_stack);
  add_pid_entry("patch_state", Mode.IFREG | 0o400, proc_pid_patch_state);
}

function parent_pid(t: Task): i32 {
  const parent = t.parent;
  return parent == null ? 0 : parent.pid;
}

function task_ids(m: SeqFile, t: Task): void {
  seq_printf(m, "Tgid:\t%d\nNgid:\t0\nPid:\t%d\n", t.tgid, t.pid);
  seq_printf(m, "PPid:\t%d\nTracerPid:\t0\n", parent_pid(t));
  const uid = t.uid;
  const euid = t.euid;
  seq_printf(m, "Uid:\t%u\t%u\t%u\t%u\n", uid, euid, euid, euid);
  seq_printf(m, "Gid:\t%u\t%u\t%u\t%u\n", t.gid, t.gid, t.gid, t.gid);
  seq_printf(m, "FDSize:\t%u\nGroups:\t \n", files_max_fds(t));
  seq_printf(m, "Kthread:\t%d\n", t.is_kthread ? 1 : 0);
}

function task_sig(m: SeqFile, t: Task): void {
  seq_printf(m, "Threads:\t1\n");
  seq_printf(m, "SigPnd:\t0000000000000000\n");
  seq_printf(m, "ShdPnd:\t%016x\n", t.pending);
  seq_printf(m, "SigBlk:\t%016x\n", t.blocked);
  seq_printf(m, "SigIgn:\t%016x\n", t.ignored);
  seq_printf(m, "SigCgt:\t%016x\n", t.caught);
}

function proc_pid_status(m: SeqFile, t: Task): i32 {
  seq_printf(m, "Name:\t%s\nUmask:\t%04o\n", t.comm, t.umask);
  seq_printf(m, "State:\t%S\n", lit(get_task_state(t)));
  task_ids(m, t);
  task_sig(m, t);
  seq_printf(m, "voluntary_ctxt_switches:\t%u\n", t.nvcsw);
  return 0;
}

/** Device number of the controlling terminal. */
function tty_nr(t: Task): i32 {
  return t.tty == 0 ? 0 : (4 << 8) | 1;
}

/** Foreground group of the task's terminal, or -1. */
function tty_pgrp(t: Task): i32 {
  return t.tty == 0 ? -1 : console_tty.pgrp;
}

/** The 52 fields of proc(5); those that count memory of the user are 0. */
function proc_tgid_stat(m: SeqFile, t: Task): i32 {
  const letter = task_state_to_char(t);
  seq_printf(m, "%d (%s) %c %d ", t.pid, t.comm, letter, parent_pid(t));
  seq_printf(m, "%d %d %d %d ", t.pgrp, t.session, tty_nr(t), tty_pgrp(t));
  seq_printf(m, "%u 0 0 0 0 ", t.pf_flags);
  seq_printf(m, "0 %lu 0 0 20 0 1 0 ", t.utime / TICK_NSEC);
  seq_printf(m, "%lu 0 0 ", t.start_time / TICK_NSEC);
  seq_printf(m, "0 0 0 0 0 0 ");
  seq_printf(m, "%u %u %u %u ", t.pending, t.blocked, t.ignored, t.caught);
  seq_printf(m, "0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 %d\n", t.exit_code);
  return 0;
}

function comm_show(m: SeqFile, t: Task): i32 {
  seq_printf(m, "%s\n", t.comm);
  return 0;
}

/** The arguments, each ended by NUL; empty for kernel threads. */
function proc_pid_cmdline(m: SeqFile, t: Task): i32 {
  if (t.cmdline != 0) seq_write(m, t.cmdline, t.cmdline_len);
  return 0;
}

function proc_pid_mounts(m: SeqFile, t: Task): i32 {
  return show_vfsmnts(m);
}

function proc_pid_patch_state(m: SeqFile, t: Task): i32 {
  seq_printf(m, "%d\n", t.patch_state);
  return 0;
}

const SYMBOL_MAX: u32 = 640;
const MAX_ENTRIES: u32 = Limits.MAX_STACK_ENTRIES;

/** Calls show for each frame with a buffer for ids and one for a name. */
function proc_pid_stack(m: SeqFile, t: Task): i32 {
  if (current.euid != 0) return -Errno.EACCES;
  const ids = kzalloc(4 * MAX_ENTRIES + SYMBOL_MAX);
  if (ids == 0) return -Errno.ENOMEM;
  const n = stack_trace_save_tsk_reliable(t, ids, MAX_ENTRIES);
  const name = ids + 4 * MAX_ENTRIES;
  for (let i = stack_trace_nosched(ids, n); i < n; i++) {
    sprint_backtrace(name, load<u32>(ids + 4 * i), stack_trace_call(t, i));
    seq_printf(m, "[<0>] %s\n", name);
  }
  kfree(ids);
  return n < 0 ? n : 0;
}

/** Writes the name of the function it waits in; false when there is none. */
function get_wchan(t: Task, ids: usize, name: usize): bool {
  const n = stack_trace_save_tsk_reliable(t, ids, MAX_ENTRIES);
  const first = stack_trace_nosched(ids, n);
  if (first >= n) return false;
  const sym = kallsyms_lookup(load<u32>(ids + 4 * first));
  if (sym == null) return false;
  strscpy(name, sym.name, SYMBOL_MAX);
  return true;
}

function proc_pid_wchan(m: SeqFile, t: Task): i32 {
  const ids = kzalloc(4 * MAX_ENTRIES + SYMBOL_MAX);
  if (ids == 0) return -Errno.ENOMEM;
  const name = ids + 4 * MAX_ENTRIES;
  if (t != current && get_wchan(t, ids, name)) seq_put_str(m, name);
  else seq_write(m, ZERO, 1);
  kfree(ids);
  return 0;
}

const ZERO = memory.data<u8>([48]);
