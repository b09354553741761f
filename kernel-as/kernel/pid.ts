// pid.ts - numbers of tasks. Mirrors Linux kernel/pid.c.

import { Limits } from "../abi";
import { kzalloc } from "../mm/slab";
import { find_task_by_pid, pid_table_init } from "./sched/task";

/** Numbers below it are not given again, as Linux's RESERVED_PIDS. */
const RESERVED_PIDS = 300;

let last_pid: i32 = 0;

export function pid_init(): void {
  pid_table_init(kzalloc(4 * Limits.PID_MAX));
}

/** A number no task has, or 0 when all are taken. */
export function alloc_pid(): i32 {
  for (let n = 0; n < Limits.PID_MAX; n++) {
    if (++last_pid >= Limits.PID_MAX) last_pid = RESERVED_PIDS;
    if (find_task_by_pid(last_pid) == null) return last_pid;
  }
  return 0;
}

export function last_pid_given(): i32 {
  return last_pid;
}
