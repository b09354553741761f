// hostjob.ts - work that only the host can do, such as compiling a patch.
//
// The task sleeps until the host calls job_done(). Has no twin in Linux.

import { Errno, Sys, TaskState } from "../abi";
import { host_job } from "../host";
import {
  schedule,
  set_current_state,
  signal_pending,
  wake_up_process,
} from "./sched/core";
import { PtRegs, current, find_task_by_pid } from "./sched/task";
import { set_syscall } from "./sys_call_table";

/** task.job_state. */
const enum Job {
  NONE = 0,
  DONE = 1,
  STARTED = 2,
  FAILED = -1,
}

/**
 * host_job(): 0 when the host has done what it noted for current. A call
 * that starts again (livepatch's fake signal) waits for the same job.
 */
export function __x64_sys_host_job(_regs: PtRegs): isize {
  if (current.job_state == Job.NONE) {
    current.job_state = Job.STARTED;
    host_job(current.pid);
  }
  while (current.job_state == Job.STARTED) {
    set_current_state(TaskState.INTERRUPTIBLE);
    if (signal_pending(current)) {
      set_current_state(TaskState.RUNNING);
      return -Errno.ERESTARTSYS;
    }
    schedule();
  }
  const result = current.job_state;
  current.job_state = Job.NONE;
  return result == Job.DONE ? 0 : -Errno.EIO;
}

/** The host's answer: result 1 done, -1 failed. */
export function job_done(pid: i32, result: i32): void {
  const t = find_task_by_pid(pid);
  if (t == null) return;
  t.job_state = result;
  wake_up_process(t);
}

export function hostjob_init(): void {
  set_syscall(Sys.HOST_JOB, __x64_sys_host_job);
}
