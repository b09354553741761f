// signal.ts - sending signals, and what they do.
//
// Handlers are the host's: a caught signal is noted in task.deliver and the
// host calls the program's handler before it goes on. Bits are sig - 1.
// Mirrors Linux kernel/signal.c; one thread a process, no queued siginfo.

import { Errno, Sig, SigHandler, Sys, TaskFlag, TaskState } from "../abi";
import { do_group_exit } from "./exit";
import {
  resched_current,
  schedule,
  set_current_state,
  try_to_wake_up,
} from "./sched/core";
import {
  PtRegs,
  Task,
  Tif,
  clear_tsk_thread_flag,
  current,
  find_task_by_pid,
  init_task,
  next_task,
  set_tsk_thread_flag,
} from "./sched/task";
import { wake_up } from "./sched/wait";
import { set_syscall } from "./sys_call_table";

function bit(sig: u32): u32 {
  return (<u32>1) << (sig - 1);
}

const STOP_SIGNALS: u32 =
  (1 << (Sig.SIGSTOP - 1)) |
  (1 << (Sig.SIGTSTP - 1)) |
  (1 << (Sig.SIGTTIN - 1)) |
  (1 << (Sig.SIGTTOU - 1));
const UNBLOCKABLE: u32 = (1 << (Sig.SIGKILL - 1)) | (1 << (Sig.SIGSTOP - 1));
const IGNORED_BY_DEFAULT: u32 =
  (1 << (Sig.SIGCHLD - 1)) |
  (1 << (Sig.SIGCONT - 1)) |
  (1 << (Sig.SIGWINCH - 1));

function deliverable(t: Task): u32 {
  return t.pending & ~(t.blocked & ~UNBLOCKABLE);
}

/** Whether sending sig to t has no effect now. */
function sig_ignored(t: Task, sig: u32): bool {
  if (t.is_kthread && sig != Sig.SIGKILL) return true;
  if ((t.blocked & bit(sig)) != 0) return false;
  if ((t.ignored & bit(sig)) != 0) return true;
  if (t.pid == 1 && (t.caught & bit(sig)) == 0) return true;
  return (t.caught & bit(sig)) == 0 && (IGNORED_BY_DEFAULT & bit(sig)) != 0;
}

export function recalc_sigpending(t: Task): void {
  if (deliverable(t) != 0) set_tsk_thread_flag(t, Tif.SIGPENDING);
  else clear_tsk_thread_flag(t, Tif.SIGPENDING);
}

function signal_wake_up(t: Task, fatal: bool): void {
  recalc_sigpending(t);
  if ((t.ti_flags & Tif.SIGPENDING) == 0) return;
  const mask = TaskState.INTERRUPTIBLE | (fatal ? TaskState.STOPPED : 0);
  try_to_wake_up(t, mask);
}

/** SIGCONT and stops undo each other, even when they are blocked. */
function prepare_signal(sig: u32, t: Task): void {
  if ((STOP_SIGNALS & bit(sig)) != 0) {
    t.pending &= ~bit(Sig.SIGCONT);
  } else if (sig == Sig.SIGCONT) {
    t.pending &= ~STOP_SIGNALS;
    if (t.jobctl_stopped) {
      t.jobctl_stopped = false;
      t.wait_status = 0xffff;
      try_to_wake_up(t, TaskState.STOPPED);
      notify_parent(t);
    }
  }
}

/** Sends sig to t; 0 or -errno. Signal 0 only asks. */
export function send_sig(sig: u32, t: Task): i32 {
  if (sig >= <u32>Sig.NSIG) return -Errno.EINVAL;
  if (sig == 0 || (t.flags & TaskFlag.EXITING) != 0) return 0;
  prepare_signal(sig, t);
  if (sig_ignored(t, sig)) return 0;
  t.pending |= bit(sig);
  signal_wake_up(t, sig == Sig.SIGKILL);
  return 0;
}

/** Tells the parent that t stopped, went on or died. */
export function notify_parent(t: Task): void {
  const parent = t.parent;
  if (parent == null) return;
  send_sig(Sig.SIGCHLD, parent);
  wake_up(parent.wait_chldexit);
}

/** Sends sig to a process group; 0, or -ESRCH when it is empty. */
export function kill_pgrp(sig: u32, pgrp: i32): i32 {
  let found = false;
  for (let t: Task | null = init_task; t != null; t = next_task(t)) {
    if (t.pgrp != pgrp || t.pid == 0 || t.state == TaskState.ZOMBIE) continue;
    found = true;
    send_sig(sig, t);
  }
  return found ? 0 : -Errno.ESRCH;
}

/**
 * Livepatch's fake signal: the task wakes as if for a signal, but none is
 * queued and no handler runs; the system call starts again.
 */
export function set_notify_signal(t: Task): void {
  set_tsk_thread_flag(t, Tif.NOTIFY_SIGNAL);
  try_to_wake_up(t, TaskState.INTERRUPTIBLE);
}

function may_kill(t: Task): bool {
  return current.euid == 0 || current.euid == t.uid;
}

/** kill(-1): everyone but init and the caller. */
function kill_all(sig: u32): i32 {
  let found = false;
  for (let t: Task | null = init_task; t != null; t = next_task(t)) {
    if (t.pid <= 1 || t == current || t.is_kthread || !may_kill(t)) continue;
    found = true;
    send_sig(sig, t);
  }
  return found ? 0 : -Errno.ESRCH;
}

/** kill(pid, sig); pid 0 own group, -1 everyone, -n group n. */
export function __x64_sys_kill(regs: PtRegs): isize {
  const pid = <i32>regs.di;
  const sig = <u32>regs.si;
  if (sig >= <u32>Sig.NSIG) return -Errno.EINVAL;
  if (pid == -1) return kill_all(sig);
  if (pid == 0) return kill_pgrp(sig, current.pgrp);
  if (pid < 0) return kill_pgrp(sig, -pid);
  const t = find_task_by_pid(pid);
  if (t == null) return -Errno.ESRCH;
  if (!may_kill(t)) return -Errno.EPERM;
  return send_sig(sig, t);
}

/** rt_sigaction(sig, SigHandler): what current does on sig. */
export function __x64_sys_rt_sigaction(regs: PtRegs): isize {
  const sig = <u32>regs.di;
  const how = <u32>regs.si;
  if (sig == 0 || sig >= <u32>Sig.NSIG || (UNBLOCKABLE & bit(sig)) != 0) {
    return -Errno.EINVAL;
  }
  current.ignored &= ~bit(sig);
  current.caught &= ~bit(sig);
  if (how == SigHandler.IGN) current.ignored |= bit(sig);
  if (how == SigHandler.CATCH) current.caught |= bit(sig);
  if (sig_ignored(current, sig)) current.pending &= ~bit(sig);
  recalc_sigpending(current);
  return 0;
}

/** rt_sigprocmask(how, set) -> the old mask. */
export function __x64_sys_rt_sigprocmask(regs: PtRegs): isize {
  const old = current.blocked;
  const set = (<u32>regs.si) & ~UNBLOCKABLE;
  if (regs.di == 0) current.blocked |= set;
  else if (regs.di == 1) current.blocked &= ~set;
  else if (regs.di == 2) current.blocked = set;
  else return -Errno.EINVAL;
  recalc_sigpending(current);
  return <isize>old;
}

/** On exec, handlers are gone; what is ignored stays ignored. */
export function flush_signal_handlers(t: Task): void {
  t.caught = 0;
  t.deliver = 0;
}

function do_signal_stop(sig: u32): void {
  current.jobctl_stopped = true;
  current.wait_status = ((<i32>sig) << 8) | 0x7f;
  notify_parent(current);
  while (current.jobctl_stopped && (current.pending & bit(Sig.SIGKILL)) == 0) {
    set_current_state(TaskState.STOPPED);
    schedule();
  }
  current.jobctl_stopped = false;
}

/** Acts on one signal of its default action. */
function default_action(sig: u32): void {
  if ((STOP_SIGNALS & bit(sig)) != 0) do_signal_stop(sig);
  else if ((IGNORED_BY_DEFAULT & bit(sig)) == 0) do_group_exit(<i32>sig);
}

/**
 * Takes the pending signals of current, on its way to user mode.
 * Returns whether one of them has a handler.
 */
export function get_signal(): bool {
  clear_tsk_thread_flag(current, Tif.NOTIFY_SIGNAL);
  for (;;) {
    const set = deliverable(current);
    if (set == 0) break;
    const kill = set & bit(Sig.SIGKILL);
    const sig = kill != 0 ? <u32>Sig.SIGKILL : <u32>ctz(set) + 1;
    current.pending &= ~bit(sig);
    if ((current.caught & bit(sig)) != 0) current.deliver |= bit(sig);
    else if ((current.ignored & bit(sig)) == 0) default_action(sig);
  }
  recalc_sigpending(current);
  return current.deliver != 0;
}

/** pause(): sleeps until a signal is caught. */
export function __x64_sys_pause(_regs: PtRegs): isize {
  set_current_state(TaskState.INTERRUPTIBLE);
  if ((current.ti_flags & (Tif.SIGPENDING | Tif.NOTIFY_SIGNAL)) == 0) {
    schedule();
  }
  set_current_state(TaskState.RUNNING);
  return -Errno.ERESTARTNOHAND;
}

export function __x64_sys_sched_yield(_regs: PtRegs): isize {
  resched_current();
  return 0;
}

export function signals_init(): void {
  set_syscall(Sys.KILL, __x64_sys_kill);
  set_syscall(Sys.RT_SIGACTION, __x64_sys_rt_sigaction);
  set_syscall(Sys.RT_SIGPROCMASK, __x64_sys_rt_sigprocmask);
  set_syscall(Sys.PAUSE, __x64_sys_pause);
  set_syscall(Sys.SCHED_YIELD, __x64_sys_sched_yield);
}
