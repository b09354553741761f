// trace_marker.ts - the file trace_marker: what is written there becomes a
// record, so that a program can say what it does in the middle of a trace.
// Mirrors tracing_mark_write() of Linux kernel/trace/trace.c.

import { Errno } from "../../abi";
import { File, FileOperations, Inode } from "../../fs/fs";
import { tracefs_create_file } from "../../fs/tracefs/inode";
import { ftrace_site_id } from "./dyn_ftrace";
import { trace_reserve } from "./trace";
import { tracing_update_buffers } from "./trace_buffer";
import { PrintEntry, TraceType } from "./trace_entries";

/** Bytes of one mark; more is cut off. */
const TRACE_MARKER_MAX: u32 = 4096;

const tracing_mark_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 4),
);

function tracing_mark_open(_inode: Inode, _file: File): i32 {
  return tracing_update_buffers();
}

/** -EBADF: recording is off, as if the file were not open. */
function tracing_mark_write(
  _file: File,
  buf: usize,
  count: u32,
  _ppos: usize,
): isize {
  const n = min(count, TRACE_MARKER_MAX);
  const newline = n > 0 && load<u8>(buf + n - 1) == 10;
  const len: u32 = newline ? n - 1 : n;
  const size = offsetof<PrintEntry>() + len + 1;
  const e = trace_reserve(TraceType.PRINT, <u32>size);
  if (e == null) return -Errno.EBADF;
  const print = changetype<PrintEntry>(e);
  const self = changetype<usize>(tracing_mark_write);
  print.ip = ftrace_site_id(load<u32>(self));
  print.size = len;
  const text = changetype<usize>(e) + offsetof<PrintEntry>();
  memory.copy(text, buf, len);
  store<u8>(text + len, 0);
  return n;
}

export function trace_marker_init(): void {
  tracing_mark_fops.open = tracing_mark_open;
  tracing_mark_fops.write = tracing_mark_write;
  tracefs_create_file("trace_marker", 0o220, null, 0, tracing_mark_fops);
}
