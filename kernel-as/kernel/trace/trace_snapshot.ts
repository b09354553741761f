// trace_snapshot.ts - the file snapshot: the buffer as it was at a moment.
//
// Taking a snapshot swaps the buffer with a second one, of the same size, so
// that it costs nothing to the code that is traced: FUNC:snapshot does it in
// the middle of a call.
// Mirrors the snapshot part of Linux kernel/trace/trace.c.

import { Errno, Open } from "../../abi";
import { Dentry, File, FileOperations, Fmode, Inode } from "../../fs/fs";
import { tracefs_create_file } from "../../fs/tracefs/inode";
import { kfree, kstrndup } from "../../mm/slab";
import { rb_reset, rb_swap, snapshot_rb } from "./ring_buffer";
import { tracing_alloc_snapshot, tracing_free_snapshot } from "./trace_buffer";
import { trace_number, trace_parse_number } from "./trace_parser";
import {
  trace_lseek,
  trace_open_for_read,
  trace_read,
  trace_release,
} from "./trace_seq";

const snapshot_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 4),
);

function tracing_snapshot_open(_inode: Inode, file: File): i32 {
  const reads = (file.mode & Fmode.READ) != 0;
  if (reads) return trace_open_for_read(file, snapshot_rb);
  if ((file.flags & Open.TRUNC) != 0) rb_reset(snapshot_rb);
  return 0;
}

/** 0 frees it, 1 takes one, anything else empties it. */
function snapshot_command(value: u64): i32 {
  if (value == 0) tracing_free_snapshot();
  else if (value != 1) rb_reset(snapshot_rb);
  else {
    const err = tracing_alloc_snapshot();
    if (err != 0) return err;
    rb_swap();
  }
  return 0;
}

function tracing_snapshot_write(
  _file: File,
  buf: usize,
  count: u32,
  _ppos: usize,
): isize {
  const text = kstrndup(buf, count);
  if (text == 0) return -Errno.ENOMEM;
  if (count > 0 && load<u8>(text + count - 1) == 10) {
    store<u8>(text + count - 1, 0);
  }
  const known = trace_parse_number(text);
  kfree(text);
  const err = known ? snapshot_command(trace_number) : -Errno.EINVAL;
  return err != 0 ? err : count;
}

export function trace_snapshot_init(dir: Dentry | null): void {
  snapshot_fops.open = tracing_snapshot_open;
  snapshot_fops.read = trace_read;
  snapshot_fops.write = tracing_snapshot_write;
  snapshot_fops.llseek = trace_lseek;
  snapshot_fops.release = trace_release;
  tracefs_create_file("snapshot", 0o640, dir, 0, snapshot_fops);
}
