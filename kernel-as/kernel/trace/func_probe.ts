// func_probe.ts - what happens at a call of a function that has a command:
// tracing goes on or off, the stack is recorded, the buffer is dumped or
// becomes the snapshot, an event is switched. The commands themselves:
// func_command.ts.
//
// Not traced, and it may not sleep.
// Mirrors the probe ops of Linux kernel/trace/trace_functions.c.

import { IrqWork, irq_work_queue } from "../irq_work";
import { FtraceOps } from "./ftrace_caller";
import { rb_swap, snapshot_rb } from "./ring_buffer";
import {
  trace_recursion_trylock,
  trace_recursion_unlock,
  tracer_tracing_on,
  tracing_on,
} from "./trace";
import { trace_stack_notrace } from "./trace_functions";
import { TraceKprobe } from "./trace_probe";

export const enum FuncAction {
  TRACEON = 0,
  TRACEOFF = 1,
  STACKTRACE = 2,
  DUMP = 3,
  ENABLE_EVENT = 4,
  DISABLE_EVENT = 5,
  SNAPSHOT = 6,
  NR = 7,
}

/** A command on one function. */
@unmanaged
export class FuncProbe {
  /** In its bucket. */
  next: usize;
  site: u32;
  /** A FuncAction. */
  action: u32;
  /** Whether count says how often it is still done. */
  counted: bool;
  count: u64;
  /** The TraceKprobe that is switched, or 0. */
  event: usize;
}

const NR_BUCKETS: u32 = 256;
const buckets = memory.data(4 * 256, 4);

/** Where the list of the probes on site, among others, begins. */
export function func_probe_bucket(site: u32): usize {
  return buckets + 4 * (site % NR_BUCKETS);
}

/** Switches all probes of an event, of which the first is given. */
function set_event(event: usize, on: bool): bool {
  if (changetype<TraceKprobe>(event).soft_disabled != on) return false;
  for (let at = event; at != 0; at = changetype<TraceKprobe>(at).sibling) {
    changetype<TraceKprobe>(at).soft_disabled = !on;
  }
  return true;
}

function set_tracing(on: bool): bool {
  if (tracing_on == on) return false;
  tracer_tracing_on(on);
  return true;
}

/** Its memory came with the command; a user may have freed it. */
function take_snapshot(): bool {
  if (snapshot_rb.size == 0) return false;
  rb_swap();
  return true;
}

/** False: nothing had to be done, so it does not count. */
function act(p: FuncProbe): bool {
  if (p.action == FuncAction.TRACEON) return set_tracing(true);
  if (p.action == FuncAction.TRACEOFF) return set_tracing(false);
  if (p.action == FuncAction.ENABLE_EVENT) return set_event(p.event, true);
  if (p.action == FuncAction.DISABLE_EVENT) return set_event(p.event, false);
  if (p.action == FuncAction.SNAPSHOT) return take_snapshot();
  if (p.action == FuncAction.DUMP) irq_work_queue(IrqWork.FTRACE_DUMP);
  else {
    if (!tracing_on) return false;
    trace_stack_notrace();
  }
  return true;
}

function run_probe(p: FuncProbe): void {
  if (p.counted && p.count == 0) return;
  if (act(p) && p.counted) p.count--;
}

export function function_trace_probe_call(site: u32, _ops: FtraceOps): u32 {
  if (!trace_recursion_trylock()) return 0;
  let at = load<usize>(func_probe_bucket(site));
  for (; at != 0; at = load<usize>(at)) {
    const p = changetype<FuncProbe>(at);
    if (p.site == site) run_probe(p);
  }
  trace_recursion_unlock();
  return 0;
}
