// stacktrace.ts - which functions are on a task's kernel stack.
//
// A sleeping task's stack is its record list (unwind.ts). For the running
// task, the stack is unwound and rewound at once: it goes to sleep and is
// chosen again with nothing in between.
// Mirrors Linux kernel/stacktrace.c and HAVE_RELIABLE_STACKTRACE.

import { Errno, TaskFlag, TaskState } from "../abi";
import { streq_lit } from "../lib/string";
import { kallsyms_lookup } from "./kallsyms";
import { unwind_current } from "./sched/core";
import { Task, current, init_task, next_task } from "./sched/task";
import { unwind_record } from "./unwind";

const ENTRIES = 128;
const entries = memory.data(512, 4);

/** A task that is dead, or in user mode, or has never run has no frames. */
function has_frames(t: Task): bool {
  if (t.stack == 0) return false;
  if ((t.flags & (TaskFlag.USER | TaskFlag.FRESH)) != 0) return false;
  return (t.state & (TaskState.ZOMBIE | TaskState.DEAD)) == 0;
}

/** Copies t's records; for the running task they must just have been made. */
function copy_records(t: Task, store_at: usize, max: u32): i32 {
  const n = t.nr_records;
  if (n > max) return -Errno.EINVAL;
  for (let i: u32 = 0; i < n; i++) {
    store<u32>(store_at + 4 * i, unwind_record(t.records, i).id);
  }
  return <i32>n;
}

/**
 * Function ids on t's kernel stack, innermost first.
 * Returns how many, or -EINVAL when there are more than max.
 * Context: task; sleeps for a moment when t is current.
 */
export function stack_trace_save_tsk_reliable(
  t: Task,
  store_at: usize,
  max: u32,
): i32 {
  if (t == current) {
    unwind_current();
    return copy_records(current, store_at, max);
  }
  return has_frames(t) ? copy_records(t, store_at, max) : 0;
}

/**
 * Where a sleeping task is in frame i: the number of the call it waits in,
 * which asyncify writes first into a frame.
 */
export function stack_trace_call(t: Task, i: u32): u32 {
  if (i == 0) return load<u32>(t.stack + 8);
  return load<u32>(unwind_record(t.records, i - 1).pos);
}

/** Whether a function is the scheduler's own: no place to wait in. */
function in_sched_functions(id: u32): bool {
  const sym = kallsyms_lookup(id);
  return sym != null && streq_lit(sym.file, "kernel/sched/core.ts");
}

/** How many of the n innermost frames belong to the scheduler. */
export function stack_trace_nosched(ids: usize, n: i32): i32 {
  let i = 0;
  while (i < n && in_sched_functions(load<u32>(ids + 4 * i))) i++;
  return i;
}

function entries_hold(n: i32, id: u32): bool {
  for (let i = 0; i < n; i++) {
    if (load<u32>(entries + 4 * i) == id) return true;
  }
  return n < 0;
}

/** Whether some task's stack holds a frame of function id. */
export function stack_trace_holds(id: u32): bool {
  let t: Task | null = init_task;
  for (; t != null; t = next_task(t)) {
    const n = stack_trace_save_tsk_reliable(t, entries, ENTRIES);
    if (entries_hold(n, id)) return true;
  }
  return false;
}
