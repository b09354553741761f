// workqueue.ts - work done later, in a kthread.
//
// One queue, `events`, served by kworkers. When an item sleeps, its worker
// sleeps with it; a worker is added whenever work is queued and no worker
// is idle, so one item that never ends does not hold up the others.
// Mirrors Linux kernel/workqueue.c, with one pool.

import { TaskState } from "../abi";
import {
  INIT_LIST_HEAD,
  list_add_tail,
  list_del_init,
  list_empty,
  list_next,
} from "../lib/list";
import { kthread_create } from "./kthread";
import { schedule, set_current_state, wake_up_new_task } from "./sched/core";
import { Timer, mod_timer, timer_delete, timer_setup } from "./time/timer";
import { TICK_NSEC, ktime_get } from "./time/timekeeping";
import { finish_wait, prepare_to_wait, wake_up } from "./sched/wait";
import { snprintf } from "../lib/vsprintf";

@unmanaged
export class Work {
  next: usize;
  prev: usize;
  fn: ((w: Work) => void) | null;
  /** Queued and not yet begun. */
  pending: bool;
}

/** Work that a timer queues. */
@unmanaged
export class DelayedWork {
  next: usize;
  prev: usize;
  fn: ((w: Work) => void) | null;
  pending: bool;
  // A Timer follows.
  expires: u64;
  seq: u64;
  timer_fn: usize;
  timer_data: usize;
  timer_index: u32;

  get work(): Work {
    return changetype<Work>(this);
  }
  get timer(): Timer {
    return changetype<Timer>(
      changetype<usize>(this) + offsetof<DelayedWork>("expires"),
    );
  }
}

const worklist = memory.data(8, 4);
/** Where idle workers sleep, and where flushers do. */
const idle_workers = memory.data(8, 4);
const flushers = memory.data(8, 4);
/** The item each worker runs now. */
const MAX_WORKERS = 64;
const busy = memory.data(256, 4);
let nr_idle: u32 = 0;
let nr_workers: u32 = 0;

function take_work(): Work {
  const e = list_next(worklist);
  list_del_init(e);
  return changetype<Work>(e);
}

/** Runs one item; it may free itself, so it is not touched afterwards. */
function process_one_work(worker: usize, w: Work): void {
  const fn = w.fn;
  w.pending = false;
  store<usize>(busy + 4 * worker, changetype<usize>(w));
  if (fn != null) fn(w);
  store<usize>(busy + 4 * worker, 0);
  wake_up(flushers);
}

/** Whether some worker is inside w. */
function work_running(w: Work): bool {
  for (let i: u32 = 0; i < nr_workers; i++) {
    if (load<usize>(busy + 4 * i) == changetype<usize>(w)) return true;
  }
  return false;
}

/** Whether w is queued or running. */
export function work_busy(w: Work): bool {
  return w.pending || work_running(w);
}

function worker_thread(worker: usize): i32 {
  for (;;) {
    while (!list_empty(worklist)) process_one_work(worker, take_work());
    nr_idle++;
    prepare_to_wait(idle_workers, TaskState.IDLE);
    if (list_empty(worklist)) schedule();
    finish_wait(idle_workers);
    nr_idle--;
  }
  return 0;
}

/** Adds kworker/0:N to the pool; false when it is full or memory is out. */
function create_worker(): bool {
  if (nr_workers == MAX_WORKERS) return false;
  const t = kthread_create(worker_thread, nr_workers, "kworker/0:");
  if (t == null) return false;
  snprintf(t.comm, 16, "kworker/0:%u", nr_workers++);
  wake_up_new_task(t);
  return true;
}

export function workqueue_init(): void {
  INIT_LIST_HEAD(worklist);
  INIT_LIST_HEAD(idle_workers);
  INIT_LIST_HEAD(flushers);
  create_worker();
}

export function INIT_WORK(w: Work, fn: (w: Work) => void): void {
  INIT_LIST_HEAD(changetype<usize>(w));
  w.fn = fn;
  w.pending = false;
}

/** Queues w; false when it is queued already. */
export function schedule_work(w: Work): bool {
  if (w.pending) return false;
  w.pending = true;
  list_add_tail(changetype<usize>(w), worklist);
  if (nr_idle > 0) wake_up(idle_workers);
  else create_worker();
  return true;
}

/** Waits until w, if queued or running, is done. */
export function flush_work(w: Work): bool {
  if (!work_busy(w)) return false;
  while (work_busy(w)) {
    prepare_to_wait(flushers, TaskState.UNINTERRUPTIBLE);
    if (work_busy(w)) schedule();
    finish_wait(flushers);
  }
  return true;
}

/** Takes w off the queue, or waits for its end; true when it was queued. */
export function cancel_work_sync(w: Work): bool {
  const was_pending = w.pending;
  if (was_pending) {
    list_del_init(changetype<usize>(w));
    w.pending = false;
  }
  flush_work(w);
  return was_pending;
}

function delayed_work_timer_fn(data: usize): void {
  const dw = changetype<DelayedWork>(data);
  dw.pending = false;
  schedule_work(dw.work);
}

export function INIT_DELAYED_WORK(
  dw: DelayedWork,
  fn: (w: Work) => void,
): void {
  INIT_WORK(dw.work, fn);
  timer_setup(dw.timer, delayed_work_timer_fn, changetype<usize>(dw));
}

/** Queues dw after delay ticks; false when it is under way already. */
export function schedule_delayed_work(dw: DelayedWork, delay: u64): bool {
  if (dw.pending) return false;
  if (delay == 0) return schedule_work(dw.work);
  dw.pending = true;
  mod_timer(dw.timer, ktime_get() + delay * TICK_NSEC);
  return true;
}

/** As schedule_delayed_work, but changes the time if it is under way. */
export function mod_delayed_work(dw: DelayedWork, delay: u64): bool {
  const was_pending = cancel_delayed_work(dw);
  schedule_delayed_work(dw, delay);
  return was_pending;
}

/** Stops dw before it begins; false when it was not under way. */
export function cancel_delayed_work(dw: DelayedWork): bool {
  if (!dw.pending) return false;
  if (!timer_delete(dw.timer)) list_del_init(changetype<usize>(dw));
  dw.pending = false;
  return true;
}

export function cancel_delayed_work_sync(dw: DelayedWork): bool {
  const was_pending = cancel_delayed_work(dw);
  flush_work(dw.work);
  return was_pending;
}
