// timer.ts - functions called at a time.
//
// Armed timers lie in a binary heap by (expires, order of arming), so equal
// times run in the order they were armed. Functions run in the timer
// interrupt: they must not sleep.
// Mirrors the interface of Linux kernel/time/timer.c; its wheel and the
// hrtimers are one heap here.

import { kfree, kzalloc } from "../../mm/slab";
import { preempt_disable, preempt_enable } from "../sched/preempt";
import { ktime_get } from "./timekeeping";

@unmanaged
export class Timer {
  /** Nanoseconds since boot. */
  expires: u64;
  seq: u64;
  fn: ((data: usize) => void) | null;
  data: usize;
  /** Place in the heap, from 1; 0 when not armed. */
  index: u32;
}

let heap: usize = 0;
let capacity: u32 = 0;
let count: u32 = 0;
let next_seq: u64 = 0;

function at(i: u32): Timer {
  return changetype<Timer>(load<usize>(heap + 4 * <usize>i));
}

function put(i: u32, t: Timer): void {
  store<usize>(heap + 4 * <usize>i, changetype<usize>(t));
  t.index = i;
}

function before(a: Timer, b: Timer): bool {
  if (a.expires != b.expires) return a.expires < b.expires;
  return a.seq < b.seq;
}

function sift_up(i: u32): void {
  const t = at(i);
  while (i > 1 && before(t, at(i >> 1))) {
    put(i, at(i >> 1));
    i >>= 1;
  }
  put(i, t);
}

function sift_down(i: u32): void {
  const t = at(i);
  for (;;) {
    let child: u32 = 2 * i;
    if (child > count) break;
    if (child < count && before(at(child + 1), at(child))) child++;
    if (!before(at(child), t)) break;
    put(i, at(child));
    i = child;
  }
  put(i, t);
}

/** Timers that may be armed at once; each owner reserves its own. */
let reserved: u32 = 0;

/** Makes room for n more timers; false when memory is out. */
export function timer_reserve(n: u32): bool {
  if (reserved + n + 1 >= capacity) {
    const size = capacity == 0 ? 512 : capacity * 2;
    const bigger = kzalloc(4 * size);
    if (bigger == 0) return false;
    memory.copy(bigger, heap, 4 * (count + 1));
    kfree(heap);
    heap = bigger;
    capacity = size;
  }
  reserved += n;
  return true;
}

export function timer_unreserve(n: u32): void {
  reserved -= n;
}

/** Every static timer of the kernel: room for them before the first task. */
export function timers_init(): void {
  if (!timer_reserve(64)) unreachable();
}

export function timer_setup(
  t: Timer,
  fn: (data: usize) => void,
  data: usize,
): void {
  t.fn = fn;
  t.data = data;
  t.index = 0;
}

/** Arms t for the time expires; true when it was armed already. */
export function mod_timer(t: Timer, expires: u64): bool {
  const pending = timer_delete(t);
  if (count + 1 >= capacity) unreachable(); // its owner did not reserve
  t.expires = expires;
  t.seq = next_seq++;
  count++;
  put(count, t);
  sift_up(count);
  return pending;
}

/** Disarms t; true when it was armed. */
export function timer_delete(t: Timer): bool {
  const i = t.index;
  if (i == 0) return false;
  t.index = 0;
  const last = at(count--);
  if (i <= count) {
    put(i, last);
    sift_up(i);
    sift_down(last.index);
  }
  return true;
}

export function timer_pending(t: Timer): bool {
  return t.index != 0;
}

/** Time of the next timer, or u64.MAX_VALUE. */
export function next_timer_expiry(): u64 {
  return count == 0 ? u64.MAX_VALUE : at(1).expires;
}

/** Runs what is due; the timer interrupt's work. */
export function run_timers(): void {
  while (count > 0 && at(1).expires <= ktime_get()) {
    const t = at(1);
    timer_delete(t);
    const fn = t.fn;
    preempt_disable();
    if (fn != null) fn(t.data);
    preempt_enable();
  }
}
