// sleepy-kthread.ts - a kthread that is nearly always inside one function.
//
// It sleeps in sleepy_work() and, only for a moment and freezably, outside.
// The attempts of a transition, once a second, would hardly ever find it
// outside; the moment it goes to sleep there it switches by itself.

import { Errno, TaskState } from "../../../abi";
import {
  kthread_run,
  kthread_should_stop,
  kthread_stop,
} from "../../../kernel/kthread";
import { pr_info } from "../../../kernel/printk/printk";
import {
  schedule_timeout_ns,
  set_current_state,
} from "../../../kernel/sched/core";
import { Task } from "../../../kernel/sched/task";
import { msleep } from "../../../kernel/time/msleep";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: a busy kthread";

export let freezable: i32 = 1;
export const MODULE_PARM_freezable = "how it sleeps outside (default=Y)";
export const MODULE_PARMTYPE_freezable = "bool";

let kthread: usize = 0;

/** Out for 10 ms between two whole seconds, when nobody looks. */
function sleepy_work(): void {
  msleep(990);
}

function sleepy_threadfn(_data: usize): i32 {
  while (!kthread_should_stop()) {
    sleepy_work();
    const how = freezable != 0 ? TaskState.FREEZABLE : 0;
    set_current_state(TaskState.INTERRUPTIBLE | how);
    schedule_timeout_ns(10000000);
  }
  return 0;
}

export function init_module(): i32 {
  const t = kthread_run(sleepy_threadfn, 0, "sleepy");
  if (t == null) return -Errno.ENOMEM;
  kthread = changetype<usize>(t);
  pr_info("sleepy_kthread: started\n");
  return 0;
}

export function cleanup_module(): void {
  kthread_stop(changetype<Task>(kthread));
}
