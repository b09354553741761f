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

@unmanaged
export class RingBuffer {
  /** Position of the oldest record, and of the next one. */
  head: u64;
  tail: u64;
  /** Records written over. */
  overrun: u64;
  /** Records not written because the buffer was full. */
  dropped: u64;
  /** Records taken out by trace_pipe. */
  read_events: u64;
  base: usize;
  /** Bytes; 0 until it is needed. */
  size: u32;
  /** Records in the buffer. */
  entries: u32;
  unused: u32;
}

/** What tracers write to; and the snapshot of it. */
export const trace_rb = changetype<RingBuffer>(
  memory.data(offsetof<RingBuffer>(), 8),
);
export const snapshot_rb = changetype<RingBuffer>(
  memory.data(offsetof<RingBuffer>(), 8),
);
const swap_space = memory.data(offsetof<RingBuffer>(), 8);
/** trace_options overwrite. */
export let rb_overwrite: bool = true;

export function rb_set_overwrite(on: bool): void {
  rb_overwrite = on;
}

/** Makes size bytes at base the buffer; it is empty then. */
export function rb_set_buffer(rb: RingBuffer, base: usize, size: u32): void {
  rb.base = base;
  rb.size = size;
  rb_reset(rb);
}

/** The first position from pos on that is at the buffer's beginning. */
function rb_round_up(rb: RingBuffer, pos: u64): u64 {
  if (rb.size == 0 || pos % rb.size == 0) return pos;
  return pos + rb.size - (pos % rb.size);
}

export function rb_reset(rb: RingBuffer): void {
  rb.head = rb.tail = rb_round_up(rb, rb.tail);
  rb.entries = 0;
  rb.overrun = rb.dropped = rb.read_events = 0;
}

/** The records become the snapshot; the old snapshot's memory, as large, is
 * written to from now on. Positions go on, for readers. */
export function rb_swap(): void {
  const live = changetype<usize>(trace_rb);
  const snapshot = changetype<usize>(snapshot_rb);
  memory.copy(swap_space, live, offsetof<RingBuffer>());
  memory.copy(live, snapshot, offsetof<RingBuffer>());
  memory.copy(snapshot, swap_space, offsetof<RingBuffer>());
  trace_rb.tail = snapshot_rb.tail;
  rb_reset(trace_rb);
}

function rb_at(rb: RingBuffer, pos: u64): TraceEntry {
  return changetype<TraceEntry>(rb.base + <usize>(pos % rb.size));
}

/** Removes the oldest record. */
function rb_drop_head(rb: RingBuffer): void {
  const e = rb_at(rb, rb.head);
  if (e.type != TRACE_PADDING) rb.entries--;
  rb.head += e.len;
}

function rb_make_room(rb: RingBuffer, len: u32): bool {
  while (rb.tail + len - rb.head > rb.size) {
    if (!rb_overwrite) return false;
    if (rb_at(rb, rb.head).type != TRACE_PADDING) rb.overrun++;
    rb_drop_head(rb);
  }
  return true;
}

/** Fills the end of the buffer when a record of len would not fit there. */
function rb_pad(rb: RingBuffer, len: u32): bool {
  const left = rb.size - <u32>(rb.tail % rb.size);
  if (left >= len) return true;
  if (!rb_make_room(rb, left)) return false;
  const e = rb_at(rb, rb.tail);
  e.len = left;
  e.type = TRACE_PADDING;
  rb.tail += left;
  return true;
}

/** A new record of len bytes, its head's len filled in; null: dropped. */
export function rb_reserve(type: u8, len: u32): TraceEntry | null {
  const rb = trace_rb;
  len = (len + 7) & ~7;
  if (len > rb.size) return null;
  if (!rb_pad(rb, len) || !rb_make_room(rb, len)) {
    rb.dropped++;
    return null;
  }
  const e = rb_at(rb, rb.tail);
  e.len = len;
  e.type = type;
  rb.tail += len;
  rb.entries++;
  return e;
}

/** Position of the first record at pos or behind it. */
export function rb_seek(rb: RingBuffer, pos: u64): u64 {
  if (pos < rb.head) pos = rb.head;
  while (pos < rb.tail && rb_at(rb, pos).type == TRACE_PADDING) {
    pos += rb_at(rb, pos).len;
  }
  return pos;
}

/** The record at a position that rb_seek() gave; null at the end. */
export function rb_peek(rb: RingBuffer, pos: u64): TraceEntry | null {
  return pos >= rb.head && pos < rb.tail ? rb_at(rb, pos) : null;
}

/** Takes out everything before pos: it was read. */
export function rb_consume(rb: RingBuffer, pos: u64): void {
  while (rb.head < pos && rb.head < rb.tail) {
    if (rb_at(rb, rb.head).type != TRACE_PADDING) rb.read_events++;
    rb_drop_head(rb);
  }
}
