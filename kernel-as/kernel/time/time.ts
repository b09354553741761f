// time.ts - system calls about time. Mirrors Linux kernel/time/hrtimer.c and
// itimer.c, as far as they are seen from here.

import { Errno, Sig, Sys, TaskState } from "../../abi";
import { kzalloc } from "../../mm/slab";
import {
  schedule_until,
  set_current_state,
  signal_pending,
} from "../sched/core";
import { PtRegs, Task, current } from "../sched/task";
import { send_sig } from "../signal";
import { set_syscall } from "../sys_call_table";
import { ktime_get, ktime_get_real } from "./timekeeping";
import {
  Timer,
  mod_timer,
  timer_delete,
  timer_pending,
  timer_setup,
} from "./timer";

const NSEC_PER_SEC: u64 = 1000000000;

/** nanosleep(ns). A restarted call sleeps on to the time first meant. */
export function __x64_sys_nanosleep(regs: PtRegs): isize {
  if (regs.di < 0) return -Errno.EINVAL;
  if (current.restart_expires == 0) {
    current.restart_expires = ktime_get() + <u64>regs.di;
  }
  return hrtimer_nanosleep(current.restart_expires);
}

function hrtimer_nanosleep(expires: u64): isize {
  do {
    set_current_state(TaskState.INTERRUPTIBLE);
    if (signal_pending(current)) {
      set_current_state(TaskState.RUNNING);
      return ktime_get() >= expires ? 0 : -Errno.ERESTARTSYS;
    }
  } while (!schedule_until(expires));
  return 0;
}

function alarm_fn(data: usize): void {
  send_sig(Sig.SIGALRM, changetype<Task>(data));
}

/** alarm(seconds) -> seconds that were left of the alarm before; 0 disarms. */
export function __x64_sys_alarm(regs: PtRegs): isize {
  if (current.alarm_timer == 0) {
    current.alarm_timer = kzalloc(offsetof<Timer>());
    if (current.alarm_timer == 0) return -Errno.ENOMEM;
  }
  const timer = changetype<Timer>(current.alarm_timer);
  const now = ktime_get();
  let left: u64 = 0;
  if (timer_pending(timer) && timer.expires > now) left = timer.expires - now;
  timer_delete(timer);
  timer_setup(timer, alarm_fn, changetype<usize>(current));
  if (regs.di > 0) mod_timer(timer, now + <u64>regs.di * NSEC_PER_SEC);
  return <isize>((left + NSEC_PER_SEC - 1) / NSEC_PER_SEC);
}

/** clock_gettime(clock, buf): seconds and nanoseconds, 8 bytes each. */
export function __x64_sys_clock_gettime(regs: PtRegs): isize {
  const now = regs.di == 0 ? ktime_get_real() : ktime_get();
  store<u64>(<usize>regs.si, now / NSEC_PER_SEC);
  store<u64>(<usize>regs.si, now % NSEC_PER_SEC, 8);
  return 0;
}

/** times(buf): user time of current in ns, 8 bytes. */
export function __x64_sys_times(regs: PtRegs): isize {
  store<u64>(<usize>regs.di, current.utime);
  return 0;
}

export function time_init(): void {
  set_syscall(Sys.NANOSLEEP, __x64_sys_nanosleep);
  set_syscall(Sys.ALARM, __x64_sys_alarm);
  set_syscall(Sys.CLOCK_GETTIME, __x64_sys_clock_gettime);
  set_syscall(Sys.TIMES, __x64_sys_times);
}
