/**
 * The files of section 6 of the livepatch contract, and the other files of
 * tracefs. Section 6 also names, and other tests compare: what tools print
 * (6.9 lsmod and modinfo, 6.12, 6.13: test/tools), sysfs (section 3:
 * SY1 to SY5 in test/livepatch), the oops header (6.10: dumpStack.test.ts).
 * /proc/config.gz (6.11) is not there: like Debian, we install /boot/config.
 */
export const CONTRACT: string[] = [
  // 6.1 to 6.4 and 6.6, in tracefs.
  ..."available_filter_functions available_filter_functions_addrs enabled_functions".split(" "),
  ..."touched_functions available_tracers current_tracer set_ftrace_filter set_ftrace_notrace".split(" "),
  ..."set_graph_function set_ftrace_pid tracing_on trace trace_pipe error_log".split(" "),
  ..."kprobe_events kprobe_profile events/kprobes/EVENT/enable trace_options options".split(" "),
  // 6.5 to 6.11.
  "/proc/sys/kernel/ftrace_enabled",
  "/sys/kernel/debug/kprobes/list",
  "/sys/kernel/debug/kprobes/enabled",
  "/proc/kallsyms",
  "/proc/sys/kernel/kptr_restrict",
  "/proc/PID/patch_state",
  "/proc/PID/stack",
  "/proc/modules",
  "/proc/sys/kernel/tainted",
  "/sys/module/MODULE/taint",
  "/boot/config-RELEASE",
];

/** Files of tracefs that section 6 has no word on, and where they are tested. */
export const NOT_IN_CONTRACT: Record<string, string> = {
  README: "our own text",
  available_events: "kprobe.test.ts",
  buffer_size_kb: "function.test.ts",
  buffer_total_size_kb: "files.test.ts",
  dynamic_events: "files.test.ts",
  "events/enable": "kprobe.test.ts",
  "events/kprobes/enable": "kprobe.test.ts",
  "events/kprobes/EVENT/format": "files.test.ts",
  "events/kprobes/EVENT/id": "files.test.ts",
  max_graph_depth: "graph.test.ts",
  "per_cpu/cpu0/buffer_size_kb": "files.test.ts",
  "per_cpu/cpu0/snapshot": "snapshot.test.ts",
  "per_cpu/cpu0/stats": "function.test.ts",
  "per_cpu/cpu0/trace": "files.test.ts",
  "per_cpu/cpu0/trace_pipe": "files.test.ts",
  saved_cmdlines: "files.test.ts",
  saved_cmdlines_size: "files.test.ts",
  set_event: "kprobe.test.ts",
  set_ftrace_notrace_pid: "files.test.ts",
  set_graph_notrace: "graph.test.ts",
  snapshot: "snapshot.test.ts",
  trace_clock: "files.test.ts",
  trace_marker: "files.test.ts",
  tracing_thresh: "graph.test.ts",
};
