// trace_functions_graph.ts - records entries and returns of calls.
//
// What is recorded: all calls, or those inside of set_graph_function's; not
// those inside of set_graph_notrace's; no deeper than max_graph_depth. With
// tracing_thresh only the ends of calls that took so long.
// Not traced. Mirrors Linux kernel/trace/trace_functions_graph.c.

import { ftrace_site_id } from "./dyn_ftrace";
import { FtraceOps, ftrace_regs } from "./ftrace_caller";
import {
  FGRAPH_TRACER,
  FgraphFrame,
  fgraph_outer,
  fgraph_overruns,
  fgraph_push,
} from "./fgraph";
import {
  trace_clock_local,
  trace_recursion_trylock,
  trace_recursion_unlock,
  trace_reserve,
  trace_task_wanted,
  tracing_on,
} from "./trace";
import { GraphEntEntry, GraphRetEntry, TraceType } from "./trace_entries";

/** FgraphFrame.flags. */
const enum GraphFl {
  /** Its entry is in the buffer. */
  RECORDED = 1,
  /** Inside of a function of set_graph_function. */
  CHOSEN = 2,
  /** Inside of a function of set_graph_notrace. */
  NOTRACE = 4,
}

/** Bitmaps of sites; 0: no choice. */
let graph_function: usize = 0;
let graph_notrace: usize = 0;
/** max_graph_depth; 0: no limit. */
export let fgraph_max_depth: u32 = 0;
/** tracing_thresh in nanoseconds; 0: none. */
export let tracing_thresh: u64 = 0;
/** Option funcgraph-args: six registers behind every entry. */
let graph_args: bool = false;
const NR_ARGS: u32 = 6;

export function set_graph_choice(functions: usize, notrace: usize): void {
  graph_function = functions;
  graph_notrace = notrace;
}

export function set_fgraph_max_depth(depth: u32): void {
  fgraph_max_depth = depth;
}

export function set_tracing_thresh(ns: u64): void {
  tracing_thresh = ns;
}

export function set_fgraph_args(on: bool): void {
  graph_args = on;
}

function in_bitmap(map: usize, site: u32): bool {
  return (load<u8>(map + (site >> 3)) & (1 << (site & 7))) != 0;
}

/** Flags of the call of site, from those of the call around it. */
function graph_flags(site: u32, outer: u32): u32 {
  let flags = outer & (GraphFl.CHOSEN | GraphFl.NOTRACE);
  if (graph_function == 0 || in_bitmap(graph_function, site)) {
    flags |= GraphFl.CHOSEN;
  }
  if (graph_notrace != 0 && in_bitmap(graph_notrace, site)) {
    flags |= GraphFl.NOTRACE;
  }
  return flags;
}

function wanted(f: FgraphFrame): bool {
  if (!tracing_on || !trace_task_wanted()) return false;
  if ((f.flags & GraphFl.CHOSEN) == 0) return false;
  if ((f.flags & GraphFl.NOTRACE) != 0) return false;
  return fgraph_max_depth == 0 || f.depth < fgraph_max_depth;
}

function record_entry(f: FgraphFrame): void {
  if (tracing_thresh != 0) {
    f.flags |= GraphFl.RECORDED;
    return;
  }
  const args: u32 = graph_args ? NR_ARGS : 0;
  const len = offsetof<GraphEntEntry>() + 8 * args;
  const e = trace_reserve(TraceType.GRAPH_ENT, <u32>len);
  if (e == null) return;
  const ent = changetype<GraphEntEntry>(e);
  ent.ip = ftrace_site_id(f.site);
  ent.depth = f.depth;
  ent.nr_args = args;
  const at = changetype<usize>(e) + offsetof<GraphEntEntry>();
  memory.copy(at, ftrace_regs, 8 * args);
  f.flags |= GraphFl.RECORDED;
}

export function trace_graph_entry(site: u32, _ops: FtraceOps): u32 {
  if (!trace_recursion_trylock()) return 0;
  const now = trace_clock_local();
  const f = fgraph_push(site, FGRAPH_TRACER);
  if (f != null) {
    const outer = fgraph_outer(FGRAPH_TRACER);
    const around: u32 = outer == null ? 0 : outer.flags;
    f.depth = outer == null ? 0 : outer.depth;
    if ((around & GraphFl.RECORDED) != 0) f.depth++;
    f.flags = graph_flags(site, around);
    f.calltime = now;
    if (wanted(f)) record_entry(f);
  }
  trace_recursion_unlock();
  return 0;
}

/** Called by fgraph.ts, inside of the recursion guard. */
export function trace_graph_return(f: FgraphFrame, value: i64): void {
  if ((f.flags & GraphFl.RECORDED) == 0) return;
  const now = trace_clock_local();
  if (now - f.calltime < tracing_thresh) return;
  const e = trace_reserve(TraceType.GRAPH_RET, offsetof<GraphRetEntry>());
  if (e == null) return;
  const ret = changetype<GraphRetEntry>(e);
  ret.ip = ftrace_site_id(f.site);
  ret.depth = f.depth;
  ret.calltime = f.calltime;
  ret.rettime = now;
  ret.overrun = fgraph_overruns;
  ret.retval = value;
}
