// trace_readme.ts - the file README: what to write where, for a first look.
// Linux has a longer one with the same purpose in kernel/trace/trace.c.

import { SeqFile, seq_puts } from "../../fs/seq_file";
import { trace_create_attr } from "./trace_attr";

const README = `Tracing, in short:

  echo function > current_tracer        a row for every call
  echo function_graph > current_tracer  calls as a tree
  echo 0 > tracing_on                   stop recording
  cat trace, cat trace_pipe             read it; as it comes, once
  echo > trace                          forget it

Which functions:

  echo 'vfs_* !vfs_read' > set_ftrace_filter
  echo ':mod:NAME' > set_ftrace_filter
  echo 'vfs_read:traceoff:1' > set_ftrace_filter
      also :traceon :stacktrace :dump :snapshot
      :enable_event:GRP:EVENT :disable_event:GRP:EVENT
  set_ftrace_notrace, set_graph_function, set_graph_notrace,
  max_graph_depth, tracing_thresh (us), set_ftrace_pid

Events:

  echo 'p:NAME FUNCTION x=$arg1' > kprobe_events
  echo 'r:NAME FUNCTION ret=$retval' >> kprobe_events
  echo 1 > events/kprobes/NAME/enable
  echo '-:NAME' >> kprobe_events
      ARGS: $argN $retval $comm %REG @ADDR +OFF(ARG)
      TYPES: u8-u64 s8-s64 x8-x64 char string symbol
  echo TEXT > trace_marker
`;

function tracing_readme_show(m: SeqFile, _v: usize): i32 {
  seq_puts(m, README);
  return 0;
}

export function trace_readme_init(): void {
  trace_create_attr("README", 0o440, null, tracing_readme_show, null);
}
