// entry.ts - the border between user mode and the kernel.
//
// The host writes a system call into current.regs and enters here. On the
// way out current may be preempted, stopped, killed or switched to a new
// livepatch state; then the host reads the result from regs.ax. A call that
// a signal interrupted and nobody handled starts again from here.
// Mirrors Linux arch/x86/entry and kernel/entry/common.c.

import { Errno, Limits, TaskFlag } from "../abi";
import { irq_work_run } from "./irq_work";
import { run_timers } from "./time/timer";
import { TICK_NSEC, advance_clock, ktime_get } from "./time/timekeeping";
import { schedule, scheduler_tick } from "./sched/core";
import { calc_global_load } from "./sched/loadavg";
import { PtRegs, Tif, current } from "./sched/task";
import { get_signal } from "./signal";
import { syscall_fn } from "./sys_call_table";
import { touch_softlockup_watchdog } from "./watchdog";

const EXIT_WORK: u32 =
  Tif.SIGPENDING | Tif.NEED_RESCHED | Tif.PATCH_PENDING | Tif.NOTIFY_SIGNAL;

let next_tick: u64 = TICK_NSEC;

/** klp_update_patch_state(); livepatch fills it. */
let exit_patch_hook: (() => void) | null = null;

export function set_exit_patch_hook(f: () => void): void {
  exit_patch_hook = f;
}

/** The timer interrupt: charges ticks and runs what is due. */
export function tick(): void {
  const now = ktime_get();
  if (now >= next_tick) {
    scheduler_tick();
    calc_global_load();
    next_tick = now - (now % TICK_NSEC) + TICK_NSEC;
  }
  irq_work_run();
  run_timers();
}

function x64_sys_call(regs: PtRegs, nr: u32): isize {
  const fn = syscall_fn(nr);
  if (fn == 0) return -Errno.ENOSYS;
  return changetype<(regs: PtRegs) => isize>(fn)(regs);
}

/** Everything that has to happen before current is in user mode again. */
function exit_to_user_mode_loop(): void {
  for (;;) {
    const work = current.ti_flags & EXIT_WORK;
    if (work == 0) return;
    if ((work & Tif.NEED_RESCHED) != 0) schedule();
    if ((work & Tif.PATCH_PENDING) != 0) {
      const hook = exit_patch_hook;
      if (hook != null) hook();
    }
    if ((work & (Tif.SIGPENDING | Tif.NOTIFY_SIGNAL)) != 0) get_signal();
  }
}

/** Whether the interrupted call is made again instead of returning. */
function should_restart(regs: PtRegs): bool {
  const err = <i32>-regs.ax;
  if (err < Errno.ERESTARTSYS || err > Errno.ERESTARTNOHAND) return false;
  if (current.deliver == 0 || err == Errno.ERESTARTNOINTR) return true;
  regs.ax = -Errno.EINTR;
  return false;
}

function do_syscall_64(regs: PtRegs): void {
  const nr = <u32>regs.orig_ax;
  current.restart_expires = 0;
  do {
    regs.ax = x64_sys_call(regs, nr);
    tick();
    exit_to_user_mode_loop();
  } while (should_restart(regs));
  current.restart_expires = 0;
}

/** A system call of current: arguments in regs, result in regs.ax. */
export function entry_SYSCALL_64_after_hwframe(): void {
  current.flags = (current.flags & ~TaskFlag.USER) | TaskFlag.SYSCALL;
  advance_clock(Limits.SYSCALL_NS);
  touch_softlockup_watchdog();
  do_syscall_64(current.regs);
  current.flags = (current.flags & ~TaskFlag.SYSCALL) | TaskFlag.USER;
}

/**
 * When a kthread's function returns without exiting, it has become a user
 * program (init).
 */
function ret_from_fork(): void {
  const fn = current.threadfn;
  if (fn != null) fn(current.threadfn_data);
  exit_to_user_mode_loop();
}

/** A kthread's or a fresh user task's first turn. */
export function ret_from_fork_asm(): void {
  current.flags &= ~TaskFlag.FRESH;
  ret_from_fork();
  current.flags |= TaskFlag.USER;
}
