// tracer.ts - the tracers, of which one is current.
// Mirrors the tracer part of Linux kernel/trace/trace.c.

import { Errno } from "../../abi";
import { SeqFile } from "../../fs/seq_file";
import { lit, streq_lit } from "../../lib/string";
import { TraceEntry } from "./ring_buffer";
import { tracing_reset } from "./trace_buffer";

@unmanaged
export class Tracer {
  next: usize;
  name: string;
  /** Starts to trace; 0 or -errno. */
  init: (() => i32) | null;
  reset: (() => void) | null;
  /** Prints its records itself (trace_lines.ts). */
  draws: bool;
  /** Lines above the rows; null: those of all tracers. */
  print_header: ((m: SeqFile) => void) | null;
}

/** Newest first. */
let tracers: usize = 0;
let nop_trace: Tracer = changetype<Tracer>(0);
export let current_trace: Tracer = changetype<Tracer>(0);
/** Open trace_pipe files: the tracer may not change under them. */
let trace_ref: u32 = 0;

export function register_tracer(t: Tracer): void {
  t.next = tracers;
  tracers = changetype<usize>(t);
}

export function tracers_init(nop: Tracer): void {
  nop.name = "nop";
  register_tracer(nop);
  nop_trace = current_trace = nop;
}

export function first_tracer(): usize {
  return tracers;
}

export function trace_get_ref(): void {
  trace_ref++;
}

export function trace_put_ref(): void {
  trace_ref--;
}

export function tracer_name(): usize {
  return lit(current_trace.name);
}

function find_tracer(name: usize): Tracer | null {
  for (let at = tracers; at != 0; at = load<usize>(at)) {
    const t = changetype<Tracer>(at);
    if (streq_lit(name, t.name)) return t;
  }
  return null;
}

/** Makes another tracer the current one; the buffer is emptied. */
export function tracing_set_tracer(name: usize): i32 {
  const t = find_tracer(name);
  if (t == null) return -Errno.EINVAL;
  if (t == current_trace) return 0;
  if (trace_ref != 0) return -Errno.EBUSY;
  const reset = current_trace.reset;
  if (reset != null) reset();
  current_trace = nop_trace;
  tracing_reset();
  const init = t.init;
  const err = init == null ? 0 : init();
  if (err == 0) current_trace = t;
  return err;
}
