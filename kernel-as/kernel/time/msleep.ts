// msleep.ts - sleeping for a time. Mirrors the end of Linux
// kernel/time/sleep_timeout.c.

import { TaskState } from "../../abi";
import {
  schedule_until,
  set_current_state,
  signal_pending,
} from "../sched/core";
import { current } from "../sched/task";
import { ktime_get } from "./timekeeping";

/** Sleeps ms milliseconds, whatever signals come. */
export function msleep(ms: u32): void {
  const expires = ktime_get() + <u64>ms * 1000000;
  do {
    set_current_state(TaskState.UNINTERRUPTIBLE);
  } while (!schedule_until(expires));
}

/** Sleeps ms milliseconds or until a signal; the milliseconds left. */
export function msleep_interruptible(ms: u32): u32 {
  const expires = ktime_get() + <u64>ms * 1000000;
  for (;;) {
    if (signal_pending(current)) break;
    set_current_state(TaskState.INTERRUPTIBLE);
    if (schedule_until(expires)) break;
  }
  const now = ktime_get();
  return now >= expires ? 0 : <u32>((expires - now + 999999) / 1000000);
}
