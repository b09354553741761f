// task.ts - struct Task: one schedulable thread of control.
//
// The part up to exit_code is shared with the host (abi.ts TaskField); the
// asserts at the end prove it. Links are ListHead nodes of two fields.
// Mirrors Linux include/linux/sched.h, struct task_struct and thread_info.

import { Limits, RegsField, TaskField, TaskFlag, TaskState } from "../../abi";
import { lit } from "../../lib/string";

/** A user task's registers: the system call it makes. x86-64's names. */
@unmanaged
export class PtRegs {
  orig_ax: i64;
  di: i64;
  si: i64;
  dx: i64;
  r10: i64;
  r8: i64;
  r9: i64;
  ax: i64;
}

/** thread_info flags, as Linux's TIF_*. */
export const enum Tif {
  SIGPENDING = 1 << 2,
  NEED_RESCHED = 1 << 3,
  PATCH_PENDING = 1 << 13,
  NOTIFY_SIGNAL = 1 << 17,
}

@unmanaged
export class Task {
  pid: i32;
  tgid: i32;
  /** A TaskState. */
  state: u32;
  /** TaskFlag bits. */
  flags: u32;
  // Written by livepatch only: KLP_TRANSITION_IDLE, _UNPATCHED or _PATCHED.
  patch_state: i32;
  /** Tif bits. */
  ti_flags: u32;
  /** Kernel stack; starts with asyncify's {pos, end}. 0 when it has none. */
  stack: usize;
  /** Frames recorded when it last went to sleep, innermost first. */
  nr_records: u32;
  /** System call buffer, 0 until the first call that needs one. */
  ubuf: usize;
  /** List of all tasks. */
  next: usize;
  comm0: u64;
  comm1: u64;
  regs0: i64;
  regs1: i64;
  regs2: i64;
  regs3: i64;
  regs4: i64;
  regs5: i64;
  regs6: i64;
  regs7: i64;
  parent: Task | null;
  /** As wait4 reports it: status << 8 | signal. */
  exit_code: i32;
  /** Caught signals the host must deliver on return to user mode. */
  deliver: u32;

  // Scheduler.
  run_next: usize;
  run_prev: usize;
  on_rq: bool;
  /** Ticks left of its time slice. */
  time_slice: i32;
  /** Nanoseconds of virtual time it ran. */
  utime: u64;
  start_time: u64;
  nvcsw: u32;

  // Waiting: a task waits on one queue at a time.
  wait_next: usize;
  wait_prev: usize;
  /** Timer that ends a sleep; see schedule_timeout(). */
  sleep_timer: usize;

  // Kthreads.
  threadfn: ((data: usize) => i32) | null;
  threadfn_data: usize;
  /** What kthread() calls: function and its argument, side by side. */
  kthread_fn: usize;
  kthread_data: usize;
  kthread_should_stop: bool;

  // Family.
  children_next: usize;
  children_prev: usize;
  sibling_next: usize;
  sibling_prev: usize;
  wait_chldexit_next: usize;
  wait_chldexit_prev: usize;
  /** Processes with the same pgrp, session are found by a walk. */
  pgrp: i32;
  session: i32;
  /** Stop or continue to be reported by wait4; 0 none. */
  wait_status: i32;
  did_exec: bool;

  // Signals: bit (sig - 1).
  pending: u32;
  blocked: u32;
  ignored: u32;
  caught: u32;
  restart_expires: u64;
  alarm_timer: usize;
  jobctl_stopped: bool;

  // Files; owned by fs/.
  files: usize;
  cwd: usize;
  umask: u32;
  uid: u32;
  gid: u32;
  euid: u32;
  /** argv, each ended by NUL, for /proc/<pid>/cmdline. */
  cmdline: usize;
  cmdline_len: u32;
  /** Controlling terminal: 0 none, 1 /dev/tty. */
  tty: u32;

  /** Result of the host job it waits for: 0 not done. */
  job_state: i32;
  /** preempt_count(): not 0 while it may not sleep. */
  preempt_count: i32;
  /** Times it oopsed; the second time it is left where it is. */
  oops_count: u32;
  /** The task before it in the list of all. */
  prev: usize;

  /** fgraph.ts: its calls whose return is waited for; 0 none. */
  ret_stack: usize;

  /** The program's file: a Path, or 0. Owned by fs/. */
  exe: usize;
  /** NAME=value, each ended by NUL, as the program was started. */
  environ: usize;
  environ_len: u32;

  get comm(): usize {
    return changetype<usize>(this) + offsetof<Task>("comm0");
  }
  get regs(): PtRegs {
    return changetype<PtRegs>(
      changetype<usize>(this) + offsetof<Task>("regs0"),
    );
  }
  get run_list(): usize {
    return changetype<usize>(this) + offsetof<Task>("run_next");
  }
  get wait_entry(): usize {
    return changetype<usize>(this) + offsetof<Task>("wait_next");
  }
  get children(): usize {
    return changetype<usize>(this) + offsetof<Task>("children_next");
  }
  get sibling(): usize {
    return changetype<usize>(this) + offsetof<Task>("sibling_next");
  }
  get wait_chldexit(): usize {
    return changetype<usize>(this) + offsetof<Task>("wait_chldexit_next");
  }
  /** Unwind records lie at the top of the kernel stack. */
  get records(): usize {
    return this.stack + Limits.THREAD_SIZE - 8 * Limits.NR_RECORDS;
  }
  get is_kthread(): bool {
    return (this.flags & TaskFlag.KTHREAD) != 0;
  }
  /** The flags that are Linux's. */
  get pf_flags(): u32 {
    return this.flags & ~TaskFlag.OURS;
  }
}

if (offsetof<Task>("state") != TaskField.STATE) ERROR("abi.ts: TaskField");
if (offsetof<Task>("patch_state") != TaskField.PATCH_STATE)
  ERROR("abi.ts: TaskField.PATCH_STATE");
if (offsetof<Task>("stack") != TaskField.STACK) ERROR("abi.ts: TaskField");
if (offsetof<Task>("ubuf") != TaskField.UBUF) ERROR("abi.ts: TaskField");
if (offsetof<Task>("comm0") != TaskField.COMM) ERROR("abi.ts: TaskField");
if (offsetof<Task>("regs0") != TaskField.REGS) ERROR("abi.ts: TaskField");
if (offsetof<Task>("parent") != TaskField.PARENT) ERROR("abi.ts: TaskField");
if (offsetof<Task>("exit_code") != TaskField.EXIT_CODE)
  ERROR("abi.ts: TaskField.EXIT_CODE");
if (offsetof<Task>("deliver") != TaskField.DELIVER)
  ERROR("abi.ts: TaskField.DELIVER");
if (offsetof<PtRegs>() != RegsField.SIZEOF) ERROR("abi.ts: RegsField");
if (offsetof<PtRegs>("ax") != RegsField.AX) ERROR("abi.ts: RegsField.AX");

/** The task that runs. */
export let current: Task = changetype<Task>(0);

/** Boot says who runs first. */
export function set_current(t: Task): void {
  current = t;
}

/** The scheduler says who is next. A traced call would begin in one task and
 * end in another. */
export function set_current_notrace(t: Task): void {
  current = t;
}

/** First task of the list of all; the idle task. */
export let init_task: Task = changetype<Task>(0);

export function set_init_task(t: Task): void {
  init_task = t;
}

/** for_each_process: the next task of the list of all, or null. */
export function next_task(t: Task): Task | null {
  return t.next == 0 ? null : changetype<Task>(t.next);
}

/** State as ps shows it: a letter and its word. */
export function get_task_state(t: Task): string {
  const state = t.state;
  if ((state & TaskState.DEAD) != 0) return "X (dead)";
  if ((state & TaskState.ZOMBIE) != 0) return "Z (zombie)";
  if ((state & TaskState.STOPPED) != 0) return "T (stopped)";
  if ((state & TaskState.NOLOAD) != 0) return "I (idle)";
  if ((state & TaskState.UNINTERRUPTIBLE) != 0) return "D (disk sleep)";
  if ((state & TaskState.INTERRUPTIBLE) != 0) return "S (sleeping)";
  return "R (running)";
}

export function task_state_to_char(t: Task): u32 {
  return load<u8>(lit(get_task_state(t)));
}

export function test_tsk_thread_flag(t: Task, flag: u32): bool {
  return (t.ti_flags & flag) != 0;
}

export function set_tsk_thread_flag(t: Task, flag: u32): void {
  t.ti_flags |= flag;
}

export function clear_tsk_thread_flag(t: Task, flag: u32): void {
  t.ti_flags &= ~flag;
}

/** Task by pid; the idle task, whose pid is 0, is not in it. */
let pid_table: usize = 0;

export function pid_table_init(table: usize): void {
  pid_table = table;
}

export function pid_insert(t: Task): void {
  if (t.pid != 0) store<usize>(pid_table + 4 * t.pid, changetype<usize>(t));
}

export function pid_remove(t: Task): void {
  store<usize>(pid_table + 4 * t.pid, 0);
}

export function find_task_by_pid(pid: i32): Task | null {
  if (pid <= 0 || pid >= Limits.PID_MAX) return null;
  const t = load<usize>(pid_table + 4 * pid);
  return t == 0 ? null : changetype<Task>(t);
}
