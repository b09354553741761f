// trace_init.ts - tracefs comes to life.
// Mirrors tracer_init_tracefs() of Linux kernel/trace/trace.c.

import { Errno, Limits } from "../../abi";
import { Dentry } from "../../fs/fs";
import { SeqFile, seq_printf, seq_putc } from "../../fs/seq_file";
import { tracefs_create_dir, tracefs_init } from "../../fs/tracefs/inode";
import { lit } from "../../lib/string";
import { kfree, kzalloc } from "../../mm/slab";
import { kprobes_init } from "../kprobes";
import { debugfs_kprobe_init } from "../kprobes_debugfs";
import { ftrace_dump_init } from "./ftrace_dump";
import { ftrace_filter_init } from "./ftrace_filter";
import { set_module_traced } from "../module/notifier";
import { ftrace_mods_coming } from "./ftrace_mod";
import { ftrace_ops_init } from "./ftrace_ops";
import { ftrace_show_init } from "./ftrace_show";
import { function_tracer_init } from "./global_ops";
import { graph_tracer_init } from "./graph_tracer";
import {
  saved_cmdline,
  saved_cmdline_pid,
  saved_cmdlines_size,
  set_saved_cmdlines,
} from "./saved_cmdlines";
import { tracer_tracing_on, tracing_on } from "./trace";
import { TraceAttr, trace_attr_init, trace_create_attr } from "./trace_attr";
import {
  tracing_entries_show,
  tracing_entries_write,
  tracing_stats_show,
} from "./trace_buffer";
import { trace_options_init } from "./trace_options";
import { trace_number, trace_parse_number } from "./trace_parser";
import { trace_kprobes_coming } from "./trace_kprobe_list";
import { trace_kprobe_init } from "./trace_kprobe_files";
import { trace_clock_init } from "./trace_clock";
import { trace_event_list_init } from "./trace_event_list";
import { trace_marker_init } from "./trace_marker";
import { trace_pipe_init } from "./trace_pipe";
import { trace_readme_init } from "./trace_readme";
import { trace_seq_init } from "./trace_seq";
import { trace_snapshot_init } from "./trace_snapshot";
import {
  Tracer,
  first_tracer,
  tracer_name,
  tracers_init,
  tracing_set_tracer,
} from "./tracer";

const nop_trace = changetype<Tracer>(memory.data(offsetof<Tracer>(), 4));

function available_tracers_show(m: SeqFile, _v: usize): i32 {
  for (let at = first_tracer(); at != 0; at = load<usize>(at)) {
    const last = load<usize>(at) == 0;
    const name = lit(changetype<Tracer>(at).name);
    seq_printf(m, "%S%c", name, last ? 10 : 32);
  }
  return 0;
}

function current_tracer_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "%S\n", tracer_name());
  return 0;
}

function tracing_set_trace_write(_attr: TraceAttr, text: usize): i32 {
  return tracing_set_tracer(text);
}

function tracing_on_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "%d\n", tracing_on ? 1 : 0);
  return 0;
}

/** Any number but 0 turns it on. */
function rb_simple_write(_attr: TraceAttr, text: usize): i32 {
  if (!trace_parse_number(text)) return -Errno.EINVAL;
  tracer_tracing_on(trace_number != 0);
  return 0;
}

function tracing_saved_cmdlines_show(m: SeqFile, _v: usize): i32 {
  for (let i: u32 = 0; i < saved_cmdlines_size; i++) {
    const pid = saved_cmdline_pid(i);
    if (pid != 0) seq_printf(m, "%d %s\n", pid, saved_cmdline(pid));
  }
  return 0;
}

function saved_cmdlines_size_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "%u\n", saved_cmdlines_size);
  return 0;
}

function saved_cmdlines_size_write(_attr: TraceAttr, text: usize): i32 {
  if (!trace_parse_number(text) || trace_number == 0) return -Errno.EINVAL;
  if (trace_number > <u64>Limits.PID_MAX) return -Errno.EINVAL;
  const entries = kzalloc(24 * <u32>trace_number);
  if (entries == 0) return -Errno.ENOMEM;
  kfree(set_saved_cmdlines(entries, <u32>trace_number));
  return 0;
}

function create_control_files(): void {
  const ro = available_tracers_show;
  trace_create_attr("available_tracers", 0o440, null, ro, null);
  const set = tracing_set_trace_write;
  trace_create_attr("current_tracer", 0o640, null, current_tracer_show, set);
  trace_create_attr(
    "tracing_on",
    0o640,
    null,
    tracing_on_show,
    rb_simple_write,
  );
  const saved = tracing_saved_cmdlines_show;
  trace_create_attr("saved_cmdlines", 0o440, null, saved, null);
  trace_create_attr(
    "saved_cmdlines_size",
    0o640,
    null,
    saved_cmdlines_size_show,
    saved_cmdlines_size_write,
  );
}

/** A module is formed; its symbols are known. */
function tracing_module_coming(name: usize): void {
  ftrace_mods_coming(name);
  trace_kprobes_coming(name);
}

function create_buffer_size(name: string, mode: u32, dir: Dentry | null): void {
  const write = mode == 0o640 ? tracing_entries_write : null;
  trace_create_attr(name, mode, dir, tracing_entries_show, write);
}

/** One CPU: its files are those of the whole. */
function create_buffer_files(): void {
  create_buffer_size("buffer_size_kb", 0o640, null);
  create_buffer_size("buffer_total_size_kb", 0o440, null);
  const cpus = tracefs_create_dir("per_cpu", null);
  const cpu = tracefs_create_dir("cpu0", cpus);
  create_buffer_size("buffer_size_kb", 0o640, cpu);
  trace_create_attr("stats", 0o440, cpu, tracing_stats_show, null);
  trace_seq_init(null);
  trace_seq_init(cpu);
  trace_pipe_init(null);
  trace_pipe_init(cpu);
  trace_snapshot_init(null);
  trace_snapshot_init(cpu);
}

/** Context: boot, behind the VFS and kallsyms. */
export function tracer_init_tracefs(): void {
  if (tracefs_init() != 0) return;
  ftrace_ops_init();
  kprobes_init();
  debugfs_kprobe_init();
  trace_attr_init();
  ftrace_filter_init();
  ftrace_dump_init();
  tracers_init(nop_trace);
  function_tracer_init();
  graph_tracer_init();
  ftrace_show_init(null);
  trace_options_init();
  trace_kprobe_init();
  trace_event_list_init();
  trace_marker_init();
  trace_clock_init();
  trace_readme_init();
  create_control_files();
  create_buffer_files();
  set_module_traced(tracing_module_coming);
}
