// kthread.ts - tasks that live in the kernel. Mirrors Linux kernel/kthread.c.

import { Errno, Limits, TaskFlag } from "../abi";
import { strscpy_lit } from "../lib/string";
import { do_exit } from "./exit";
import { copy_process } from "./fork";
import { wake_up_new_task, wake_up_process } from "./sched/core";
import { Task, current } from "./sched/task";

/** kthreadd, the parent of all kthreads; null before it runs. */
let kthreadd_task: Task | null = null;

/** Result of the function, for kthread_stop(). */
function kthread(data: usize): i32 {
  const fn = changetype<(data: usize) => i32>(load<usize>(data));
  fn(load<usize>(data, 4));
  do_exit(0);
  return 0;
}

/** A stopped kthread that runs fn(data); null without memory. */
export function kthread_create(
  fn: (data: usize) => i32,
  data: usize,
  name: string,
): Task | null {
  const parent = kthreadd_task;
  const t = copy_process(parent != null ? parent : current, TaskFlag.KTHREAD);
  if (t == null) return null;
  t.comm0 = 0;
  t.comm1 = 0;
  strscpy_lit(t.comm, name, Limits.TASK_COMM_LEN);
  become_kernel_task(t);
  t.kthread_fn = changetype<usize>(fn);
  t.kthread_data = data;
  t.threadfn = kthread;
  t.threadfn_data = changetype<usize>(t) + offsetof<Task>("kthread_fn");
  return t;
}

/** No user identity: root, no session, no command line. */
function become_kernel_task(t: Task): void {
  t.pgrp = 0;
  t.session = 0;
  t.tty = 0;
  t.uid = 0;
  t.euid = 0;
  t.gid = 0;
  t.cmdline_len = 0;
  t.ignored = 0;
  t.caught = 0;
  t.blocked = 0;
}

/** kthread_create and its first wake-up. */
export function kthread_run(
  fn: (data: usize) => i32,
  data: usize,
  name: string,
): Task | null {
  const t = kthread_create(fn, data, name);
  if (t != null) wake_up_new_task(t);
  return t;
}

export function kthread_should_stop(): bool {
  return current.kthread_should_stop;
}

/** Asks t to end and wakes it; t ends when it looks. */
export function kthread_stop(t: Task): i32 {
  if (!t.is_kthread) return -Errno.EINVAL;
  t.kthread_should_stop = true;
  wake_up_process(t);
  return 0;
}

export function set_kthreadd(t: Task): void {
  kthreadd_task = t;
}
