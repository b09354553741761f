// trace_functions.ts - the function tracer: one record for every call.
// Who called, call_stack.ts knows. Not traced, and it may not sleep.
// Mirrors Linux kernel/trace/trace_functions.c.

import { call_parent, save_calls } from "./call_stack";
import { ftrace_site_id } from "./dyn_ftrace";
import { FtraceOps } from "./ftrace_caller";
import {
  trace_recursion_trylock,
  trace_recursion_unlock,
  trace_reserve,
  trace_task_wanted,
  tracing_on,
} from "./trace";
import { FnEntry, StackEntry, TraceType } from "./trace_entries";

/** Deepest stack that is recorded. */
const STACK_MAX: u32 = 32;
const frames = memory.data(4 * 32, 4);

/** Option func_stack_trace: a stack behind every call. */
export let func_stack_trace: bool = false;

export function set_func_stack_trace(on: bool): void {
  func_stack_trace = on;
}

export function trace_function(ip: u32, parent: u32): void {
  const e = trace_reserve(TraceType.FN, offsetof<FnEntry>());
  if (e == null) return;
  const fn = changetype<FnEntry>(e);
  fn.ip = ip;
  fn.parent = parent;
}

/** Records the stack, from the traced function on. */
export function trace_stack_notrace(): void {
  const nr = save_calls(frames, STACK_MAX);
  const e = trace_reserve(TraceType.STACK, offsetof<StackEntry>() + 4 * nr);
  if (e == null) return;
  const stack = changetype<StackEntry>(e);
  stack.nr = nr;
  memory.copy(changetype<usize>(e) + offsetof<StackEntry>(), frames, 4 * nr);
}

export function function_trace_call(site: u32, _ops: FtraceOps): u32 {
  if (!tracing_on) return 0;
  if (!trace_recursion_trylock()) return 0;
  if (trace_task_wanted()) {
    trace_function(ftrace_site_id(site), call_parent());
    if (func_stack_trace) trace_stack_notrace();
  }
  trace_recursion_unlock();
  return 0;
}
