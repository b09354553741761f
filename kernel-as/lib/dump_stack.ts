// dump_stack.ts - prints which functions are on the stack.
//
// The running stack is the engine's. The host reads what an error says about
// it and calls stack_frame() for every function. Good for people; the kernel
// itself trusts kernel/stacktrace.ts only.
// Mirrors Linux lib/dump_stack.c and arch/x86/kernel/dumpstack.c.

import { show_frames } from "../host";
import { host_buf } from "../kernel/hostbuf";
import {
  KsymTable,
  kallsyms_table,
  ksym_find,
  vmlinux_syms,
} from "../kernel/kallsyms";
import { pr_warn } from "../kernel/printk/printk";
import { current } from "../kernel/sched/task";
import { print_tainted } from "../kernel/taint";
import { ftrace_entry_id } from "../kernel/trace/dyn_ftrace";
import { init_utsname } from "../kernel/uts";
import { strlen } from "./string";

const tainted = memory.data(256);

/** Linux's line that says where and as whom. */
export function dump_stack_print_info(): void {
  print_tainted(tainted);
  pr_warn(
    "CPU: 0 UID: %u PID: %d Comm: %s %s %s\n",
    current.uid,
    current.pid,
    current.comm,
    tainted,
    init_utsname(),
  );
}

export function show_trace_begins(): void {
  pr_warn("Call Trace:\n");
  pr_warn(" <TASK>\n");
}

export function show_trace_ends(): void {
  pr_warn(" </TASK>\n");
}

/** For whoever wonders how a function came to be called. */
export function dump_stack(): void {
  dump_stack_print_info();
  show_trace_begins();
  show_frames();
  show_trace_ends();
}

/** Id of the function whose name, and its module's, the host buffer holds. */
function named_function(): u32 {
  const mod_name = host_buf + strlen(host_buf) + 1;
  if (load<u8>(mod_name) != 0) return function_of(kallsyms_table(mod_name));
  // Not every engine tells the module.
  let id: u32 = 0;
  let at = changetype<usize>(vmlinux_syms());
  for (; at != 0 && id == 0; at = load<usize>(at)) {
    id = function_of(changetype<KsymTable>(at));
  }
  return id;
}

function function_of(table: KsymTable | null): u32 {
  if (table == null) return 0;
  const sym = ksym_find(table, host_buf, 1);
  return sym == null ? 0 : sym.id;
}

/**
 * One function of the trace: by an entry of the table that it fills, or, when
 * that is 0, by the names in the host buffer: its own and its module's, empty
 * for the kernel, each ended by NUL.
 */
export function stack_frame(entry: u32): void {
  const id = entry == 0 ? named_function() : ftrace_entry_id(entry);
  if (id != 0) pr_warn(" %pS\n", id);
  else if (entry == 0) pr_warn(" ? %s\n", host_buf);
}
