// trace_functions.ts - the function tracer: one record for every call.
//
// Who called is read from the engine's stack, which is slow. When all
// functions are traced, the shadow stack of fgraph.ts knows it too: the
// caller is the innermost call noted. (A notrace function in between is then
// passed over.) A redirected call still asks the engine: the noted call
// around the new function is that of the old one, not of who called both.
// Not traced, and it may not sleep.
// Mirrors Linux kernel/trace/trace_functions.c.

import { ftrace_parent, stack_frames } from "../../host";
import { DynFtrace, FtraceFl, ftrace_site_id, lookup_rec } from "./dyn_ftrace";
import { FUNCTION_TRACER, fgraph_outer, fgraph_push } from "./fgraph";
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
let func_stack_trace: bool = false;

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

/** Records the stack that called the traced function. */
export function trace_stack_notrace(): void {
  const nr = stack_frames(frames, STACK_MAX);
  const e = trace_reserve(TraceType.STACK, offsetof<StackEntry>() + 4 * nr);
  if (e == null) return;
  const stack = changetype<StackEntry>(e);
  stack.nr = nr;
  memory.copy(changetype<usize>(e) + offsetof<StackEntry>(), frames, 4 * nr);
}

/** Every call is noted on the shadow stack. */
let shadow: bool = false;

export function set_function_shadow(on: bool): void {
  shadow = on;
}

function is_redirected(site: u32): bool {
  const rec = <DynFtrace>lookup_rec(site);
  return (rec.flags & FtraceFl.IPMODIFY) != 0;
}

/** Id of the caller by the shadow stack, or 0 when it does not know. */
function shadow_parent(site: u32): u32 {
  if (fgraph_push(site, FUNCTION_TRACER) == null) return 0;
  const outer = fgraph_outer(FUNCTION_TRACER);
  if (outer == null || is_redirected(outer.site)) return 0;
  return ftrace_site_id(outer.site);
}

export function function_trace_call(site: u32, _ops: FtraceOps): u32 {
  if (!shadow && !tracing_on) return 0;
  if (!trace_recursion_trylock()) return 0;
  let parent: u32 = shadow ? shadow_parent(site) : 0;
  if (tracing_on && trace_task_wanted()) {
    if (parent == 0) parent = ftrace_parent();
    trace_function(ftrace_site_id(site), parent);
    if (func_stack_trace) trace_stack_notrace();
  }
  trace_recursion_unlock();
  return 0;
}
