// trace_output.ts - one record of the ring buffer as a line of text.
// Mirrors Linux kernel/trace/trace_output.c.

import { SeqFile, seq_printf, seq_putc, seq_puts } from "../../fs/seq_file";
import { seq_put_str } from "../../fs/seq_file";
import { Ksym, ksym_shown_addr } from "../kallsyms";
import { ftrace_id_sym, ftrace_module_name } from "./ftrace_sym";
import { TraceEntry } from "./ring_buffer";
import { saved_cmdline } from "./saved_cmdlines";
import { FnEntry, PrintEntry, StackEntry, TraceType } from "./trace_entries";
import { TraceClock, trace_clock } from "./trace";
import { TraceOpt, trace_opt } from "./trace_options";

/** Prints records of kprobe events; trace_kprobe_print.ts fills it. */
let print_kprobe_hook: ((m: SeqFile, e: TraceEntry) => void) | null = null;

export function set_print_kprobe(
  fn: (m: SeqFile, e: TraceEntry) => void,
): void {
  print_kprobe_hook = fn;
}

/** Name of the task that made a record. */
export function trace_find_cmdline(pid: i32): usize {
  return pid == 0 ? IDLE_COMM : saved_cmdline(pid);
}

const IDLE_COMM = memory.data<u8>([60, 105, 100, 108, 101, 62, 0]);
const UNKNOWN_COMM = memory.data<u8>([60, 46, 46, 46, 62, 0]);

/** "<...>" when the name was not kept. */
export function trace_comm(pid: i32): usize {
  const comm = trace_find_cmdline(pid);
  return comm == 0 ? UNKNOWN_COMM : comm;
}

/** "name" or, with sym-offset, "name+0x0/0x30 [module]"; then the address. */
export function seq_print_ip_sym(m: SeqFile, id: u32, offset: bool): void {
  const sym = ftrace_id_sym(id);
  if (sym == null) seq_printf(m, "0x%x", id);
  else if (offset) seq_print_sym_offset(m, sym, id);
  else seq_put_str(m, sym.name);
  if (sym != null && trace_opt(TraceOpt.SYM_ADDR)) {
    seq_printf(m, " <%lx>", ksym_shown_addr(sym));
  }
}

function seq_print_sym_offset(m: SeqFile, sym: Ksym, id: u32): void {
  seq_printf(m, "%s+0x0/0x%x", sym.name, sym.size);
  const module = ftrace_module_name(id);
  if (module != 0) seq_printf(m, " [%s]", module);
}

/** The five columns: irqs, resched, interrupt, preemption, migration. */
export function trace_print_lat_fmt(m: SeqFile, e: TraceEntry): void {
  seq_putc(m, 46);
  seq_putc(m, e.flags != 0 ? 78 : 46);
  seq_putc(m, 46);
  if (e.preempt_count == 0) seq_putc(m, 46);
  else seq_printf(m, "%x", e.preempt_count & 15);
  seq_putc(m, 46);
}

/** "     6.262306": seconds, rounded to microseconds; or a bare count. */
export function trace_print_time(m: SeqFile, ns: u64): void {
  const counts =
    trace_clock == TraceClock.COUNTER || trace_clock == TraceClock.UPTIME;
  if (counts) {
    seq_printf(m, "%12lu", ns);
    return;
  }
  const usecs = (ns + 500) / 1000;
  seq_printf(m, "%5lu.%06lu", usecs / 1000000, usecs % 1000000);
}

/** Everything before the event itself. */
export function trace_print_context(m: SeqFile, e: TraceEntry): void {
  seq_printf(m, "%16s-%-7d [000] ", trace_comm(e.pid), e.pid);
  if (trace_opt(TraceOpt.IRQ_INFO)) trace_print_lat_fmt(m, e);
  seq_putc(m, 32);
  trace_print_time(m, e.ts);
  seq_puts(m, ": ");
}

function trace_fn_trace(m: SeqFile, e: FnEntry): void {
  const offset = trace_opt(TraceOpt.SYM_OFFSET);
  seq_print_ip_sym(m, e.ip, offset);
  if (trace_opt(TraceOpt.PRINT_PARENT)) {
    seq_puts(m, " <-");
    if (e.parent == 0) seq_puts(m, "0x0");
    else seq_print_ip_sym(m, e.parent, offset);
  }
  seq_putc(m, 10);
}

function trace_stack_print(m: SeqFile, e: StackEntry): void {
  seq_puts(m, "<stack trace>\n");
  const ids = changetype<usize>(e) + offsetof<StackEntry>();
  for (let i: u32 = 0; i < e.nr; i++) {
    seq_puts(m, " => ");
    seq_print_ip_sym(m, load<u32>(ids + 4 * i), false);
    seq_putc(m, 10);
  }
}

/** What was written to trace_marker. */
export function print_entry_text(e: PrintEntry): usize {
  return changetype<usize>(e) + offsetof<PrintEntry>();
}

function trace_print_print(m: SeqFile, e: PrintEntry): void {
  seq_print_ip_sym(m, e.ip, false);
  seq_puts(m, ": ");
  seq_put_str(m, print_entry_text(e));
  seq_putc(m, 10);
}

/** A record of function_graph in a snapshot, when another tracer is on. */
function trace_graph_row(m: SeqFile, e: FnEntry): void {
  const entry = e.type == TraceType.GRAPH_ENT;
  if (!entry) seq_puts(m, "} /* ");
  seq_print_ip_sym(m, e.ip, false);
  seq_puts(m, entry ? "() {\n" : " */\n");
}

/** The event itself, newline included. */
export function print_trace_event(m: SeqFile, e: TraceEntry): void {
  const print_kprobe = print_kprobe_hook;
  if (e.type == TraceType.FN) trace_fn_trace(m, changetype<FnEntry>(e));
  else if (e.type == TraceType.STACK) {
    trace_stack_print(m, changetype<StackEntry>(e));
  } else if (e.type == TraceType.PRINT) {
    trace_print_print(m, changetype<PrintEntry>(e));
  } else if (e.type != TraceType.KPROBE) {
    trace_graph_row(m, changetype<FnEntry>(e));
  } else if (print_kprobe != null) print_kprobe(m, e);
}

export function print_trace_line(m: SeqFile, e: TraceEntry): void {
  if (trace_opt(TraceOpt.CONTEXT_INFO)) trace_print_context(m, e);
  print_trace_event(m, e);
}

const HEAD_IRQ = `#                                _-----=> irqs-off/BH-disabled
#                               / _----=> need-resched
#                              | / _---=> hardirq/softirq
#                              || / _--=> preempt-depth
#                              ||| / _-=> migrate-disable
#                              |||| /     delay
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
`;
const HEAD = `#           TASK-PID     CPU#     TIMESTAMP  FUNCTION
#              | |         |         |         |
`;

/** The legend above the rows of every tracer but function_graph. */
export function print_func_help_header_irq(m: SeqFile): void {
  seq_puts(m, trace_opt(TraceOpt.IRQ_INFO) ? HEAD_IRQ : HEAD);
}
