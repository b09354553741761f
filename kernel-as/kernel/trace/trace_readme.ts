// trace_readme.ts - the file README: what to write where, for a first look.
// Linux has a longer one with the same purpose in kernel/trace/trace.c.

import { SeqFile, seq_puts } from "../../fs/seq_file";
import { trace_create_attr } from "./trace_attr";

function tracing_readme_show(m: SeqFile, _v: usize): i32 {
  seq_puts(m, "Tracing, in short:\n\n");
  seq_puts(m, "  echo function > current_tracer        a row for every call\n");
  seq_puts(m, "  echo function_graph > current_tracer  calls as a tree\n");
  seq_puts(m, "  echo nop > current_tracer             no more\n");
  seq_puts(m, "  echo 0 > tracing_on                   stop recording\n");
  seq_puts(m, "  cat trace                             what was recorded\n");
  seq_puts(m, "  cat trace_pipe                        as it comes, once\n");
  seq_puts(m, "  echo > trace                          forget it\n\n");
  seq_puts(m, "Which functions (see available_filter_functions):\n\n");
  seq_puts(m, "  echo 'vfs_* !vfs_read' > set_ftrace_filter\n");
  seq_puts(m, "  echo ':mod:NAME' > set_ftrace_filter\n");
  seq_puts(m, "  echo 'vfs_read:traceoff:1' > set_ftrace_filter\n");
  seq_puts(m, "      also :traceon :stacktrace :dump :snapshot\n");
  seq_puts(m, "      :enable_event:GRP:EVENT :disable_event:GRP:EVENT\n");
  seq_puts(m, "  set_ftrace_notrace, set_graph_function, set_graph_notrace,\n");
  seq_puts(m, "  max_graph_depth, tracing_thresh (us), set_ftrace_pid\n\n");
  seq_puts(m, "Events of your own:\n\n");
  seq_puts(m, "  echo 'p:NAME FUNCTION x=$arg1' > kprobe_events\n");
  seq_puts(m, "  echo 'r:NAME FUNCTION ret=$retval' >> kprobe_events\n");
  seq_puts(m, "  echo 1 > events/kprobes/NAME/enable\n");
  seq_puts(m, "  echo '-:NAME' >> kprobe_events\n");
  seq_puts(m, "      ARGS: $argN $retval $comm %REG @ADDR +OFF(ARG)\n");
  seq_puts(m, "      TYPES: u8-u64 s8-s64 x8-x64 char string symbol\n");
  seq_puts(m, "  echo TEXT > trace_marker\n");
  return 0;
}

export function trace_readme_init(): void {
  trace_create_attr("README", 0o440, null, tracing_readme_show, null);
}
