// ftrace_caller.ts - what a trampoline asks: whom shall this call run?
//
// Nothing here may sleep or be traced, and asyncify leaves the file alone:
// ftrace_caller() runs while a stack is being rewound.
// Mirrors Linux arch/x86/kernel/ftrace_64.S, where the handlers change the
// instruction pointer in the saved registers.

import { Asyncify } from "../../abi";
import { asyncify_state } from "../../host";
import { rewind_target } from "../unwind";
import {
  call_begins,
  call_ends,
  call_jumps,
  calls_followed,
} from "./call_stack";
import { DynFtrace, ftrace_site_id, lookup_rec } from "./dyn_ftrace";

/** A callback on sites. Registered by ftrace.ts. */
@unmanaged
export class FtraceOps {
  /** Looks at a call of site; a table entry to run instead, or 0. */
  func: ((site: u32, ops: FtraceOps) => u32) | null;
  /** FtraceOpsFl bits. */
  flags: u32;
  /** The only site it is for, or 0: then the two filters count. */
  site: u32;
  /** Bitmap of sites, or 0 for all. */
  filter: usize;
  /** Bitmap of sites that are left out, or 0. */
  notrace: usize;
  /**
   * Site of the function that every call runs, when it is the same for all
   * tasks: then no trampoline is needed. Else 0.
   */
  direct: u32;
  data: usize;
  /** ftrace_ops.ts: list of those whose sites may change. */
  next: usize;
}

/** ops attached to a site. */
@unmanaged
export class FtraceAttach {
  next: usize;
  ops: FtraceOps;
}

/** Arguments of the call, written by the trampoline: 6 of 8 bytes. */
export const ftrace_regs = memory.data(48, 8);

/** Trampolines report returns while this is not 0. */
export let ftrace_graph_active: i32 = 0;

/** Old frames resume in old code. Off only to show what then breaks. */
export let ftrace_rewind_lookup: i32 = 1;

let graph_return: ((site: u32, value: i64) => void) | null = null;

export function set_ftrace_rewind_lookup(on: i32): void {
  ftrace_rewind_lookup = on;
}

export function set_ftrace_graph(
  fn: ((site: u32, value: i64) => void) | null,
): void {
  graph_return = fn;
  update_graph_active();
}

/** Who waits for returns has come or gone. */
export function update_graph_active(): void {
  ftrace_graph_active = graph_return != null || calls_followed ? 1 : 0;
}

/** Number of the traced call that handlers look at; fgraph.ts. */
export let ftrace_call_nr: u32 = 0;

/** Where Linux sends a site that nobody is attached to. */
export function ftrace_stub(): void {}

export function arch_ftrace_ops_list_func(site: u32, rec: DynFtrace): u32 {
  let ip = ftrace_site_id(site);
  const nr = ++ftrace_call_nr;
  for (let at = rec.attached; at != 0; at = load<usize>(at)) {
    const ops = changetype<FtraceAttach>(at).ops;
    const func = ops.func;
    if (func == null) continue;
    const to = func(site, ops);
    // What it called may have been traced too.
    ftrace_call_nr = nr;
    if (to != 0) ip = to;
  }
  return ip;
}

/** The version whose frame is going to be resumed. */
function rewound_version(): u32 {
  const id = rewind_target();
  // A stack whose frames are unknown cannot be resumed.
  if (id == 0) unreachable();
  return id;
}

function choose_entry(site: u32): u32 {
  if (asyncify_state == Asyncify.REWINDING && ftrace_rewind_lookup != 0) {
    return rewound_version();
  }
  return arch_ftrace_ops_list_func(site, <DynFtrace>lookup_rec(site));
}

/** The table entry that a call of site has to run. */
export function ftrace_caller(site: u32): u32 {
  if (!calls_followed) return choose_entry(site);
  const own = ftrace_site_id(site);
  call_begins(site, own);
  const entry = choose_entry(site);
  if (entry != own) call_jumps(entry, ftrace_site_id(entry));
  return entry;
}

/** A traced call came back with value. */
export function ftrace_return(site: u32, value: i64): void {
  const fn = graph_return;
  if (fn != null) fn(site, value);
  if (calls_followed) call_ends(site);
}
