// mutex.ts - sleeping locks.
//
// 16 bytes, zero when free:  | owner | nothing | waiters: next, prev |
// Mirrors Linux kernel/locking/mutex.c, without spinning.

import { TaskState } from "../../abi";
import { pr_err } from "../printk/printk";
import { might_sleep, schedule } from "../sched/core";
import {
  finish_wait,
  init_waitqueue_head,
  prepare_to_wait,
  wake_up,
} from "../sched/wait";
import { current } from "../sched/task";

function waiters(m: usize): usize {
  if (load<usize>(m + 8) == 0) init_waitqueue_head(m + 8);
  return m + 8;
}

/** Takes the lock; sleeps until it is free. */
export function mutex_lock(m: usize): void {
  might_sleep();
  while (!mutex_trylock(m)) {
    prepare_to_wait(waiters(m), TaskState.UNINTERRUPTIBLE);
    if (load<usize>(m) != 0) schedule();
    finish_wait(waiters(m));
  }
}

/** Takes the lock if it is free. */
export function mutex_trylock(m: usize): bool {
  if (load<usize>(m) != 0) return false;
  store<usize>(m, changetype<usize>(current));
  return true;
}

export function mutex_unlock(m: usize): void {
  if (load<usize>(m) != changetype<usize>(current)) {
    pr_err("BUG: mutex_unlock by %s/%d\n", current.comm, current.pid);
  }
  store<usize>(m, 0);
  wake_up(waiters(m));
}

export function mutex_is_locked(m: usize): bool {
  return load<usize>(m) != 0;
}
