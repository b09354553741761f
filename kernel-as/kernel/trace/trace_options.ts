// trace_options.ts - switches of the output and of the tracers.
//
// Each is a line of trace_options and a file in options/. A tracer's own
// options can be set at any time, as in Linux 7.
// Mirrors the flags of Linux kernel/trace/trace.h.

import { Errno } from "../../abi";
import { Dentry } from "../../fs/fs";
import { SeqFile, seq_printf } from "../../fs/seq_file";
import { tracefs_create_dir } from "../../fs/tracefs/inode";
import { lit, streq_lit, strstarts_lit } from "../../lib/string";
import { function_stack_trace } from "./global_ops";
import { rb_set_overwrite } from "./ring_buffer";
import { trace_set_record_cmd } from "./trace";
import { TraceAttr, trace_attr_of, trace_create_attr } from "./trace_attr";
import { set_fgraph_args } from "./trace_functions_graph";
import { trace_get_user, trace_parser_start } from "./trace_parser";

/** Bits in the order of trace_options. */
export const enum TraceOpt {
  PRINT_PARENT = 0,
  SYM_OFFSET = 1,
  SYM_ADDR = 2,
  CONTEXT_INFO = 3,
  RECORD_CMD = 4,
  OVERWRITE = 5,
  IRQ_INFO = 6,
  PAUSE_ON_TRACE = 7,
  FUNCTION_FORK = 19,
  FUNC_STACK_TRACE = 8,
  FUNCGRAPH_OVERRUN = 9,
  FUNCGRAPH_CPU = 10,
  FUNCGRAPH_OVERHEAD = 11,
  FUNCGRAPH_PROC = 12,
  FUNCGRAPH_DURATION = 13,
  FUNCGRAPH_ABSTIME = 14,
  FUNCGRAPH_IRQS = 15,
  FUNCGRAPH_TAIL = 16,
  FUNCGRAPH_RETVAL = 17,
  FUNCGRAPH_ARGS = 18,
  NR = 20,
}

function option_name(i: u32): string {
  if (i == TraceOpt.PRINT_PARENT) return "print-parent";
  if (i == TraceOpt.SYM_OFFSET) return "sym-offset";
  if (i == TraceOpt.SYM_ADDR) return "sym-addr";
  if (i == TraceOpt.CONTEXT_INFO) return "context-info";
  if (i == TraceOpt.RECORD_CMD) return "record-cmd";
  if (i == TraceOpt.OVERWRITE) return "overwrite";
  if (i == TraceOpt.IRQ_INFO) return "irq-info";
  if (i == TraceOpt.PAUSE_ON_TRACE) return "pause-on-trace";
  if (i == TraceOpt.FUNCTION_FORK) return "function-fork";
  if (i == TraceOpt.FUNC_STACK_TRACE) return "func_stack_trace";
  return graph_option_name(i);
}

function graph_option_name(i: u32): string {
  if (i == TraceOpt.FUNCGRAPH_OVERRUN) return "funcgraph-overrun";
  if (i == TraceOpt.FUNCGRAPH_CPU) return "funcgraph-cpu";
  if (i == TraceOpt.FUNCGRAPH_OVERHEAD) return "funcgraph-overhead";
  if (i == TraceOpt.FUNCGRAPH_PROC) return "funcgraph-proc";
  if (i == TraceOpt.FUNCGRAPH_DURATION) return "funcgraph-duration";
  if (i == TraceOpt.FUNCGRAPH_ABSTIME) return "funcgraph-abstime";
  if (i == TraceOpt.FUNCGRAPH_IRQS) return "funcgraph-irqs";
  if (i == TraceOpt.FUNCGRAPH_TAIL) return "funcgraph-tail";
  if (i == TraceOpt.FUNCGRAPH_RETVAL) return "funcgraph-retval";
  return "funcgraph-args";
}

const DEFAULTS: u32 =
  (1 << TraceOpt.PRINT_PARENT) |
  (1 << TraceOpt.CONTEXT_INFO) |
  (1 << TraceOpt.RECORD_CMD) |
  (1 << TraceOpt.OVERWRITE) |
  (1 << TraceOpt.IRQ_INFO) |
  (1 << TraceOpt.FUNCGRAPH_CPU) |
  (1 << TraceOpt.FUNCGRAPH_OVERHEAD) |
  (1 << TraceOpt.FUNCGRAPH_DURATION) |
  (1 << TraceOpt.FUNCGRAPH_IRQS);

let options: u32 = DEFAULTS;

export function trace_opt(i: u32): bool {
  return (options & (1 << i)) != 0;
}

function set_option(i: u32, on: bool): void {
  if (on) options |= 1 << i;
  else options &= ~(1 << i);
  if (i == TraceOpt.OVERWRITE) rb_set_overwrite(on);
  else if (i == TraceOpt.RECORD_CMD) trace_set_record_cmd(on);
  else if (i == TraceOpt.FUNC_STACK_TRACE) function_stack_trace(on);
  else if (i == TraceOpt.FUNCGRAPH_ARGS) set_fgraph_args(on);
}

/** Sets what "name" or "noname" says; -EINVAL for neither. */
function set_option_word(word: usize): i32 {
  const no = strstarts_lit(word, "no");
  for (let i: u32 = 0; i < <u32>TraceOpt.NR; i++) {
    const name = option_name(i);
    const negated = no && streq_lit(word + 2, name);
    if (!negated && !streq_lit(word, name)) continue;
    set_option(i, !negated);
    return 0;
  }
  return -Errno.EINVAL;
}

function tracing_trace_options_show(m: SeqFile, _v: usize): i32 {
  for (let i: u32 = 0; i < <u32>TraceOpt.NR; i++) {
    seq_printf(m, "%S%S\n", lit(trace_opt(i) ? "" : "no"), lit(option_name(i)));
  }
  return 0;
}

function tracing_trace_options_write(_attr: TraceAttr, text: usize): i32 {
  trace_parser_start(text);
  const word = trace_get_user();
  return word == 0 ? -Errno.EINVAL : set_option_word(word);
}

function trace_option_show(m: SeqFile, _v: usize): i32 {
  const on = trace_opt(<u32>trace_attr_of(m).data);
  seq_printf(m, "%d\n", on ? 1 : 0);
  return 0;
}

function trace_option_write(attr: TraceAttr, text: usize): i32 {
  const one = streq_lit(text, "1");
  if (!one && !streq_lit(text, "0")) return -Errno.EINVAL;
  set_option(<u32>attr.data, one);
  return 0;
}

export function trace_options_init(): void {
  trace_create_attr(
    "trace_options",
    0o640,
    null,
    tracing_trace_options_show,
    tracing_trace_options_write,
  );
  const dir = tracefs_create_dir("options", null);
  for (let i: u32 = 0; i < <u32>TraceOpt.NR; i++) create_option_file(dir, i);
}

function create_option_file(dir: Dentry | null, i: u32): void {
  const attr = trace_create_attr(
    option_name(i),
    0o640,
    dir,
    trace_option_show,
    trace_option_write,
  );
  if (attr != null) attr.data = i;
}
