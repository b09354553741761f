// debug.ts - what every task does, in the log.
//
// The same stacks as in /proc/<pid>/stack, for whoever asks by SysRq: the
// quickest way to see who holds a transition.
// Mirrors Linux sched_show_task() of kernel/sched/core.c.

import { Limits, TaskState } from "../../abi";
import { lit } from "../../lib/string";
import { sprint_backtrace } from "../kallsyms";
import { pr_info } from "../printk/printk";
import { stack_trace_call, stack_trace_save_tsk_reliable } from "../stacktrace";
import { Task, init_task, next_task, task_state_to_char } from "./task";

/** Function ids: Limits.MAX_STACK_ENTRIES of 4 bytes. */
const ids = memory.data(400, 4);
const name = memory.data(640);

/** Innermost first, the scheduler's own functions as well. */
function show_stack(t: Task): void {
  const n = stack_trace_save_tsk_reliable(t, ids, Limits.MAX_STACK_ENTRIES);
  pr_info("Call Trace:\n");
  pr_info(" <TASK>\n");
  for (let i = 0; i < n; i++) {
    sprint_backtrace(name, load<u32>(ids + 4 * i), stack_trace_call(t, i));
    pr_info(" %s\n", name);
  }
  pr_info(" </TASK>\n");
}

export function sched_show_task(t: Task): void {
  const parent = t.parent;
  const running = t.state == TaskState.RUNNING ? "  running task    " : "";
  pr_info(
    "task:%-15.15s state:%c%S stack:0     pid:%-5d tgid:%-5d ppid:%-6d task_flags:0x%04x flags:0x%08lx\n",
    t.comm,
    task_state_to_char(t),
    lit(running),
    t.pid,
    t.tgid,
    parent == null ? 0 : parent.pid,
    t.pf_flags,
    t.ti_flags,
  );
  show_stack(t);
}

/** Tasks that sleep uninterruptibly and count as load; idle workers do not. */
function is_blocked(t: Task): bool {
  const mask = TaskState.UNINTERRUPTIBLE | TaskState.NOLOAD;
  return (t.state & mask) == TaskState.UNINTERRUPTIBLE;
}

/** All tasks but the idle one, or only those that are blocked. */
export function show_state(blocked_only: bool): void {
  let t: Task | null = init_task;
  for (; t != null; t = next_task(t)) {
    if (t.pid == 0) continue;
    if (!blocked_only || is_blocked(t)) sched_show_task(t);
  }
}

if (Limits.MAX_STACK_ENTRIES * 4 != 400) ERROR("debug.ts: size of ids");
