// graph_tracer.ts - the tracer function_graph and the files it adds.

import { Errno } from "../../abi";
import { SeqFile, seq_printf } from "../../fs/seq_file";
import { FtraceOps } from "./ftrace_caller";
import {
  FGRAPH_TRACER,
  fgraph_set_tracer,
  register_fgraph,
  unregister_fgraph,
} from "./fgraph";
import { FilterFile, ftrace_create_filter } from "./ftrace_filter";
import {
  ftrace_hash_bits,
  ftrace_shutdown,
  ftrace_startup,
} from "./ftrace_ops";
import { FtraceHash } from "./ftrace_sites";
import { follow_global_filter } from "./global_ops";
import {
  advance_graph,
  print_graph_function,
  print_graph_headers,
} from "./graph_output";
import { TraceAttr, trace_create_attr } from "./trace_attr";
import { tracing_update_buffers } from "./trace_buffer";
import {
  fgraph_max_depth,
  set_fgraph_max_depth,
  set_graph_choice,
  set_tracing_thresh,
  trace_graph_entry,
  trace_graph_return,
  tracing_thresh,
} from "./trace_functions_graph";
import { set_tree_printer } from "./trace_lines";
import { trace_number, trace_parse_number } from "./trace_parser";
import { Tracer, register_tracer } from "./tracer";

const graph_ops = changetype<FtraceOps>(memory.data(offsetof<FtraceOps>(), 4));
const graph_trace = changetype<Tracer>(memory.data(offsetof<Tracer>(), 4));
const graph_hash = changetype<FtraceHash>(
  memory.data(offsetof<FtraceHash>(), 4),
);
const graph_notrace_hash = changetype<FtraceHash>(
  memory.data(offsetof<FtraceHash>(), 4),
);
const graph_file = changetype<FilterFile>(
  memory.data(offsetof<FilterFile>(), 4),
);
const graph_notrace_file = changetype<FilterFile>(
  memory.data(offsetof<FilterFile>(), 4),
);

/** Deaf while its sites come and go, as the function tracer. */
function graph_trace_init(): i32 {
  let err = tracing_update_buffers();
  if (err == 0) err = register_fgraph();
  if (err != 0) return err;
  err = ftrace_startup(graph_ops);
  if (err != 0) unregister_fgraph(FGRAPH_TRACER);
  else graph_ops.func = trace_graph_entry;
  return err;
}

function graph_trace_reset(): void {
  graph_ops.func = null;
  ftrace_shutdown(graph_ops);
  unregister_fgraph(FGRAPH_TRACER);
}

function apply_graph_choice(): i32 {
  set_graph_choice(
    ftrace_hash_bits(graph_hash),
    ftrace_hash_bits(graph_notrace_hash),
  );
  return 0;
}

function graph_depth_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "%u\n", fgraph_max_depth);
  return 0;
}

function graph_depth_write(_attr: TraceAttr, text: usize): i32 {
  if (!trace_parse_number(text)) return -Errno.EINVAL;
  set_fgraph_max_depth(<u32>min<u64>(trace_number, u32.MAX_VALUE));
  return 0;
}

function tracing_thresh_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "%lu\n", tracing_thresh / 1000);
  return 0;
}

function tracing_thresh_write(_attr: TraceAttr, text: usize): i32 {
  if (!trace_parse_number(text)) return -Errno.EINVAL;
  if (trace_number > u64.MAX_VALUE / 1000) return -Errno.EINVAL;
  set_tracing_thresh(trace_number * 1000);
  return 0;
}

function create_choice(
  name: string,
  file: FilterFile,
  hash: FtraceHash,
  empty: string,
): void {
  file.hash = hash;
  file.empty = empty;
  file.apply = apply_graph_choice;
  ftrace_create_filter(name, null, file);
}

export function graph_tracer_init(): void {
  fgraph_set_tracer(trace_graph_return);
  follow_global_filter(graph_ops);
  set_tree_printer(print_graph_function, advance_graph);
  graph_trace.name = "function_graph";
  graph_trace.draws = true;
  graph_trace.init = graph_trace_init;
  graph_trace.reset = graph_trace_reset;
  graph_trace.print_header = print_graph_headers;
  register_tracer(graph_trace);
  create_choice(
    "set_graph_function",
    graph_file,
    graph_hash,
    "#### all functions enabled ####",
  );
  create_choice(
    "set_graph_notrace",
    graph_notrace_file,
    graph_notrace_hash,
    "#### no functions disabled ####",
  );
  const write = graph_depth_write;
  trace_create_attr("max_graph_depth", 0o640, null, graph_depth_show, write);
  const show = tracing_thresh_show;
  trace_create_attr("tracing_thresh", 0o640, null, show, tracing_thresh_write);
}
