// uptime.ts - /proc/uptime: seconds since boot, and seconds idle.
// Mirrors Linux fs/proc/uptime.c.

import { init_task } from "../../kernel/sched/task";
import { ktime_get } from "../../kernel/time/timekeeping";
import { SeqFile, seq_printf } from "../seq_file";
import { proc_create_single } from "./generic";

const NSEC_PER_SEC: u64 = 1000000000;
/** A hundredth of a second. */
const NSEC_PER_CSEC: u64 = 10000000;

function uptime_proc_show(m: SeqFile, v: usize): i32 {
  const uptime = ktime_get();
  const idle = init_task.utime;
  seq_printf(
    m,
    "%lu.%02lu %lu.%02lu\n",
    uptime / NSEC_PER_SEC,
    (uptime % NSEC_PER_SEC) / NSEC_PER_CSEC,
    idle / NSEC_PER_SEC,
    (idle % NSEC_PER_SEC) / NSEC_PER_CSEC,
  );
  return 0;
}

export function proc_uptime_init(): void {
  proc_create_single("uptime", 0, null, uptime_proc_show);
}
