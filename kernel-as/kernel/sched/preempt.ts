// preempt.ts - sections that must not sleep.

import { current } from "./task";

export function preempt_disable(): void {
  current.preempt_count++;
}

export function preempt_enable(): void {
  current.preempt_count--;
}

/** Whether the running task may not sleep. */
export function in_atomic(): bool {
  return current.preempt_count != 0;
}
