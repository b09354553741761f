// seq_file.ts - text files that the kernel writes record by record.
//
// A reader gets whole records: start() finds the record at a position, show()
// prints it, next() goes on, stop() ends. A record that does not fit is shown
// again into a buffer twice the size, so show() must not change anything.
// Mirrors Linux fs/seq_file.c.

import { Errno, Limits } from "../abi";
import { mutex_lock, mutex_unlock } from "../kernel/locking/mutex";
import { IS_ERR, PTR_ERR } from "../lib/err";
import { strlen } from "../lib/string";
import { printf_args, vsnprintf } from "../lib/vsprintf";
import { kfree, kzalloc } from "../mm/slab";
import { File, Inode } from "./fs";
import { Seek } from "./read_write";

@unmanaged
export class SeqFile {
  /** Position of the next record. */
  index: u64;
  /** File position that buf and index belong to. */
  read_pos: u64;
  buf: usize;
  size: u32;
  /** Text in buf: count bytes from `from` on. */
  from: u32;
  count: u32;
  op: SeqOperations;
  private_data: usize;
  file: File;
  lock0: u64;
  lock1: u64;

  get lock(): usize {
    return changetype<usize>(this) + offsetof<SeqFile>("lock0");
  }
  get pindex(): usize {
    return changetype<usize>(this) + offsetof<SeqFile>("index");
  }
}

/** pos: address of a u64. A record is an address: 0 none, or an error. */
@unmanaged
export class SeqOperations {
  start: ((m: SeqFile, pos: usize) => usize) | null;
  stop: ((m: SeqFile, v: usize) => void) | null;
  next: ((m: SeqFile, v: usize, pos: usize) => usize) | null;
  /** 0, -errno, or SEQ_SKIP to print nothing. */
  show: ((m: SeqFile, v: usize) => i32) | null;
}

export const SEQ_SKIP = 1;
/** What start() returns before the first record, to print a header. */
export const SEQ_START_TOKEN: usize = 1;

export function seq_file_of(file: File): SeqFile {
  return changetype<SeqFile>(file.private_data);
}

export function seq_open(file: File, op: SeqOperations): i32 {
  const m = changetype<SeqFile>(kzalloc(offsetof<SeqFile>()));
  if (changetype<usize>(m) == 0) return -Errno.ENOMEM;
  m.op = op;
  m.file = file;
  file.private_data = changetype<usize>(m);
  return 0;
}

export function seq_release(inode: Inode, file: File): i32 {
  const m = seq_file_of(file);
  kfree(m.buf);
  kfree(changetype<usize>(m));
  return 0;
}

function seq_overflow(m: SeqFile): bool {
  return m.count >= m.size;
}

function alloc_buf(m: SeqFile, size: u32): bool {
  kfree(m.buf);
  m.buf = kzalloc(size);
  m.size = m.buf == 0 ? 0 : size;
  m.count = m.from = 0;
  return m.buf != 0;
}

function seq_stop(m: SeqFile, v: usize): void {
  const stop = m.op.stop;
  if (stop != null) stop(m, v);
}

/** Shows one record; what it wrote is taken back unless it counts. */
function show_record(m: SeqFile, v: usize): i32 {
  const before = m.count;
  const err = m.op.show!(m, v);
  if (err != 0) m.count = before;
  return err;
}

/** Shows the record at index, in a bigger buffer if need be; it or 0. */
function show_first(m: SeqFile): usize {
  let v = m.op.start!(m, m.pindex);
  while (v != 0 && !IS_ERR(v)) {
    const err = show_record(m, v);
    if (err < 0) {
      seq_stop(m, v);
      return <usize>err;
    }
    if (m.count > 0 && !seq_overflow(m)) return v;
    if (m.count == 0) {
      v = m.op.next!(m, v, m.pindex);
      continue;
    }
    seq_stop(m, v);
    if (!alloc_buf(m, 2 * m.size)) return -Errno.ENOMEM;
    v = m.op.start!(m, m.pindex);
  }
  seq_stop(m, v);
  return v;
}

/** Shows records while fewer than wanted bytes are there. */
function show_more(m: SeqFile, v: usize, wanted: u32): void {
  v = m.op.next!(m, v, m.pindex);
  while (v != 0 && !IS_ERR(v) && m.count < wanted) {
    const before = m.count;
    const err = show_record(m, v);
    if (err < 0 || seq_overflow(m)) {
      m.count = before;
      break;
    }
    v = m.op.next!(m, v, m.pindex);
  }
  seq_stop(m, v);
}

/** Fills the empty buffer from index on; 0 or -errno. */
function seq_fill(m: SeqFile, wanted: u32): i32 {
  m.count = m.from = 0;
  const v = show_first(m);
  if (IS_ERR(v)) return PTR_ERR(v);
  if (v != 0) show_more(m, v, wanted);
  return 0;
}

function seq_flush(m: SeqFile, buf: usize, n: u32): u32 {
  if (n > m.count) n = m.count;
  memory.copy(buf, m.buf + m.from, n);
  m.from += n;
  m.count -= n;
  return n;
}

/** Makes index and buf belong to file position pos again. */
function seq_traverse(m: SeqFile, pos: u64): i32 {
  m.index = m.read_pos = 0;
  m.count = m.from = 0;
  while (m.read_pos < pos) {
    const err = seq_fill(m, 1);
    if (err != 0 || m.count == 0) return err;
    const skip = min<u64>(pos - m.read_pos, m.count);
    m.from += <u32>skip;
    m.count -= <u32>skip;
    m.read_pos += skip;
  }
  return 0;
}

function seq_read_locked(m: SeqFile, buf: usize, count: u32, pos: u64): isize {
  if (m.buf == 0 && !alloc_buf(m, Limits.PAGE_SIZE)) return -Errno.ENOMEM;
  if (pos == 0 || pos != m.read_pos) {
    const err = seq_traverse(m, pos);
    if (err != 0) return err;
  }
  let done = seq_flush(m, buf, count);
  if (done < count && m.count == 0) {
    const err = seq_fill(m, count - done);
    if (err != 0) return done > 0 ? <isize>done : err;
    done += seq_flush(m, buf + done, count - done);
  }
  m.read_pos = pos + done;
  return done;
}

export function seq_read_iter(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  const m = seq_file_of(file);
  if (count == 0) return 0;
  mutex_lock(m.lock);
  const n = seq_read_locked(m, buf, count, load<u64>(ppos));
  if (n > 0) store<u64>(ppos, m.read_pos);
  mutex_unlock(m.lock);
  return n;
}

export function seq_lseek(file: File, offset: i64, whence: i32): i64 {
  if (whence == Seek.CUR) offset += file.pos;
  else if (whence != Seek.SET) return -Errno.EINVAL;
  if (offset < 0) return -Errno.EINVAL;
  file.pos = offset;
  return offset;
}

// Printing. A text that does not fit marks the buffer full.

/** printf into the file. */
export function seq_printf(
  m: SeqFile,
  fmt: string,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
  d: u64 = 0,
  e: u64 = 0,
  f: u64 = 0,
  g: u64 = 0,
  h: u64 = 0,
): void {
  if (seq_overflow(m)) return;
  const room = m.size - m.count;
  printf_args(a, b, c, d, e, f, g, h);
  const n = vsnprintf(m.buf + m.count, room, fmt);
  m.count = n < room ? m.count + n : m.size;
}

export function seq_putc(m: SeqFile, c: u8): void {
  if (seq_overflow(m)) return;
  store<u8>(m.buf + m.count++, c);
}

/** n bytes, which may hold NULs. */
export function seq_write(m: SeqFile, data: usize, n: u32): void {
  if (m.count + n >= m.size) {
    m.count = m.size;
    return;
  }
  memory.copy(m.buf + m.count, data, n);
  m.count += n;
}

/** An ASCII literal. */
export function seq_puts(m: SeqFile, s: string): void {
  const n = <u32>s.length;
  if (m.count + n >= m.size) {
    m.count = m.size;
    return;
  }
  const p = changetype<usize>(s);
  for (let i: u32 = 0; i < n; i++) {
    store<u8>(m.buf + m.count + i, load<u8>(p + 2 * i));
  }
  m.count += n;
}

/** A C string. */
export function seq_put_str(m: SeqFile, s: usize): void {
  seq_write(m, s, strlen(s));
}
