// global_ops.ts - the function tracer, and the filters it shares with
// function_graph: set_ftrace_filter and set_ftrace_notrace.
// Mirrors global_ops of Linux kernel/trace/ftrace.c.

import { FGRAPH_TRACER, fgraph_forget } from "./fgraph";
import { calls_followed } from "./call_stack";
import { follow_calls, update_followed_calls } from "./follow_calls";
import { FtraceOpsFl } from "./ftrace";
import { FtraceOps } from "./ftrace_caller";
import { func_command_init } from "./func_command";
import { FilterFile, ftrace_create_filter } from "./ftrace_filter";
import {
  ftrace_hash_bits,
  ftrace_shutdown,
  ftrace_startup,
  ftrace_update_ops,
} from "./ftrace_ops";
import { FtraceHash } from "./ftrace_sites";
import { tracing_update_buffers } from "./trace_buffer";
import {
  func_stack_trace,
  function_trace_call,
  set_func_stack_trace,
} from "./trace_functions";
import { ftrace_pid_init } from "./ftrace_pid";
import { Tracer, register_tracer } from "./tracer";

const function_ops = changetype<FtraceOps>(
  memory.data(offsetof<FtraceOps>(), 4),
);
const filter_hash = changetype<FtraceHash>(
  memory.data(offsetof<FtraceHash>(), 4),
);
const notrace_hash = changetype<FtraceHash>(
  memory.data(offsetof<FtraceHash>(), 4),
);
export const filter_file = changetype<FilterFile>(
  memory.data(offsetof<FilterFile>(), 4),
);
const notrace_file = changetype<FilterFile>(
  memory.data(offsetof<FilterFile>(), 4),
);
const function_trace = changetype<Tracer>(memory.data(offsetof<Tracer>(), 4));

/** Others that trace what global_ops' filters let through. */
let followers: usize = 0;

/** ops traces what set_ftrace_filter and set_ftrace_notrace choose. */
export function follow_global_filter(ops: FtraceOps): void {
  followers = changetype<usize>(ops);
  use_filters(ops);
}

function use_filters(ops: FtraceOps): void {
  ops.filter = ftrace_hash_bits(filter_hash);
  ops.notrace = ftrace_hash_bits(notrace_hash);
}

function apply_filters(): i32 {
  use_filters(function_ops);
  const err = ftrace_update_ops(function_ops);
  if (err != 0 || followers == 0) return err;
  const ops = changetype<FtraceOps>(followers);
  use_filters(ops);
  const ret = ftrace_update_ops(ops);
  // Sites that were detached will not report their calls' ends.
  fgraph_forget(FGRAPH_TRACER);
  return ret;
}

function function_trace_init(): i32 {
  let err = tracing_update_buffers();
  if (err == 0) err = ftrace_startup(function_ops);
  if (err != 0) return err;
  function_ops.func = function_trace_call;
  return 0;
}

function function_trace_reset(): void {
  function_ops.func = null;
  ftrace_shutdown(function_ops);
}

/** Option func_stack_trace. It is on only while stacks are known. */
export function function_stack_trace(on: bool): void {
  if (on == func_stack_trace) return;
  set_func_stack_trace(false);
  follow_calls(0, on ? 1 : -1, true);
  if (calls_followed) update_followed_calls();
  set_func_stack_trace(on);
}

export function function_tracer_init(): void {
  function_ops.flags = FtraceOpsFl.CALLERS;
  function_trace.name = "function";
  function_trace.init = function_trace_init;
  function_trace.reset = function_trace_reset;
  register_tracer(function_trace);
  filter_file.hash = filter_hash;
  filter_file.empty = "#### all functions enabled ####";
  filter_file.apply = apply_filters;
  func_command_init(filter_file);
  ftrace_create_filter("set_ftrace_filter", null, filter_file);
  notrace_file.hash = notrace_hash;
  notrace_file.empty = "#### no functions disabled ####";
  notrace_file.apply = apply_filters;
  ftrace_create_filter("set_ftrace_notrace", null, notrace_file);
  ftrace_pid_init();
}
