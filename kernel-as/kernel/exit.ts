// exit.ts - the end of tasks, and waiting for it.
//
// A dead user task stays a zombie until its parent waits for it; a dead
// kthread is freed at the next turn of the idle loop or fork. The stack of a
// dead task was unwound when it left for good and is never rewound.
// Mirrors Linux kernel/exit.c.

import { Errno, Sig, Sys, TaskFlag, TaskState, Wait } from "../abi";
import {
  list_add_tail,
  list_del_init,
  list_empty,
  list_next,
} from "../lib/list";
import { exit_files, free_task } from "./fork";
import { panic } from "./panic";
import { deactivate_task, schedule, signal_pending } from "./sched/core";
import { finish_wait, prepare_to_wait, wake_up } from "./sched/wait";
import {
  PtRegs,
  Task,
  current,
  find_task_by_pid,
  init_task,
  next_task,
} from "./sched/task";
import { notify_parent, send_sig } from "./signal";
import { set_syscall } from "./sys_call_table";

/** Dead tasks that nobody waits for, to be freed. */
let nr_dead: u32 = 0;

/** Children of t become init's; init is told of those already dead. */
function forget_original_parent(t: Task): void {
  const reaper = find_task_by_pid(1);
  if (reaper == null) return;
  while (!list_empty(t.children)) {
    const e = list_next(t.children);
    const child = changetype<Task>(e - offsetof<Task>("sibling_next"));
    list_del_init(e);
    list_add_tail(e, reaper.children);
    child.parent = reaper;
    if (child.state == TaskState.ZOMBIE) notify_parent(child);
  }
}

/** The end of a session leader hangs up its terminal's jobs. */
function disassociate_ctty(t: Task): void {
  if (t.session != t.pid || t.tty == 0) return;
  for (let o: Task | null = init_task; o != null; o = next_task(o)) {
    if (o.session != t.pid || o == t) continue;
    send_sig(Sig.SIGHUP, o);
    send_sig(Sig.SIGCONT, o);
    o.tty = 0;
  }
}

/** Everything of a task's end but leaving the CPU. */
export function exit_notify(t: Task, code: i32): void {
  if (t.pid == 1) {
    panic("Attempted to kill init! exitcode=0x%08x", code);
  }
  t.flags |= TaskFlag.EXITING;
  t.exit_code = code;
  exit_files(t);
  list_del_init(t.wait_entry); // an oops may have come while it was queued
  forget_original_parent(t);
  deactivate_task(t);
  if (t.is_kthread) {
    t.state = TaskState.DEAD;
    nr_dead++;
    wake_up(t.wait_chldexit);
    return;
  }
  disassociate_ctty(t);
  t.state = TaskState.ZOMBIE;
  const parent = t.parent;
  if (parent != null && (parent.ignored & (1 << (Sig.SIGCHLD - 1))) != 0) {
    t.state = TaskState.DEAD;
    nr_dead++;
    wake_up(parent.wait_chldexit);
    return;
  }
  notify_parent(t);
}

/** Ends current; never returns. */
export function do_exit(code: i32): void {
  exit_notify(current, code);
  schedule();
  unreachable();
}

/** Ends the process with a wait status. */
export function do_group_exit(status: i32): void {
  do_exit(status);
}

/** Frees dead tasks nobody waits for; not from their own stack. */
export function reap_dead_tasks(): void {
  if (nr_dead == 0) return;
  let t: Task | null = init_task;
  while (t != null) {
    const next = next_task(t);
    if (t.state == TaskState.DEAD && t != current) {
      list_del_init(t.sibling);
      free_task(t);
      nr_dead--;
    }
    t = next;
  }
}

/** exit(status): never returns. */
export function __x64_sys_exit(regs: PtRegs): isize {
  do_exit(((<i32>regs.di) & 0xff) << 8);
  return 0;
}

function matches(child: Task, pid: i32): bool {
  if (pid > 0) return child.pid == pid;
  if (pid == 0) return child.pgrp == current.pgrp;
  return pid == -1 || child.pgrp == -pid;
}

/** What wait4 would report of child now: pid, or 0. */
function wait_consider_task(child: Task, options: u32): i32 {
  if (child.state == TaskState.ZOMBIE) {
    current.regs.r10 = child.exit_code;
    const pid = child.pid;
    list_del_init(child.sibling);
    free_task(child);
    return pid;
  }
  const status = child.wait_status;
  if (status == 0) return 0;
  const wanted: u32 = status == 0xffff ? Wait.CONTINUED : Wait.UNTRACED;
  if ((options & wanted) == 0) return 0;
  child.wait_status = 0;
  current.regs.r10 = status;
  return child.pid;
}

/** A child of the wanted kind that changed: its pid; 0; or -ECHILD. */
function do_wait_once(pid: i32, options: u32): i32 {
  let any = false;
  let e = list_next(current.children);
  while (e != current.children) {
    const child = changetype<Task>(e - offsetof<Task>("sibling_next"));
    e = list_next(e);
    if (!matches(child, pid)) continue;
    any = true;
    const found = wait_consider_task(child, options);
    if (found != 0) return found;
  }
  return any ? 0 : -Errno.ECHILD;
}

/** A child that changed: its pid, its status is in current.regs.r10. */
function do_wait(pid: i32, options: u32): i32 {
  let ret: i32 = 0;
  for (;;) {
    prepare_to_wait(current.wait_chldexit, TaskState.INTERRUPTIBLE);
    ret = do_wait_once(pid, options);
    if (ret != 0 || (options & Wait.NOHANG) != 0) break;
    if (signal_pending(current)) {
      ret = -Errno.ERESTARTSYS;
      break;
    }
    schedule();
  }
  finish_wait(current.wait_chldexit);
  return ret;
}

/** Sleeps until current's child ends; its wait status, or -errno. */
export function kernel_wait(pid: i32): i32 {
  const ret = do_wait(pid, 0);
  return ret < 0 ? ret : <i32>current.regs.r10;
}

/**
 * wait4(pid, options) -> pid of the child, 0 with WNOHANG when none changed;
 * its status comes back in r10.
 */
export function __x64_sys_wait4(regs: PtRegs): isize {
  return do_wait(<i32>regs.di, <u32>regs.si);
}

export function exit_init(): void {
  set_syscall(Sys.EXIT, __x64_sys_exit);
  set_syscall(Sys.WAIT4, __x64_sys_wait4);
}
