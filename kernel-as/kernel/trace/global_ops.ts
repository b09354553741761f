// global_ops.ts - the function tracer, and the filters it shares with
// function_graph: set_ftrace_filter, set_ftrace_notrace, set_ftrace_pid.
// Mirrors global_ops of Linux kernel/trace/ftrace.c.

import { Errno, Limits } from "../../abi";
import { set_trace_fork_hook } from "../fork";
import { Task } from "../sched/task";
import { SeqFile, seq_printf, seq_puts } from "../../fs/seq_file";
import { FGRAPH_TRACER, fgraph_forget } from "./fgraph";
import { follow_calls, unfollow_calls } from "./follow_calls";
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
import {
  trace_pids,
  trace_pids_on,
  trace_set_pids_on,
  trace_task_wanted,
} from "./trace";
import { TraceOpt, trace_opt } from "./trace_options";
import { TraceAttr, trace_create_attr } from "./trace_attr";
import { tracing_update_buffers } from "./trace_buffer";
import { function_trace_call } from "./trace_functions";
import {
  trace_get_user,
  trace_number,
  trace_parse_number,
  trace_parser_start,
} from "./trace_parser";
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

/** The tracer is deaf while its sites come and go: that takes many calls, and
 * the buffer is empty after it. */
function function_trace_init(): i32 {
  let err = tracing_update_buffers();
  if (err == 0) err = ftrace_startup(function_ops);
  if (err != 0) return err;
  follow_calls();
  function_ops.func = function_trace_call;
  return 0;
}

function function_trace_reset(): void {
  function_ops.func = null;
  unfollow_calls();
  ftrace_shutdown(function_ops);
}

function ftrace_pid_show(m: SeqFile, _v: usize): i32 {
  if (!trace_pids_on) {
    seq_puts(m, "no pid\n");
    return 0;
  }
  for (let pid: u32 = 0; pid < <u32>Limits.PID_MAX; pid++) {
    const byte = <u32>load<u8>(trace_pids + (pid >> 3));
    if ((byte & (1 << (pid & 7))) != 0) seq_printf(m, "%u\n", pid);
  }
  return 0;
}

function ftrace_pid_truncate(_attr: TraceAttr): i32 {
  memory.fill(trace_pids, 0, Limits.PID_MAX / 8);
  trace_set_pids_on(false);
  return 0;
}

function trace_add_pid(pid: u32): void {
  const at = trace_pids + (pid >> 3);
  const bit = (<u32>1) << (pid & 7);
  store<u8>(at, <u8>(load<u8>(at) | bit));
}

function ftrace_pid_write(_attr: TraceAttr, text: usize): i32 {
  trace_parser_start(text);
  for (let w = trace_get_user(); w != 0; w = trace_get_user()) {
    if (!trace_parse_number(w)) return -Errno.EINVAL;
    if (trace_number >= <u64>Limits.PID_MAX) return -Errno.EINVAL;
    trace_add_pid(<u32>trace_number);
    trace_set_pids_on(true);
  }
  return 0;
}

/** Option function-fork: the children of a traced task are traced too. */
function ftrace_pid_follow_fork(child: Task): void {
  if (!trace_opt(TraceOpt.FUNCTION_FORK)) return;
  if (trace_pids_on && trace_task_wanted()) trace_add_pid(<u32>child.pid);
}

export function function_tracer_init(): void {
  set_trace_fork_hook(ftrace_pid_follow_fork);
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
  const attr = trace_create_attr(
    "set_ftrace_pid",
    0o644,
    null,
    ftrace_pid_show,
    ftrace_pid_write,
  );
  if (attr != null) attr.truncate = ftrace_pid_truncate;
}
