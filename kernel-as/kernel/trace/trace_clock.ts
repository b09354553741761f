// trace_clock.ts - the file trace_clock: what records are stamped with.
//
// Virtual time is one clock; Linux's names for it all give the same. `uptime`
// counts ticks, `counter` the records: both are no times and print bare.
// Changing it empties the buffer. Mirrors trace_clocks of Linux trace.c.

import { Errno } from "../../abi";
import { SeqFile, seq_printf, seq_puts } from "../../fs/seq_file";
import { lit, streq_lit } from "../../lib/string";
import { TraceClock, set_trace_clock, trace_clock } from "./trace";
import { TraceAttr, trace_create_attr } from "./trace_attr";
import { tracing_reset } from "./trace_buffer";

function clock_name(i: u32): string {
  if (i == TraceClock.LOCAL) return "local";
  if (i == TraceClock.GLOBAL) return "global";
  if (i == TraceClock.COUNTER) return "counter";
  if (i == TraceClock.UPTIME) return "uptime";
  if (i == TraceClock.MONO) return "mono";
  return i == TraceClock.MONO_RAW ? "mono_raw" : "boot";
}

/** All names in a line, the chosen one in brackets. */
function tracing_clock_show(m: SeqFile, _v: usize): i32 {
  for (let i: u32 = 0; i < <u32>TraceClock.NR; i++) {
    if (i != 0) seq_puts(m, " ");
    const name = lit(clock_name(i));
    if (i == trace_clock) seq_printf(m, "[%S]", name);
    else seq_printf(m, "%S", name);
  }
  seq_puts(m, "\n");
  return 0;
}

function tracing_clock_write(_attr: TraceAttr, text: usize): i32 {
  for (let i: u32 = 0; i < <u32>TraceClock.NR; i++) {
    if (!streq_lit(text, clock_name(i))) continue;
    set_trace_clock(i);
    tracing_reset();
    return 0;
  }
  return -Errno.EINVAL;
}

export function trace_clock_init(): void {
  const show = tracing_clock_show;
  trace_create_attr("trace_clock", 0o640, null, show, tracing_clock_write);
}
