// trace_iter.ts - walks over the records, for `trace` and `trace_pipe`.
//
// A walk over a snapshot ends where the buffer ended when it began, so that
// a reader whose own system calls are traced comes to an end. For the same
// reason it looks at a copy of each record: printing makes records, which may
// be written over the one that is printed.

import { SeqFile } from "../../fs/seq_file";
import { kzalloc } from "../../mm/slab";
import { RingBuffer, TraceEntry, rb_peek, rb_seek } from "./ring_buffer";
import { GraphRetEntry, TraceType } from "./trace_entries";

@unmanaged
export class TraceIter {
  /** What is walked over. */
  rb: RingBuffer;
  /** Position of the record; ring_buffer.ts. */
  pos: u64;
  /** Positions from here on are not looked at. */
  end: u64;
  /** Number of the record at pos, from 1. */
  index: u64;
  /** Of function_graph: whose rows were printed last, and open calls. */
  last_pid: i32;
  depth: i32;
  enter_funcs: usize;
  /** The copy, and whether it is of the record at pos. */
  ent: TraceEntry;
  copied: bool;
  /** Copy of the return right behind an entry of function_graph. */
  ret: GraphRetEntry;
  has_ret: bool;
  /** Position behind it. */
  ret_end: u64;
}

/** Deepest call whose name is remembered for its closing brace. */
export const ENTER_FUNCS: u32 = 64;
/** Longest record: a mark of trace_marker. */
const MAX_RECORD: u32 = 4352;

export function trace_iter_alloc(rb: RingBuffer): TraceIter | null {
  const names: u32 = 4 * ENTER_FUNCS;
  const ret = <u32>offsetof<GraphRetEntry>();
  const size = <u32>offsetof<TraceIter>() + names + ret + MAX_RECORD;
  const at = kzalloc(size);
  if (at == 0) return null;
  const iter = changetype<TraceIter>(at);
  iter.rb = rb;
  iter.enter_funcs = at + offsetof<TraceIter>();
  iter.ret = changetype<GraphRetEntry>(iter.enter_funcs + names);
  iter.ent = changetype<TraceEntry>(iter.enter_funcs + names + ret);
  return iter;
}

/** Goes to the oldest record; what comes from now on is not looked at. */
export function trace_iter_start(iter: TraceIter): void {
  trace_iter_rewind(iter, iter.rb.tail);
}

/** Goes to the oldest record. */
export function trace_iter_rewind(iter: TraceIter, end: u64): void {
  iter.end = end;
  iter.pos = rb_seek(iter.rb, 0);
  iter.copied = false;
  iter.index = 1;
  iter.last_pid = -1;
  memory.fill(iter.enter_funcs, 0, 4 * ENTER_FUNCS);
}

function copy_return(iter: TraceIter, e: TraceEntry): void {
  iter.has_ret = false;
  if (e.type != TraceType.GRAPH_ENT) return;
  const pos = rb_seek(iter.rb, iter.pos + e.len);
  const next = rb_peek(iter.rb, pos);
  if (next == null || next.type != TraceType.GRAPH_RET) return;
  const from = changetype<usize>(next);
  memory.copy(changetype<usize>(iter.ret), from, offsetof<GraphRetEntry>());
  iter.ret_end = pos + next.len;
  iter.has_ret = true;
}

/** The record the walk is at; null at the end. */
export function trace_iter_peek(iter: TraceIter): TraceEntry | null {
  const pos = rb_seek(iter.rb, iter.pos);
  if (iter.copied && pos == iter.pos) return iter.ent;
  iter.pos = pos;
  iter.copied = false;
  const e = pos < iter.end ? rb_peek(iter.rb, pos) : null;
  if (e == null) return null;
  const own = changetype<usize>(iter.ent);
  memory.copy(own, changetype<usize>(e), min(e.len, MAX_RECORD));
  copy_return(iter, e);
  iter.copied = true;
  return iter.ent;
}

/** The record that was looked at last, even if it is lost by now. */
export function trace_iter_current(iter: TraceIter): TraceEntry | null {
  return iter.copied ? iter.ent : trace_iter_peek(iter);
}

/** Goes on behind the record that was looked at. */
export function trace_iter_advance(iter: TraceIter): void {
  if (!iter.copied) return;
  iter.pos = rb_seek(iter.rb, iter.pos + iter.ent.len);
  iter.copied = false;
  iter.index++;
}

/** The same, behind the return that follows it as well. */
export function trace_iter_advance_leaf(iter: TraceIter): void {
  if (!iter.copied) return;
  iter.pos = rb_seek(iter.rb, iter.ret_end);
  iter.copied = false;
  iter.index += 2;
}

export function trace_iter_of(m: SeqFile): TraceIter {
  return changetype<TraceIter>(m.private_data);
}
