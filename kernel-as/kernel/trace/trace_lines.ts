// trace_lines.ts - records as the current tracer shows them.
// Most tracers print a row for each; function_graph draws a tree.

import { SeqFile, seq_printf, seq_puts } from "../../fs/seq_file";
import { RingBuffer, TraceEntry } from "./ring_buffer";
import { TraceIter, trace_iter_advance } from "./trace_iter";
import { print_func_help_header_irq, print_trace_line } from "./trace_output";
import { current_trace, tracer_name } from "./tracer";

/** Of a tracer that prints its records itself; see Tracer.draws. */
let print_tree: ((m: SeqFile, iter: TraceIter, e: TraceEntry) => void) | null =
  null;
let advance_tree: ((iter: TraceIter, e: TraceEntry) => void) | null = null;

export function set_tree_printer(
  print: (m: SeqFile, iter: TraceIter, e: TraceEntry) => void,
  advance: (iter: TraceIter, e: TraceEntry) => void,
): void {
  print_tree = print;
  advance_tree = advance;
}

/** Prints the record the walk is at, e; the walk does not move. */
export function trace_print_at(
  m: SeqFile,
  iter: TraceIter,
  e: TraceEntry,
): void {
  const print = print_tree;
  if (current_trace.draws && print != null) print(m, iter, e);
  else print_trace_line(m, e);
}

/** Goes on behind the record that was printed, e. */
export function trace_advance(iter: TraceIter, e: TraceEntry): void {
  const advance = advance_tree;
  if (current_trace.draws && advance != null) advance(iter, e);
  else trace_iter_advance(iter);
}

/** What stands above the rows. */
export function trace_default_header(m: SeqFile, rb: RingBuffer): void {
  const header = current_trace.print_header;
  seq_printf(m, "# tracer: %S\n#\n", tracer_name());
  if (header != null) return header(m);
  const written = rb.overrun + rb.entries + rb.read_events;
  seq_printf(
    m,
    "# entries-in-buffer/entries-written: %u/%lu   #P:1\n",
    rb.entries,
    written,
  );
  seq_puts(m, "#\n");
  print_func_help_header_irq(m);
}
