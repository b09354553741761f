// trace_iter.ts - walks over the records, for `trace` and `trace_pipe`.
//
// A walk over a snapshot ends where the buffer ended when it began, so that
// a reader whose own system calls are traced comes to an end.

import { SeqFile } from "../../fs/seq_file";
import { kzalloc } from "../../mm/slab";
import { TraceEntry, rb_peek, rb_seek } from "./ring_buffer";

@unmanaged
export class TraceIter {
  /** Position of the record, and of the one before; ring_buffer.ts. */
  pos: u64;
  prev: u64;
  /** Positions from here on are not looked at. */
  end: u64;
  /** Number of the record at pos, from 1. */
  index: u64;
  /** Of function_graph: whose rows were printed last, and open calls. */
  last_pid: i32;
  depth: i32;
  enter_funcs: usize;
}

/** Deepest call whose name is remembered for its closing brace. */
export const ENTER_FUNCS: u32 = 64;

export function trace_iter_alloc(): TraceIter | null {
  const at = kzalloc(offsetof<TraceIter>() + 4 * ENTER_FUNCS);
  if (at == 0) return null;
  const iter = changetype<TraceIter>(at);
  iter.enter_funcs = at + offsetof<TraceIter>();
  return iter;
}

/** Goes to the oldest record. */
export function trace_iter_rewind(iter: TraceIter, end: u64): void {
  iter.end = end;
  iter.pos = rb_seek(0);
  iter.prev = u64.MAX_VALUE;
  iter.index = 1;
  iter.last_pid = -1;
  memory.fill(iter.enter_funcs, 0, 4 * ENTER_FUNCS);
}

/** The record the walk is at; null at the end. */
export function trace_iter_peek(iter: TraceIter): TraceEntry | null {
  iter.pos = rb_seek(iter.pos);
  return iter.pos < iter.end ? rb_peek(iter.pos) : null;
}

/** The record behind the one the walk is at, or null. */
export function trace_iter_peek_next(iter: TraceIter): TraceEntry | null {
  const e = rb_peek(iter.pos);
  if (e == null) return null;
  return rb_peek(rb_seek(iter.pos + e.len));
}

/** Goes one record on. */
export function trace_iter_advance(iter: TraceIter): void {
  const e = rb_peek(iter.pos);
  if (e == null) return;
  iter.prev = iter.pos;
  iter.pos = rb_seek(iter.pos + e.len);
  iter.index++;
}

export function trace_iter_of(m: SeqFile): TraceIter {
  return changetype<TraceIter>(m.private_data);
}
