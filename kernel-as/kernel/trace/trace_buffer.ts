// trace_buffer.ts - memory of the ring buffer: none until somebody traces.
// Mirrors the buffer part of Linux kernel/trace/trace.c.

import { Errno } from "../../abi";
import { SeqFile, seq_printf } from "../../fs/seq_file";
import { kfree, kzalloc } from "../../mm/slab";
import { rb_reset, rb_set_buffer, snapshot_rb, trace_rb } from "./ring_buffer";
import { trace_clock_local } from "./trace";
import { TraceAttr } from "./trace_attr";
import { trace_number, trace_parse_number } from "./trace_parser";

/** KiB of the buffer once it is needed; buffer_size_kb changes it. */
let buffer_kb: u32 = 1024;
const MAX_KB: u64 = 4096;

/** Gives the buffer its memory; 0 or -ENOMEM. */
export function tracing_update_buffers(): i32 {
  if (trace_rb.size != 0) return 0;
  const size = buffer_kb << 10;
  const base = kzalloc(size);
  if (base == 0) return -Errno.ENOMEM;
  rb_set_buffer(trace_rb, base, size);
  return 0;
}

/** Empties the buffer; the snapshot stays. */
export function tracing_reset(): void {
  rb_reset(trace_rb);
}

/** An event goes, and records point to it. */
export function tracing_reset_all(): void {
  rb_reset(trace_rb);
  rb_reset(snapshot_rb);
}

/** Gives the snapshot memory, as much as the buffer has; 0 or -ENOMEM. */
export function tracing_alloc_snapshot(): i32 {
  const err = tracing_update_buffers();
  if (err != 0 || snapshot_rb.size != 0) return err;
  const base = kzalloc(trace_rb.size);
  if (base == 0) return -Errno.ENOMEM;
  rb_set_buffer(snapshot_rb, base, trace_rb.size);
  return 0;
}

export function tracing_free_snapshot(): void {
  const base = snapshot_rb.base;
  rb_set_buffer(snapshot_rb, 0, 0);
  kfree(base);
}

function resize(kb: u32): i32 {
  const expanded = trace_rb.size != 0;
  const base = expanded ? kzalloc(kb << 10) : 0;
  if (expanded && base == 0) return -Errno.ENOMEM;
  const old = trace_rb.base;
  if (expanded) rb_set_buffer(trace_rb, base, kb << 10);
  kfree(old);
  buffer_kb = kb;
  if (snapshot_rb.size == 0) return 0;
  // It is swapped with the buffer, so it has its size.
  tracing_free_snapshot();
  return tracing_alloc_snapshot();
}

export function tracing_entries_show(m: SeqFile, _v: usize): i32 {
  if (trace_rb.size != 0) seq_printf(m, "%u\n", buffer_kb);
  else seq_printf(m, "0 (expanded: %u)\n", buffer_kb);
  return 0;
}

export function tracing_entries_write(_attr: TraceAttr, text: usize): i32 {
  if (!trace_parse_number(text) || trace_number == 0) return -Errno.EINVAL;
  if (trace_number > MAX_KB) return -Errno.ENOMEM;
  return resize(<u32>trace_number);
}

/** per_cpu/cpu0/stats. */
export function tracing_stats_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "entries: %u\n", trace_rb.entries);
  seq_printf(m, "overrun: %lu\n", trace_rb.overrun);
  seq_printf(m, "commit overrun: 0\n");
  const usecs = trace_clock_local() / 1000;
  seq_printf(m, "now ts: %5lu.%06lu\n", usecs / 1000000, usecs % 1000000);
  seq_printf(m, "dropped events: %lu\n", trace_rb.dropped);
  seq_printf(m, "read events: %lu\n", trace_rb.read_events);
  return 0;
}
