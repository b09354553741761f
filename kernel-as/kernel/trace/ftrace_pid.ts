// ftrace_pid.ts - set_ftrace_pid and set_ftrace_notrace_pid: whose calls are
// traced. Linux: in kernel/trace/ftrace.c and trace_pid.c.

import { Errno, Limits } from "../../abi";
import { SeqFile, seq_printf, seq_puts } from "../../fs/seq_file";
import { set_trace_fork_hook } from "../fork";
import { Task } from "../sched/task";
import {
  TracePids,
  trace_no_pids,
  trace_pids,
  trace_task_wanted,
} from "./trace";
import { TraceAttr, trace_attr_of, trace_create_attr } from "./trace_attr";
import { TraceOpt, trace_opt } from "./trace_options";
import {
  trace_get_user,
  trace_number,
  trace_parse_number,
  trace_parser_start,
} from "./trace_parser";

function pids_of(attr: TraceAttr): TracePids {
  return changetype<TracePids>(attr.data);
}

function pids_show(m: SeqFile, _v: usize): i32 {
  const pids = pids_of(trace_attr_of(m));
  if (!pids.on) {
    seq_puts(m, "no pid\n");
    return 0;
  }
  for (let pid: u32 = 0; pid < <u32>Limits.PID_MAX; pid++) {
    const byte = <u32>load<u8>(pids.bits + (pid >> 3));
    if ((byte & (1 << (pid & 7))) != 0) seq_printf(m, "%u\n", pid);
  }
  return 0;
}

function pids_truncate(attr: TraceAttr): i32 {
  const pids = pids_of(attr);
  memory.fill(pids.bits, 0, Limits.PID_MAX / 8);
  pids.on = false;
  return 0;
}

function add_pid(pids: TracePids, pid: u32): void {
  const at = pids.bits + (pid >> 3);
  const bit = (<u32>1) << (pid & 7);
  store<u8>(at, <u8>(load<u8>(at) | bit));
  pids.on = true;
}

function pids_write(attr: TraceAttr, text: usize): i32 {
  trace_parser_start(text);
  for (let w = trace_get_user(); w != 0; w = trace_get_user()) {
    if (!trace_parse_number(w)) return -Errno.EINVAL;
    if (trace_number >= <u64>Limits.PID_MAX) return -Errno.EINVAL;
    add_pid(pids_of(attr), <u32>trace_number);
  }
  return 0;
}

/** Option function-fork: the children of a listed task are listed too. */
function follow_fork(child: Task): void {
  if (!trace_opt(TraceOpt.FUNCTION_FORK)) return;
  if (trace_pids.on && trace_task_wanted()) {
    add_pid(trace_pids, <u32>child.pid);
  }
}

function create_pid_file(name: string, pids: TracePids): void {
  const attr = trace_create_attr(name, 0o640, null, pids_show, pids_write);
  if (attr == null) return;
  attr.data = changetype<usize>(pids);
  attr.truncate = pids_truncate;
}

export function ftrace_pid_init(): void {
  set_trace_fork_hook(follow_fork);
  create_pid_file("set_ftrace_pid", trace_pids);
  create_pid_file("set_ftrace_notrace_pid", trace_no_pids);
}
