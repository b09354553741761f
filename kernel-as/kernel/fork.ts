// fork.ts - new tasks.
//
// A user task's child starts in user mode with an empty kernel stack: the
// host gives it its program. What a subsystem keeps in a task it copies by
// a hook, so that this file knows neither files nor livepatch.
// Mirrors Linux kernel/fork.c.

import { Errno, Limits, Sys, TaskFlag, TaskState } from "../abi";
import { INIT_LIST_HEAD, list_add_tail } from "../lib/list";
import { __get_free_pages, free_pages, totalram_pages } from "../mm/page_alloc";
import { kfree, kstrndup, kzalloc } from "../mm/slab";
import { alloc_pid } from "./pid";
import { wake_up_new_task } from "./sched/core";
import { PtRegs, Task, current, pid_insert, pid_remove } from "./sched/task";
import { set_syscall } from "./sys_call_table";
import {
  Timer,
  timer_delete,
  timer_reserve,
  timer_unreserve,
} from "./time/timer";
import { ktime_get } from "./time/timekeeping";

const THREAD_ORDER = 1;

let last_task: Task = changetype<Task>(0);
let nr_tasks: u32 = 0;
let total_forks: u64 = 0;

/** An i32: as many tasks as there may be; kernel.threads-max. */
export const max_threads = memory.data(4, 4);
/** Linux's bounds of it. */
export const MIN_THREADS: i32 = 20;
export const MAX_THREADS: i32 = 0x3fffffff;

/**
 * A fork bomb must not eat all memory: with the stacks and the bounce buffers
 * of so many tasks half of it is left.
 */
function set_max_threads(): void {
  const each = 2 * (Limits.THREAD_SIZE + Limits.UBUF_SIZE);
  const n = totalram_pages() / (<u32>each / Limits.PAGE_SIZE);
  store<i32>(max_threads, max<i32>(n, MIN_THREADS));
}

/** Copies the files of current into the child; 0 or -errno. */
let copy_files_hook: ((child: Task) => i32) | null = null;
/** Gives back what copy_files_hook gave. */
let exit_files_hook: ((t: Task) => void) | null = null;
/** klp_copy_process(). */
let copy_patch_hook: ((child: Task) => void) | null = null;

export function set_fork_hooks(
  copy: (child: Task) => i32,
  exit: (t: Task) => void,
): void {
  copy_files_hook = copy;
  exit_files_hook = exit;
}

/** The tracers' choice of tasks; kernel/trace/global_ops.ts. */
let trace_fork_hook: ((child: Task) => void) | null = null;

export function set_trace_fork_hook(f: (child: Task) => void): void {
  trace_fork_hook = f;
}

export function set_copy_patch_hook(f: (child: Task) => void): void {
  copy_patch_hook = f;
}

export function exit_files(t: Task): void {
  const hook = exit_files_hook;
  if (hook != null) hook(t);
}

export function number_of_tasks(): u32 {
  return nr_tasks;
}

export function number_of_forks(): u64 {
  return total_forks;
}

/** Memory of a task and its stack, nothing filled in; null without memory. */
export function alloc_task(): Task | null {
  const t = changetype<Task>(kzalloc(offsetof<Task>()));
  if (changetype<usize>(t) == 0) return null;
  t.stack = __get_free_pages(THREAD_ORDER);
  t.sleep_timer = kzalloc(offsetof<Timer>());
  if (t.stack == 0 || t.sleep_timer == 0 || !timer_reserve(2)) {
    free_pages(t.stack, THREAD_ORDER);
    kfree(t.sleep_timer);
    kfree(changetype<usize>(t));
    return null;
  }
  init_stack(t);
  INIT_LIST_HEAD(t.run_list);
  INIT_LIST_HEAD(t.wait_entry);
  INIT_LIST_HEAD(t.children);
  INIT_LIST_HEAD(t.sibling);
  INIT_LIST_HEAD(t.wait_chldexit);
  t.patch_state = -1;
  return t;
}

/** Empties the kernel stack: {pos, end} of asyncify, frames in between. */
export function init_stack(t: Task): void {
  store<usize>(t.stack, t.stack + 8);
  store<usize>(t.stack + 4, t.records);
  t.nr_records = 0;
}

/** Puts a finished task on the list of all. */
export function attach_task(t: Task): void {
  if (changetype<usize>(last_task) != 0) {
    last_task.next = changetype<usize>(t);
    t.prev = changetype<usize>(last_task);
  }
  last_task = t;
  pid_insert(t);
  nr_tasks++;
}

/** Takes a task off the list of all and frees it. */
export function free_task(t: Task): void {
  const prev = changetype<Task>(t.prev);
  prev.next = t.next;
  if (t.next != 0) changetype<Task>(t.next).prev = t.prev;
  if (last_task == t) last_task = prev;
  pid_remove(t);
  nr_tasks--;
  destroy_task(t);
}

function destroy_task(t: Task): void {
  timer_delete(changetype<Timer>(t.sleep_timer));
  if (t.alarm_timer != 0) timer_delete(changetype<Timer>(t.alarm_timer));
  timer_unreserve(2);
  kfree(t.sleep_timer);
  kfree(t.alarm_timer);
  kfree(t.cmdline);
  kfree(t.environ);
  kfree(t.ubuf);
  free_pages(t.stack, THREAD_ORDER);
  kfree(changetype<usize>(t));
}

/**
 * A copy of current, not yet running: a child of parent that shares
 * nothing. Null when memory, pids or threads-max are out.
 */
export function copy_process(parent: Task, flags: u32): Task | null {
  if (nr_tasks >= load<u32>(max_threads)) return null;
  const t = alloc_task();
  if (t == null) return null;
  t.flags = flags | TaskFlag.FRESH;
  t.state = TaskState.NEW;
  t.comm0 = current.comm0;
  t.comm1 = current.comm1;
  copy_identity(t);
  t.pid = alloc_pid();
  t.tgid = t.pid;
  const copy = copy_files_hook;
  if (t.pid == 0 || (copy != null && copy(t) != 0)) {
    destroy_task(t);
    return null;
  }
  t.parent = parent;
  t.start_time = ktime_get();
  list_add_tail(t.sibling, parent.children);
  const klp = copy_patch_hook;
  if (klp != null) klp(t);
  const traced = trace_fork_hook;
  if (traced != null) traced(t);
  attach_task(t);
  total_forks++;
  return t;
}

/** What a child has in common with its maker. */
function copy_identity(t: Task): void {
  t.pgrp = current.pgrp;
  t.session = current.session;
  t.tty = current.tty;
  t.blocked = current.blocked;
  t.ignored = current.ignored;
  t.caught = current.caught;
  t.umask = current.umask;
  t.uid = current.uid;
  t.gid = current.gid;
  t.euid = current.euid;
  t.cmdline = copy_strings(current.cmdline, current.cmdline_len);
  if (t.cmdline != 0) t.cmdline_len = current.cmdline_len;
  t.environ = copy_strings(current.environ, current.environ_len);
  if (t.environ != 0) t.environ_len = current.environ_len;
}

/** 0 without memory, and of nothing. */
function copy_strings(s: usize, len: u32): usize {
  return s == 0 ? 0 : kstrndup(s, len);
}

/** fork() -> pid of the child, which starts in user mode. */
export function __x64_sys_fork(regs: PtRegs): isize {
  const child = copy_process(current, TaskFlag.USER);
  if (child == null) return -Errno.EAGAIN;
  wake_up_new_task(child);
  return child.pid;
}

/** The task with pid 0 that boot runs in: it becomes the idle task. */
export function fork_init(idle: Task): void {
  set_max_threads();
  idle.umask = 0o022;
  attach_task(idle);
  set_syscall(Sys.FORK, __x64_sys_fork);
}
