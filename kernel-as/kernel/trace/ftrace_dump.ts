// ftrace_dump.ts - prints the buffer to the kernel's log, once it is too late
// to read it otherwise. Recording stops.
// Mirrors ftrace_dump() of Linux kernel/trace/trace.c.

import { SeqFile } from "../../fs/seq_file";
import { kfree, kzalloc } from "../../mm/slab";
import { IrqWork, irq_work_init } from "../irq_work";
import { pr_emerg } from "../printk/printk";
import { trace_rb } from "./ring_buffer";
import { tracer_tracing_on } from "./trace";
import {
  TraceIter,
  trace_iter_alloc,
  trace_iter_peek,
  trace_iter_start,
} from "./trace_iter";
import { trace_advance, trace_print_at } from "./trace_lines";

/** Longest row. */
const LINE_SIZE: u32 = 2048;
const RULE = "---------------------------------\n";

function dump_records(m: SeqFile, iter: TraceIter): void {
  let e = trace_iter_peek(iter);
  if (e == null) pr_emerg("   (ftrace buffer empty)\n");
  for (; e != null; e = trace_iter_peek(iter)) {
    m.count = 0;
    trace_print_at(m, iter, e);
    store<u8>(m.buf + min(m.count, LINE_SIZE - 1), 0);
    pr_emerg("%s", m.buf);
    trace_advance(iter, e);
  }
}

function print_buffer(m: SeqFile, iter: TraceIter): void {
  m.buf = changetype<usize>(m) + offsetof<SeqFile>();
  m.size = LINE_SIZE;
  trace_iter_start(iter);
  pr_emerg("Dumping ftrace buffer:\n");
  pr_emerg(RULE);
  dump_records(m, iter);
  pr_emerg(RULE);
}

/** Context: any that may allocate. */
export function ftrace_dump(): void {
  tracer_tracing_on(false);
  const iter = trace_iter_alloc(trace_rb);
  const m = kzalloc(offsetof<SeqFile>() + LINE_SIZE);
  if (iter != null && m != 0) print_buffer(changetype<SeqFile>(m), iter);
  kfree(m);
  kfree(changetype<usize>(iter));
}

export function ftrace_dump_init(): void {
  irq_work_init(IrqWork.FTRACE_DUMP, ftrace_dump);
}
