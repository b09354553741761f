// stat.ts - /proc/stat: what the CPU did since boot, in ticks.
//
// Time outside the idle task is counted as system time: user programs are
// charged for their system calls only.
// Mirrors Linux fs/proc/stat.c.

import { TaskState } from "../../abi";
import { number_of_forks } from "../../kernel/fork";
import { nr_context_switches, nr_running } from "../../kernel/sched/core";
import { Task, init_task, next_task } from "../../kernel/sched/task";
import { ktime_get, ktime_get_real } from "../../kernel/time/timekeeping";
import { TICK_NSEC } from "../../kernel/time/timekeeping";
import { SeqFile, seq_printf, seq_puts } from "../seq_file";
import { proc_create_single } from "./generic";

const NSEC_PER_SEC: u64 = 1000000000;

/** Tasks in an uninterruptible sleep. */
function nr_blocked(): u32 {
  let n: u32 = 0;
  for (let t: Task | null = init_task; t != null; t = next_task(t)) {
    if (t.state == TaskState.UNINTERRUPTIBLE) n++;
  }
  return n;
}

function show_stat(m: SeqFile, v: usize): i32 {
  const uptime = ktime_get();
  const idle = init_task.utime / TICK_NSEC;
  const system = uptime / TICK_NSEC - idle;
  seq_printf(m, "cpu  0 0 %lu %lu 0 0 0 0 0 0\n", system, idle);
  seq_printf(m, "cpu0 0 0 %lu %lu 0 0 0 0 0 0\n", system, idle);
  seq_puts(m, "intr 0\n");
  seq_printf(m, "ctxt %lu\n", nr_context_switches());
  const boot = (ktime_get_real() - uptime) / NSEC_PER_SEC;
  seq_printf(m, "btime %lu\n", boot);
  seq_printf(m, "processes %lu\n", number_of_forks());
  seq_printf(m, "procs_running %u\n", nr_running());
  seq_printf(m, "procs_blocked %u\n", nr_blocked());
  return 0;
}

export function proc_stat_init(): void {
  proc_create_single("stat", 0, null, show_stat);
}
