// core.ts - the scheduler: one CPU, round robin.
//
// schedule() chooses the next task and calls switch_to(), which unwinds the
// caller's kernel stack into its task; the host then makes the next task
// current and goes on with it. When a task is chosen again, switch_to()
// returns in it as if nothing had happened.
//
// A task is preempted only on its way back to user mode and where it calls
// cond_resched(). This file does not know livepatch: it offers a hook.
// Mirrors Linux kernel/sched/core.c.

import { TaskFlag, TaskState } from "../../abi";
import { switch_to } from "../../host";
import {
  INIT_LIST_HEAD,
  list_add_tail,
  list_del_init,
  list_empty,
  list_next,
} from "../../lib/list";
import { pr_err } from "../printk/printk";
import { TICK_NSEC, ktime_get } from "../time/timekeeping";
import { Timer, mod_timer, timer_delete, timer_setup } from "../time/timer";
import { touch_softlockup_watchdog } from "../watchdog";
import { in_atomic } from "./preempt";
import { prepare_task_switch, switch_current } from "./switch";
import {
  Task,
  Tif,
  clear_tsk_thread_flag,
  current,
  init_task,
  set_tsk_thread_flag,
  test_tsk_thread_flag,
} from "./task";

export const MAX_SCHEDULE_TIMEOUT: i64 = i64.MAX_VALUE;

/** Ticks a task runs before another gets its turn. */
const RR_TIMESLICE = 10;

const run_queue = memory.data(8, 4);
let nr_switches: u64 = 0;
let switched_at: u64 = 0;

/** Called by a task about to sleep freezably; livepatch fills it. */
let sched_sleep_hook: (() => void) | null = null;

export function set_sched_sleep_hook(f: () => void): void {
  sched_sleep_hook = f;
}

export function sched_init(): void {
  INIT_LIST_HEAD(run_queue);
}

export function nr_context_switches(): u64 {
  return nr_switches;
}

/** Tasks that want to run, the running one not counted twice. */
export function nr_running(): u32 {
  let n: u32 = 0;
  let e = list_next(run_queue);
  for (; e != run_queue; e = list_next(e)) n++;
  if (!current.on_rq && (current.flags & TaskFlag.IDLE) == 0) n++;
  return n;
}

function enqueue(t: Task): void {
  if (t.on_rq || (t.flags & TaskFlag.IDLE) != 0) return;
  t.on_rq = true;
  list_add_tail(t.run_list, run_queue);
}

function dequeue_first(): Task {
  if (list_empty(run_queue)) return init_task;
  const e = list_next(run_queue);
  list_del_init(e);
  const t = changetype<Task>(e - offsetof<Task>("run_next"));
  t.on_rq = false;
  return t;
}

/** Charges current for its time and makes next current. */
function context_switch(next: Task): void {
  const now = ktime_get();
  current.utime += now - switched_at;
  switched_at = now;
  const prev = current;
  next.time_slice = RR_TIMESLICE;
  clear_tsk_thread_flag(prev, Tif.NEED_RESCHED);
  if (next == prev) return;
  touch_softlockup_watchdog();
  nr_switches++;
  prev.nvcsw++;
  leave_for(next);
}

/** Unwinds current, whose frames are recorded, and goes on with next. */
function leave_for(next: Task): void {
  current.nr_records = 0;
  prepare_task_switch(next);
  switch_to();
}

function __schedule(): void {
  if (current.state == TaskState.RUNNING) enqueue(current);
  context_switch(dequeue_first());
}

/** Lets another task run; comes back when this one is chosen again. */
export function schedule(): void {
  if (in_atomic()) {
    pr_err(
      "BUG: scheduling while atomic: %s/%d/0x%08x\n",
      current.comm,
      current.pid,
      current.preempt_count,
    );
  }
  const hook = sched_sleep_hook;
  if (hook != null && (current.state & TaskState.FREEZABLE) != 0) hook();
  __schedule();
}

/** The idle task's schedule(): it has no stack of its own to leave. */
export function schedule_idle(): void {
  const next = dequeue_first();
  if (next == current) return;
  const now = ktime_get();
  current.utime += now - switched_at;
  switched_at = now;
  nr_switches++;
  next.time_slice = RR_TIMESLICE;
  switch_current(next);
}

/** After current died without unwinding (an oops): choose another. */
export function schedule_after_oops(): void {
  switch_current(dequeue_first());
}

/**
 * Says that the caller may sleep, so that it and its callers are built for
 * it even where they seldom do; lets a waiting task run.
 */
export function might_sleep(): void {
  if (in_atomic()) {
    pr_err("BUG: sleeping function called from invalid context\n");
  }
  cond_resched();
}

export function cond_resched(): void {
  if (test_tsk_thread_flag(current, Tif.NEED_RESCHED) && !in_atomic()) {
    schedule();
  }
}

/** Called at every tick while current runs. */
export function scheduler_tick(): void {
  if ((current.flags & TaskFlag.IDLE) != 0) return;
  if (--current.time_slice <= 0) {
    set_tsk_thread_flag(current, Tif.NEED_RESCHED);
  }
}

export function resched_current(): void {
  set_tsk_thread_flag(current, Tif.NEED_RESCHED);
}

export function set_current_state(state: u32): void {
  current.state = state;
}

/** Makes t runnable if it sleeps in one of the states of mask. */
export function try_to_wake_up(t: Task, mask: u32): bool {
  if ((t.state & mask) == 0) return false;
  t.state = TaskState.RUNNING;
  if (t == current) return true;
  enqueue(t);
  // Woken by the timer or by input: it has waited, current has not.
  if (in_atomic()) resched_current();
  return true;
}

export function wake_up_process(t: Task): bool {
  return try_to_wake_up(t, TaskState.INTERRUPTIBLE | TaskState.UNINTERRUPTIBLE);
}

/** A new task's first turn. */
export function wake_up_new_task(t: Task): void {
  t.state = TaskState.RUNNING;
  enqueue(t);
}

/** Takes a dead or stopped task off the run queue. */
export function deactivate_task(t: Task): void {
  if (!t.on_rq) return;
  list_del_init(t.run_list);
  t.on_rq = false;
}

export function signal_pending(t: Task): bool {
  return test_tsk_thread_flag(t, Tif.SIGPENDING | Tif.NOTIFY_SIGNAL);
}

function process_timeout(data: usize): void {
  wake_up_process(changetype<Task>(data));
}

/**
 * Sleeps until woken or until the time expires (ns since boot). The caller
 * has set its state. Returns whether the time is up.
 */
export function schedule_until(expires: u64): bool {
  const timer = changetype<Timer>(current.sleep_timer);
  if (ktime_get() >= expires) {
    current.state = TaskState.RUNNING;
    return true;
  }
  timer_setup(timer, process_timeout, changetype<usize>(current));
  mod_timer(timer, expires);
  schedule();
  timer_delete(timer);
  return ktime_get() >= expires;
}

/** Sleeps at most so many ticks; the ticks left. */
export function schedule_timeout(ticks: i64): i64 {
  if (ticks == MAX_SCHEDULE_TIMEOUT) {
    schedule();
    return ticks;
  }
  const expires = ktime_get() + <u64>ticks * TICK_NSEC;
  schedule_until(expires);
  const now = ktime_get();
  return now >= expires ? 0 : <i64>((expires - now) / TICK_NSEC);
}

/** Sleeps at most ns nanoseconds; the nanoseconds left. */
export function schedule_timeout_ns(ns: u64): u64 {
  const expires = ktime_get() + ns;
  schedule_until(expires);
  const now = ktime_get();
  return now >= expires ? 0 : expires - now;
}

/**
 * Unwinds current into its record list and comes straight back, so that
 * even the running task's stack can be read reliably.
 */
export function unwind_current(): void {
  leave_for(current);
}
