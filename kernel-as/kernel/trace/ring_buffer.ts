// ring_buffer.ts - where trace events lie until somebody reads them.
//
// A fixed number of bytes; positions count all bytes ever written, so that
// a reader notices when its place was written over. A record never wraps:
// what is left at the end becomes padding. When the buffer is full the oldest
// records go (overrun), or, without `overwrite`, the new ones (dropped).
// Not traced, and it may not sleep. Mirrors Linux kernel/trace/ring_buffer.c.

/** Head of every record; what follows depends on the type. */
@unmanaged
export class TraceEntry {
  /** Bytes of the record, head included; a multiple of 8. */
  len: u32;
  /** A TraceType; 0 is padding. */
  type: u8;
  /** need_resched, as the column shows it. */
  flags: u8;
  preempt_count: u8;
  pad: u8;
  pid: i32;
  unused: u32;
  /** Virtual ns since boot. */
  ts: u64;
}

export const TRACE_PADDING: u8 = 0;

let rb_base: usize = 0;
let rb_size: u32 = 0;
/** Position of the oldest record, and of the next one. */
let rb_head: u64 = 0;
let rb_tail: u64 = 0;
/** Records in the buffer. */
export let rb_entries: u32 = 0;
/** Records written over. */
export let rb_overrun: u64 = 0;
/** Records not written because the buffer was full. */
export let rb_dropped: u64 = 0;
/** Records taken out by trace_pipe. */
export let rb_read_events: u64 = 0;
/** trace_options overwrite. */
export let rb_overwrite: bool = true;

export function rb_set_overwrite(on: bool): void {
  rb_overwrite = on;
}

/** Makes size bytes at base the buffer; it is empty then. */
export function rb_set_buffer(base: usize, size: u32): void {
  rb_base = base;
  rb_size = size;
  rb_reset();
}

export function rb_buffer(): usize {
  return rb_base;
}

/** Bytes of the buffer; 0 until it is needed. */
export function rb_buffer_size(): u32 {
  return rb_size;
}

export function rb_reset(): void {
  rb_head = rb_tail;
  if (rb_size != 0 && rb_tail % rb_size != 0) {
    rb_head = rb_tail = rb_tail + rb_size - (rb_tail % rb_size);
  }
  rb_entries = 0;
  rb_overrun = rb_dropped = rb_read_events = 0;
}

export function rb_end(): u64 {
  return rb_tail;
}

function rb_at(pos: u64): TraceEntry {
  return changetype<TraceEntry>(rb_base + <usize>(pos % rb_size));
}

/** Removes the oldest record. */
function rb_drop_head(): void {
  const e = rb_at(rb_head);
  if (e.type != TRACE_PADDING) rb_entries--;
  rb_head += e.len;
}

function rb_make_room(len: u32): bool {
  while (rb_tail + len - rb_head > rb_size) {
    if (!rb_overwrite) return false;
    if (rb_at(rb_head).type != TRACE_PADDING) rb_overrun++;
    rb_drop_head();
  }
  return true;
}

/** Fills the end of the buffer when a record of len would not fit there. */
function rb_pad(len: u32): bool {
  const left = rb_size - <u32>(rb_tail % rb_size);
  if (left >= len) return true;
  if (!rb_make_room(left)) return false;
  const e = rb_at(rb_tail);
  e.len = left;
  e.type = TRACE_PADDING;
  rb_tail += left;
  return true;
}

/** A new record of len bytes, its head's len filled in; null: dropped. */
export function rb_reserve(type: u8, len: u32): TraceEntry | null {
  len = (len + 7) & ~7;
  if (len > rb_size) return null;
  if (!rb_pad(len) || !rb_make_room(len)) {
    rb_dropped++;
    return null;
  }
  const e = rb_at(rb_tail);
  e.len = len;
  e.type = type;
  rb_tail += len;
  rb_entries++;
  return e;
}

/** Position of the first record at pos or behind it. */
export function rb_seek(pos: u64): u64 {
  if (pos < rb_head) pos = rb_head;
  while (pos < rb_tail && rb_at(pos).type == TRACE_PADDING) {
    pos += rb_at(pos).len;
  }
  return pos;
}

/** The record at a position that rb_seek() gave; null at the end. */
export function rb_peek(pos: u64): TraceEntry | null {
  return pos >= rb_head && pos < rb_tail ? rb_at(pos) : null;
}

/** Takes out everything before pos: it was read. */
export function rb_consume(pos: u64): void {
  while (rb_head < pos && rb_head < rb_tail) {
    if (rb_at(rb_head).type != TRACE_PADDING) rb_read_events++;
    rb_drop_head();
  }
}
