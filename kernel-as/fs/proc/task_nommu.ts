// task_nommu.ts - what a task has of memory and may use: maps, statm, limits,
// and the environment it was started with.
//
// A user program is the host's, and so is its memory: all that this kernel
// maps for a task is its bounce buffer (kernel/ubuf.ts).
// Mirrors Linux fs/proc/task_nommu.c and parts of fs/proc/base.c.

import { Errno, Limits, Mode } from "../../abi";
import { Task } from "../../kernel/sched/task";
import { lit } from "../../lib/string";
import { totalram_pages } from "../../mm/page_alloc";
import { ksize } from "../../mm/slab";
import { SeqFile, seq_printf, seq_write } from "../seq_file";
import { add_pid_entry, ptrace_may_access } from "./base";

export function proc_pid_memory_init(): void {
  add_pid_entry("maps", Mode.IFREG | 0o444, proc_pid_maps);
  add_pid_entry("statm", Mode.IFREG | 0o444, proc_pid_statm);
  add_pid_entry("limits", Mode.IFREG | 0o444, proc_pid_limits);
  add_pid_entry("environ", Mode.IFREG | 0o400, proc_pid_environ);
}

/** Bytes of its bounce buffer. */
function mapped(t: Task): u32 {
  return t.ubuf == 0 ? 0 : <u32>ksize(t.ubuf);
}

function proc_pid_maps(m: SeqFile, t: Task): i32 {
  if (!ptrace_may_access(t)) return -Errno.EACCES;
  if (t.ubuf == 0) return 0;
  seq_printf(m, "%08x-%08x rw-p ", t.ubuf, t.ubuf + mapped(t));
  seq_printf(m, "00000000 00:00 0                                  [ubuf]\n");
  return 0;
}

/** Pages: size, resident, shared, text, libraries, data, dirty. */
function proc_pid_statm(m: SeqFile, t: Task): i32 {
  const pages = (mapped(t) + Limits.PAGE_SIZE - 1) >> Limits.PAGE_SHIFT;
  seq_printf(m, "%u %u 0 0 0 %u 0\n", pages, pages, pages);
  return 0;
}

function unlimited(m: SeqFile, name: string, units: string): void {
  limit(m, name, -1, units);
}

/** One line; -1 is no limit. */
function limit(m: SeqFile, name: string, n: i64, units: string): void {
  seq_printf(m, "%-25S ", lit(name));
  if (n < 0) seq_printf(m, "%-20S %-20S ", lit("unlimited"), lit("unlimited"));
  else seq_printf(m, "%-20d %-20d ", n, n);
  seq_printf(m, "%-10S\n", lit(units));
}

/** The limits that this kernel has; the others have no end. */
function proc_pid_limits(m: SeqFile, t: Task): i32 {
  const head = "%-25S %-20S %-20S %-10S\n";
  seq_printf(
    m,
    head,
    lit("Limit"),
    lit("Soft Limit"),
    lit("Hard Limit"),
    lit("Units"),
  );
  unlimited(m, "Max cpu time", "seconds");
  unlimited(m, "Max file size", "bytes");
  unlimited(m, "Max data size", "bytes");
  limit(m, "Max stack size", Limits.THREAD_SIZE, "bytes");
  limit(m, "Max core file size", 0, "bytes");
  limit(m, "Max resident set", totalram_pages() << Limits.PAGE_SHIFT, "bytes");
  limit(m, "Max processes", Limits.PID_MAX, "processes");
  limit(m, "Max open files", Limits.NR_OPEN, "files");
  unlimited(m, "Max address space", "bytes");
  unlimited(m, "Max file locks", "locks");
  return 0;
}

function proc_pid_environ(m: SeqFile, t: Task): i32 {
  if (!ptrace_may_access(t)) return -Errno.EACCES;
  if (t.environ != 0) seq_write(m, t.environ, t.environ_len);
  return 0;
}
