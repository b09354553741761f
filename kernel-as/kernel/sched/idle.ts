// idle.ts - what the CPU does when no task wants it.
//
// The idle task has no kernel stack to leave: the host calls do_idle() for
// as long as it is current. Mirrors Linux kernel/sched/idle.c.

import { TaskFlag } from "../../abi";
import { tick } from "../entry";
import { reap_dead_tasks } from "../exit";
import { ktime_get, set_clock } from "../time/timekeeping";
import { next_timer_expiry } from "../time/timer";
import { schedule_idle } from "./core";
import { Tif, current, test_tsk_thread_flag } from "./task";

/** klp_update_patch_state(); livepatch fills it. */
let idle_patch_hook: (() => void) | null = null;

export function set_idle_patch_hook(f: () => void): void {
  idle_patch_hook = f;
}

/**
 * One turn of the idle loop. Returns when the next timer is due (ns since
 * boot), -1 when none is armed, or 0 when another task is current now.
 */
export function do_idle(): f64 {
  tick();
  reap_dead_tasks();
  const hook = idle_patch_hook;
  if (hook != null && test_tsk_thread_flag(current, Tif.PATCH_PENDING)) hook();
  schedule_idle();
  if ((current.flags & TaskFlag.IDLE) == 0) return 0;
  const next = next_timer_expiry();
  return next == u64.MAX_VALUE ? -1 : <f64>next;
}

/** Moves the clock to now (ns since boot), as the host saw it pass. */
export function set_time(now: f64): void {
  set_clock(<u64>now);
}

/** Nanoseconds since boot, for the host. */
export function get_time(): f64 {
  return <f64>ktime_get();
}
