// graph_output.ts - function_graph's records drawn as a tree.
//
//    0)               |  seq_read_iter() {
//    0)   0.100 us    |    mutex_lock();
//    0)   0.900 us    |  }
//
// An entry whose return is the next record is a leaf: both are one line.
// Mirrors the output half of Linux kernel/trace/trace_functions_graph.c.

import { SeqFile, seq_printf, seq_putc, seq_puts } from "../../fs/seq_file";
import { seq_put_str } from "../../fs/seq_file";
import { strlen } from "../../lib/string";
import { snprintf } from "../../lib/vsprintf";
import { ftrace_id_sym, ftrace_module_name } from "./ftrace_sym";
import { TraceEntry } from "./ring_buffer";
import {
  ENTER_FUNCS,
  TraceIter,
  trace_iter_advance,
  trace_iter_advance_leaf,
} from "./trace_iter";
import {
  GraphEntEntry,
  GraphRetEntry,
  PrintEntry,
  TraceType,
} from "./trace_entries";
import { TraceOpt, trace_opt } from "./trace_options";
import {
  print_entry_text,
  print_trace_event,
  trace_comm,
  trace_print_time,
} from "./trace_output";

/** Columns of a task's name and pid. */
const PROCINFO_LENGTH: u32 = 14;
const proc_text = memory.data(64);

/** Lines above the tree: the columns that are shown. */
export function print_graph_headers(m: SeqFile): void {
  seq_putc(m, 35);
  if (trace_opt(TraceOpt.FUNCGRAPH_ABSTIME)) seq_puts(m, "     TIME       ");
  if (trace_opt(TraceOpt.FUNCGRAPH_CPU)) seq_puts(m, " CPU");
  if (trace_opt(TraceOpt.FUNCGRAPH_PROC)) seq_puts(m, "  TASK/PID       ");
  if (trace_opt(TraceOpt.FUNCGRAPH_DURATION)) seq_puts(m, "  DURATION   ");
  seq_puts(m, "               FUNCTION CALLS\n#");
  if (trace_opt(TraceOpt.FUNCGRAPH_ABSTIME)) seq_puts(m, "      |         ");
  if (trace_opt(TraceOpt.FUNCGRAPH_CPU)) seq_puts(m, " |  ");
  if (trace_opt(TraceOpt.FUNCGRAPH_PROC)) seq_puts(m, "   |    |        ");
  if (trace_opt(TraceOpt.FUNCGRAPH_DURATION)) seq_puts(m, "   |   |      ");
  seq_puts(m, "               |   |   |   |\n");
}

function print_graph_cpu(m: SeqFile): void {
  seq_puts(m, " 0) ");
}

/** "cat-59" in the middle of its column. */
function print_graph_proc(m: SeqFile, pid: i32): void {
  snprintf(proc_text, 64, "%.7s-%d", trace_comm(pid), pid);
  const len = strlen(proc_text);
  const spaces = len < PROCINFO_LENGTH ? PROCINFO_LENGTH - len : 0;
  for (let i: u32 = 0; i < spaces / 2; i++) seq_putc(m, 32);
  seq_put_str(m, proc_text);
  for (let i: u32 = 0; i < spaces - spaces / 2; i++) seq_putc(m, 32);
}

/** Another task than in the row above: says so. */
function verif_pid(m: SeqFile, iter: TraceIter, pid: i32): void {
  if (iter.last_pid == pid || iter.last_pid == -1) return;
  seq_puts(m, " ------------------------------------------\n");
  print_graph_cpu(m);
  print_graph_proc(m, iter.last_pid);
  seq_puts(m, " => ");
  print_graph_proc(m, pid);
  seq_puts(m, "\n ------------------------------------------\n\n");
}

function print_graph_prologue(
  m: SeqFile,
  iter: TraceIter,
  e: TraceEntry,
): void {
  verif_pid(m, iter, e.pid);
  if (trace_opt(TraceOpt.FUNCGRAPH_ABSTIME)) {
    trace_print_time(m, e.ts);
    seq_puts(m, " |  ");
  }
  if (trace_opt(TraceOpt.FUNCGRAPH_CPU)) print_graph_cpu(m);
  if (trace_opt(TraceOpt.FUNCGRAPH_PROC)) {
    print_graph_proc(m, e.pid);
    seq_puts(m, " | ");
  }
}

/** The mark of a call that took long. */
function trace_find_mark(ns: u64): u8 {
  if (!trace_opt(TraceOpt.FUNCGRAPH_OVERHEAD)) return 32;
  if (ns > 1000000000) return 36;
  if (ns > 100000000) return 64;
  if (ns > 10000000) return 42;
  if (ns > 1000000) return 35;
  if (ns > 100000) return 33;
  return ns > 10000 ? 43 : 32;
}

/** "! 161.982 us  |  ": seven digits at most. */
function print_graph_duration(m: SeqFile, ns: u64): void {
  if (!trace_opt(TraceOpt.FUNCGRAPH_DURATION)) return;
  seq_printf(m, "%c ", trace_find_mark(ns));
  let len = snprintf(proc_text, 64, "%lu", ns / 1000);
  if (len < 7) {
    const digits = min<u32>(3, 7 - len);
    snprintf(proc_text + len, 5, ".%03lu", ns % 1000);
    len += digits + 1;
    store<u8>(proc_text + len, 0);
  }
  seq_printf(m, "%s us ", proc_text);
  for (; len < 8; len++) seq_putc(m, 32);
  seq_puts(m, "|  ");
}

function print_graph_no_duration(m: SeqFile): void {
  if (!trace_opt(TraceOpt.FUNCGRAPH_DURATION)) return;
  seq_puts(m, "              |  ");
}

function print_graph_indent(m: SeqFile, depth: u32): void {
  for (let i: u32 = 0; i < depth; i++) seq_puts(m, "  ");
}

/** "name" or "name [module]". */
function print_graph_name(m: SeqFile, id: u32): void {
  const sym = ftrace_id_sym(id);
  if (sym == null) seq_printf(m, "0x%x", id);
  else seq_put_str(m, sym.name);
  const module = ftrace_module_name(id);
  if (module != 0) seq_printf(m, " [%s]", module);
}

/** "(0x1, 0x2)": the registers, when they were recorded. */
function print_graph_args(m: SeqFile, e: GraphEntEntry): void {
  const args = changetype<usize>(e) + offsetof<GraphEntEntry>();
  seq_putc(m, 40);
  for (let i: u32 = 0; i < e.nr_args; i++) {
    if (i != 0) seq_puts(m, ", ");
    seq_printf(m, "0x%lx", load<u64>(args + 8 * i));
  }
  seq_putc(m, 41);
}

function print_graph_retval(m: SeqFile, value: i64): void {
  if (value < 0 && value > -4096) seq_printf(m, "ret=%ld", value);
  else seq_printf(m, "ret=0x%lx", value);
}

/** The return right behind an entry, or null: it is no leaf. */
function get_return_for_leaf(
  iter: TraceIter,
  e: TraceEntry,
): GraphRetEntry | null {
  if (!iter.has_ret) return null;
  const ret = iter.ret;
  const ent = changetype<GraphEntEntry>(e);
  return ret.pid == e.pid && ret.ip == ent.ip && ret.depth == ent.depth
    ? ret
    : null;
}

function print_graph_entry(
  m: SeqFile,
  iter: TraceIter,
  e: GraphEntEntry,
): void {
  const leaf = get_return_for_leaf(iter, e);
  if (leaf == null) print_graph_no_duration(m);
  else print_graph_duration(m, leaf.rettime - leaf.calltime);
  print_graph_indent(m, e.depth);
  print_graph_name(m, e.ip);
  print_graph_args(m, e);
  if (leaf == null) return seq_puts(m, " {\n");
  seq_putc(m, 59);
  if (trace_opt(TraceOpt.FUNCGRAPH_RETVAL)) {
    seq_puts(m, " /* ");
    print_graph_retval(m, leaf.retval);
    seq_puts(m, " */");
  }
  seq_putc(m, 10);
}

/** Whether the entry that belongs to a return was printed. */
function entry_seen(iter: TraceIter, e: GraphRetEntry): bool {
  if (e.depth >= ENTER_FUNCS) return true;
  return load<u32>(iter.enter_funcs + 4 * e.depth) == e.ip;
}

function print_graph_return(
  m: SeqFile,
  iter: TraceIter,
  e: GraphRetEntry,
): void {
  print_graph_duration(m, e.rettime - e.calltime);
  print_graph_indent(m, e.depth);
  seq_putc(m, 125);
  const tail = trace_opt(TraceOpt.FUNCGRAPH_TAIL) || !entry_seen(iter, e);
  const retval = trace_opt(TraceOpt.FUNCGRAPH_RETVAL);
  if (tail || retval) seq_puts(m, " /* ");
  if (tail) print_graph_name(m, e.ip);
  if (tail && retval) seq_putc(m, 32);
  if (retval) print_graph_retval(m, e.retval);
  if (tail || retval) seq_puts(m, " */");
  seq_putc(m, 10);
  if (trace_opt(TraceOpt.FUNCGRAPH_OVERRUN)) {
    seq_printf(m, " (Overruns: %u)\n", e.overrun);
  }
}

/** An event of somebody else, as a comment in the tree. */
function print_graph_comment(m: SeqFile, iter: TraceIter, e: TraceEntry): void {
  print_graph_no_duration(m);
  print_graph_indent(m, <u32>max<i32>(iter.depth, 0));
  seq_puts(m, "/* ");
  if (e.type == TraceType.PRINT) {
    seq_put_str(m, print_entry_text(changetype<PrintEntry>(e)));
  } else {
    print_trace_event(m, e);
    if (m.count > 0 && m.count < m.size) m.count--;
  }
  seq_puts(m, " */\n");
}

export function print_graph_function(
  m: SeqFile,
  iter: TraceIter,
  e: TraceEntry,
): void {
  print_graph_prologue(m, iter, e);
  if (e.type == TraceType.GRAPH_ENT) {
    print_graph_entry(m, iter, changetype<GraphEntEntry>(e));
  } else if (e.type == TraceType.GRAPH_RET) {
    print_graph_return(m, iter, changetype<GraphRetEntry>(e));
  } else print_graph_comment(m, iter, e);
}

function note_entry(iter: TraceIter, depth: u32, id: u32): void {
  if (depth < ENTER_FUNCS) store<u32>(iter.enter_funcs + 4 * depth, id);
}

/** Goes on behind a record that was printed; both records of a leaf. */
export function advance_graph(iter: TraceIter, e: TraceEntry): void {
  iter.last_pid = e.pid;
  if (e.type == TraceType.GRAPH_RET) {
    const ret = changetype<GraphRetEntry>(e);
    note_entry(iter, ret.depth, 0);
    iter.depth = ret.depth;
  } else if (e.type == TraceType.GRAPH_ENT) {
    const ent = changetype<GraphEntEntry>(e);
    const leaf = get_return_for_leaf(iter, e) != null;
    if (!leaf) note_entry(iter, ent.depth, ent.ip);
    iter.depth = leaf ? ent.depth : ent.depth + 1;
    if (leaf) return trace_iter_advance_leaf(iter);
  }
  trace_iter_advance(iter);
}
