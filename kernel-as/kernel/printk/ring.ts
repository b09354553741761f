// ring.ts - the kernel log: records in a ring of LOG_BUF_LEN bytes.
//
//   | len u16 | level u8 | facility u8 | pad u32 | seq u64 | ts u64 | text |
//
// A record never wraps: when it does not fit before the end, a record of
// length 0 marks the jump to the start. The oldest records are overwritten.
// Mirrors Linux kernel/printk/printk_ringbuffer.c, which is lockless.

export const LOG_BUF_LEN: u32 = 262144;
const HEAD: u32 = 24;
const log_buf = memory.data(262144, 8);

let first_seq: u64 = 0;
let next_seq: u64 = 0;
/** Offset of the oldest record and of the free space. */
let first: u32 = 0;
let tail: u32 = 0;

@unmanaged
export class LogRecord {
  len: u16;
  level: u8;
  facility: u8;
  pad: u32;
  seq: u64;
  ts: u64;

  get text(): usize {
    return changetype<usize>(this) + HEAD;
  }
}

function record_at(offset: u32): LogRecord {
  return changetype<LogRecord>(log_buf + offset);
}

function record_size(len: u32): u32 {
  return (HEAD + len + 7) & ~7;
}

/** Offset of the record after the one at offset. */
function step(offset: u32): u32 {
  offset += record_size(record_at(offset).len);
  if (offset + HEAD > LOG_BUF_LEN || record_at(offset).len == 0) {
    return offset == tail ? offset : 0;
  }
  return offset;
}

function drop_first(): void {
  first = step(first);
  first_seq++;
  if (first_seq == next_seq) first = tail;
}

/** Whether [at, at + size) holds live records. */
function occupied(at: u32, size: u32): bool {
  if (first_seq == next_seq) return false;
  return first >= at && first < at + size;
}

/** Appends a record of len bytes (1 to 1024) at text. */
export function log_store(
  level: u8,
  facility: u8,
  ts: u64,
  text: usize,
  len: u32,
): void {
  const size = record_size(len);
  if (tail + size + HEAD > LOG_BUF_LEN) {
    while (occupied(tail, LOG_BUF_LEN - tail)) drop_first();
    record_at(tail).len = 0;
    tail = 0;
  }
  while (occupied(tail, size + HEAD)) drop_first();
  const r = record_at(tail);
  if (first_seq == next_seq) first = tail;
  r.len = <u16>len;
  r.level = level;
  r.facility = facility;
  r.seq = next_seq++;
  r.ts = ts;
  memory.copy(r.text, text, len);
  tail += size;
  record_at(tail).len = 0;
}

export function log_first_seq(): u64 {
  return first_seq;
}

export function log_next_seq(): u64 {
  return next_seq;
}

let cached_seq: u64 = u64.MAX_VALUE;
let cached_offset: u32 = 0;

/** The record numbered seq, or the oldest after it; null past the end. */
export function log_record(seq: u64): LogRecord | null {
  if (seq >= next_seq) return null;
  if (seq < first_seq) seq = first_seq;
  let at = first;
  let n = first_seq;
  if (cached_seq >= first_seq && cached_seq <= seq) {
    at = cached_offset;
    n = cached_seq;
  }
  for (; n < seq; n++) at = step(at);
  cached_seq = seq;
  cached_offset = at;
  return record_at(at);
}
