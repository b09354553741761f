// trace_pipe.ts - the file trace_pipe: each record is read once.
//
// A reader takes records out of the buffer and sleeps when there is none.
// Mirrors tracing_read_pipe() of Linux kernel/trace/trace.c.

import { Errno, Open, TaskState } from "../../abi";
import { Dentry, File, FileOperations, Inode, Poll } from "../../fs/fs";
import { SeqFile } from "../../fs/seq_file";
import { tracefs_create_file } from "../../fs/tracefs/inode";
import { IrqWork, irq_work_init } from "../irq_work";
import { schedule, signal_pending } from "../sched/core";
import { current } from "../sched/task";
import {
  finish_wait,
  init_waitqueue_head,
  prepare_to_wait,
  wake_up,
  waitqueue_active,
} from "../sched/wait";
import { kfree, kzalloc } from "../../mm/slab";
import { rb_consume, trace_rb } from "./ring_buffer";
import { trace_set_readers, tracing_on } from "./trace";
import {
  TraceIter,
  trace_iter_alloc,
  trace_iter_peek,
  trace_iter_start,
} from "./trace_iter";
import { trace_advance, trace_print_at } from "./trace_lines";
import { trace_get_ref, trace_put_ref } from "./tracer";

/** An open trace_pipe: a walk, and a buffer with text not yet read. */
@unmanaged
class TracePipe {
  iter: TraceIter;
  seq: SeqFile;
  /** It has read something: the end of tracing is its end of file. */
  began: bool;
}

const PIPE_BUF_SIZE: u32 = 16384;
const tracing_pipe_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 4),
);
const trace_wait = memory.data(8, 4);

/** Records came while somebody slept. */
function trace_wake_up(): void {
  wake_up(trace_wait);
}

function pipe_of(file: File): TracePipe {
  return changetype<TracePipe>(file.private_data);
}

function free_pipe(pipe: TracePipe): void {
  kfree(changetype<usize>(pipe.iter));
  if (changetype<usize>(pipe.seq) != 0) kfree(pipe.seq.buf);
  kfree(changetype<usize>(pipe.seq));
  kfree(changetype<usize>(pipe));
}

function alloc_pipe(): TracePipe | null {
  const pipe = changetype<TracePipe>(kzalloc(offsetof<TracePipe>()));
  if (changetype<usize>(pipe) == 0) return null;
  const iter = trace_iter_alloc(trace_rb);
  pipe.seq = changetype<SeqFile>(kzalloc(offsetof<SeqFile>()));
  if (iter != null) pipe.iter = iter;
  if (changetype<usize>(pipe.seq) != 0) {
    pipe.seq.buf = kzalloc(PIPE_BUF_SIZE);
    pipe.seq.size = PIPE_BUF_SIZE;
    if (iter != null && pipe.seq.buf != 0) return pipe;
  }
  free_pipe(pipe);
  return null;
}

function tracing_open_pipe(_inode: Inode, file: File): i32 {
  const pipe = alloc_pipe();
  if (pipe == null) return -Errno.ENOMEM;
  trace_iter_start(pipe.iter);
  file.private_data = changetype<usize>(pipe);
  trace_get_ref();
  return 0;
}

function tracing_release_pipe(_inode: Inode, file: File): i32 {
  free_pipe(pipe_of(file));
  trace_put_ref();
  return 0;
}

/** Sleeps until there are records; 0, or why not. */
function wait_pipe(): i32 {
  let err = 0;
  trace_set_readers(true);
  for (;;) {
    prepare_to_wait(trace_wait, TaskState.INTERRUPTIBLE);
    if (trace_rb.entries != 0) break;
    if (signal_pending(current)) {
      err = -Errno.ERESTARTSYS;
      break;
    }
    schedule();
  }
  finish_wait(trace_wait);
  if (!waitqueue_active(trace_wait)) trace_set_readers(false);
  return err;
}

/** 1: there are records; 0: end of file; or -errno. */
function tracing_wait_pipe(file: File, pipe: TracePipe): i32 {
  while (trace_rb.entries == 0) {
    if ((file.flags & Open.NONBLOCK) != 0) return -Errno.EAGAIN;
    if (!tracing_on && pipe.began) return 0;
    const err = wait_pipe();
    if (err != 0) return err;
  }
  return 1;
}

/** Prints records and takes them out, until the buffer is full. */
function fill_pipe(pipe: TracePipe, wanted: u32): void {
  const iter = pipe.iter;
  const m = pipe.seq;
  m.from = m.count = 0;
  iter.end = trace_rb.tail;
  for (let e = trace_iter_peek(iter); e != null; e = trace_iter_peek(iter)) {
    const before = m.count;
    trace_print_at(m, iter, e);
    if (m.count >= m.size || (before > 0 && m.count > wanted)) {
      m.count = before;
      if (before != 0) return;
    }
    trace_advance(iter, e);
    rb_consume(trace_rb, iter.pos);
  }
}

function tracing_read_pipe(
  file: File,
  buf: usize,
  count: u32,
  _ppos: usize,
): isize {
  const pipe = pipe_of(file);
  const m = pipe.seq;
  while (m.from >= m.count) {
    const ready = tracing_wait_pipe(file, pipe);
    if (ready <= 0) return ready;
    fill_pipe(pipe, count);
  }
  pipe.began = true;
  const n = min<u32>(count, m.count - m.from);
  memory.copy(buf, m.buf + m.from, n);
  m.from += n;
  return n;
}

function tracing_poll_pipe(file: File): u32 {
  const pipe = pipe_of(file);
  const ready = trace_rb.entries != 0 || pipe.seq.from < pipe.seq.count;
  if (!ready) trace_set_readers(true);
  return ready ? Poll.IN : 0;
}

export function trace_pipe_init(dir: Dentry | null): void {
  init_waitqueue_head(trace_wait);
  irq_work_init(IrqWork.TRACE_WAKE, trace_wake_up);
  tracing_pipe_fops.open = tracing_open_pipe;
  tracing_pipe_fops.read = tracing_read_pipe;
  tracing_pipe_fops.poll = tracing_poll_pipe;
  tracing_pipe_fops.release = tracing_release_pipe;
  tracefs_create_file("trace_pipe", 0o440, dir, 0, tracing_pipe_fops);
}
