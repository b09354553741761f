// trace_seq.ts - the files `trace` and `snapshot`: a buffer as text.
//
// Reading takes nothing away; opening to write anew (>) empties the buffer.
// Mirrors the seq file of Linux kernel/trace/trace.c.

import { Errno, Open } from "../../abi";
import { Dentry, File, FileOperations, Fmode, Inode } from "../../fs/fs";
import {
  SEQ_START_TOKEN,
  SeqFile,
  SeqOperations,
  seq_file_of,
  seq_lseek,
  seq_open,
  seq_printf,
  seq_puts,
  seq_read_iter,
  seq_release,
} from "../../fs/seq_file";
import { lit } from "../../lib/string";
import { tracefs_create_file } from "../../fs/tracefs/inode";
import { kfree } from "../../mm/slab";
import { RingBuffer, snapshot_rb, trace_rb } from "./ring_buffer";
import { tracer_tracing_on, tracing_on } from "./trace";
import { tracing_reset } from "./trace_buffer";
import {
  TraceIter,
  trace_iter_alloc,
  trace_iter_current,
  trace_iter_of,
  trace_iter_peek,
  trace_iter_rewind,
  trace_iter_start,
} from "./trace_iter";
import {
  trace_advance,
  trace_default_header,
  trace_print_at,
} from "./trace_lines";
import { TraceOpt, trace_opt } from "./trace_options";
import { tracer_name } from "./tracer";

const tracing_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 4),
);
const tracer_seq_ops = changetype<SeqOperations>(
  memory.data(offsetof<SeqOperations>(), 4),
);
/** Readers that stopped the recording (pause-on-trace). */
let paused_by: usize = 0;

function print_snapshot_help(m: SeqFile, allocated: bool): void {
  const state = allocated ? "allocated" : "freed";
  seq_printf(m, "# tracer: %S\n#\n#\n# * Snapshot is ", tracer_name());
  seq_printf(m, "%S *\n#\n# Snapshot commands:\n", lit(state));
  seq_puts(m, "# echo 0 > snapshot : Clears and frees snapshot buffer\n");
  seq_puts(m, "# echo 1 > snapshot : Allocates snapshot buffer, if not ");
  seq_puts(m, "already allocated.\n");
  seq_puts(m, "#                      Takes a snapshot of the main buffer.\n");
  seq_puts(m, "# echo 2 > snapshot : Clears snapshot buffer (but does not ");
  seq_puts(m, "allocate or free)\n");
  seq_puts(m, "#                      (Doesn't have to be '2' works with any");
  seq_puts(m, " number that\n#                       is not a '0' or '1')\n");
}

/** Moves the walk to record number pos; a record, or 0 at the end. */
function seek_record(iter: TraceIter, pos: u64): usize {
  if (pos < iter.index) trace_iter_rewind(iter, iter.end);
  let e = trace_iter_peek(iter);
  while (e != null && iter.index < pos) {
    trace_advance(iter, e);
    e = trace_iter_peek(iter);
  }
  return changetype<usize>(e);
}

function s_start(m: SeqFile, pos: usize): usize {
  const iter = trace_iter_of(m);
  const index = load<u64>(pos);
  if (index == 0) {
    trace_iter_start(iter);
    return SEQ_START_TOKEN;
  }
  return seek_record(iter, index);
}

function s_next(m: SeqFile, v: usize, pos: usize): usize {
  const iter = trace_iter_of(m);
  if (v == SEQ_START_TOKEN) {
    store<u64>(pos, 1);
    return seek_record(iter, 1);
  }
  const e = trace_iter_current(iter);
  if (e != null) trace_advance(iter, e);
  store<u64>(pos, iter.index);
  return changetype<usize>(trace_iter_peek(iter));
}

function s_show(m: SeqFile, v: usize): i32 {
  const iter = trace_iter_of(m);
  if (v == SEQ_START_TOKEN && iter.rb.entries == 0 && iter.rb == snapshot_rb) {
    print_snapshot_help(m, iter.rb.size != 0);
    return 0;
  }
  if (v == SEQ_START_TOKEN) {
    trace_default_header(m, iter.rb);
    return 0;
  }
  const e = trace_iter_current(iter);
  if (e != null) trace_print_at(m, iter, e);
  return 0;
}

export function trace_open_for_read(file: File, rb: RingBuffer): i32 {
  const err = seq_open(file, tracer_seq_ops);
  if (err != 0) return err;
  const iter = trace_iter_alloc(rb);
  if (iter == null) {
    seq_release(file.inode, file);
    return -Errno.ENOMEM;
  }
  trace_iter_start(iter);
  seq_file_of(file).private_data = changetype<usize>(iter);
  if (rb == trace_rb && trace_opt(TraceOpt.PAUSE_ON_TRACE) && tracing_on) {
    paused_by = changetype<usize>(file);
    tracer_tracing_on(false);
  }
  return 0;
}

function tracing_open(_inode: Inode, file: File): i32 {
  const writes = (file.mode & Fmode.WRITE) != 0;
  if (writes && (file.flags & Open.TRUNC) != 0) tracing_reset();
  return (file.mode & Fmode.READ) != 0
    ? trace_open_for_read(file, trace_rb)
    : 0;
}

export function trace_read(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  return seq_read_iter(file, buf, count, ppos);
}

/** The text is ignored; what empties the buffer is O_TRUNC. */
function tracing_write_stub(
  _file: File,
  _buf: usize,
  count: u32,
  _ppos: usize,
): isize {
  return count;
}

export function trace_lseek(file: File, offset: i64, whence: i32): i64 {
  if ((file.mode & Fmode.READ) != 0) return seq_lseek(file, offset, whence);
  file.pos = 0;
  return 0;
}

export function trace_release(inode: Inode, file: File): i32 {
  if ((file.mode & Fmode.READ) == 0) return 0;
  kfree(seq_file_of(file).private_data);
  if (paused_by == changetype<usize>(file)) {
    paused_by = 0;
    tracer_tracing_on(true);
  }
  return seq_release(inode, file);
}

export function trace_seq_init(dir: Dentry | null): void {
  tracer_seq_ops.start = s_start;
  tracer_seq_ops.next = s_next;
  tracer_seq_ops.show = s_show;
  tracing_fops.open = tracing_open;
  tracing_fops.read = trace_read;
  tracing_fops.write = tracing_write_stub;
  tracing_fops.llseek = trace_lseek;
  tracing_fops.release = trace_release;
  tracefs_create_file("trace", 0o640, dir, 0, tracing_fops);
}
