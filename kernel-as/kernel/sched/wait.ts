// wait.ts - queues of tasks that wait for something.
//
// A queue head is a list node; a task waits with its own wait_entry, so on
// one queue at a time. Those who wait for several things at once (poll)
// wait on poll_wait, which every wake-up of any queue wakes too: they look
// again and sleep on. Mirrors Linux kernel/sched/wait.c.

import { TaskState } from "../../abi";
import {
  INIT_LIST_HEAD,
  list_add_tail,
  list_del_init,
  list_empty,
  list_next,
} from "../../lib/list";
import { set_current_state, try_to_wake_up } from "./core";
import { Task, current } from "./task";

/** Where poll() sleeps. */
export const poll_wait = memory.data(8, 4);

export function wait_init(): void {
  INIT_LIST_HEAD(poll_wait);
}

export function init_waitqueue_head(wq: usize): void {
  INIT_LIST_HEAD(wq);
}

export function waitqueue_active(wq: usize): bool {
  return !list_empty(wq);
}

/**
 * Puts current on the queue, in the given sleep state. Do this before
 * testing the condition: then no wake-up can be missed.
 */
export function prepare_to_wait(wq: usize, state: u32): void {
  if (list_empty(current.wait_entry)) list_add_tail(current.wait_entry, wq);
  set_current_state(state);
}

export function finish_wait(wq: usize): void {
  set_current_state(TaskState.RUNNING);
  list_del_init(current.wait_entry);
}

function wake_queue(wq: usize, mask: u32): void {
  let e = list_next(wq);
  while (e != wq) {
    const next = list_next(e);
    try_to_wake_up(changetype<Task>(e - offsetof<Task>("wait_next")), mask);
    e = next;
  }
}

/** Wakes every task of the queue that sleeps. */
export function wake_up(wq: usize): void {
  const mask = TaskState.INTERRUPTIBLE | TaskState.UNINTERRUPTIBLE;
  wake_queue(wq, mask);
  if (wq != poll_wait) wake_queue(poll_wait, mask);
}

export function wake_up_interruptible(wq: usize): void {
  wake_queue(wq, TaskState.INTERRUPTIBLE);
  wake_queue(poll_wait, TaskState.INTERRUPTIBLE);
}
