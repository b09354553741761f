// trace_entries.ts - what the records of the ring buffer hold.
// Functions are named by id, so a record says which version ran.
// Mirrors Linux kernel/trace/trace_entries.h.

import { TraceEntry } from "./ring_buffer";

export const enum TraceType {
  FN = 1,
  GRAPH_ENT = 2,
  GRAPH_RET = 3,
  KPROBE = 4,
  STACK = 5,
  PRINT = 6,
}

@unmanaged
export class FnEntry extends TraceEntry {
  ip: u32;
  /** Who called; 0 the border to user mode. */
  parent: u32;
}

@unmanaged
export class GraphEntEntry extends TraceEntry {
  ip: u32;
  depth: u32;
  /** Followed by nr_args values of 8 bytes. */
  nr_args: u32;
  pad1: u32;
}

@unmanaged
export class GraphRetEntry extends TraceEntry {
  ip: u32;
  depth: u32;
  calltime: u64;
  rettime: u64;
  /** Calls that were too deep to be noted. */
  overrun: u32;
  pad1: u32;
  retval: i64;
}

@unmanaged
export class StackEntry extends TraceEntry {
  nr: u32;
  /** nr ids follow. */
  pad1: u32;
}

@unmanaged
export class PrintEntry extends TraceEntry {
  /** Id of the writer's function; text, NUL-terminated, follows. */
  ip: u32;
  size: u32;
}
