// loadavg.ts - /proc/loadavg: how many tasks wanted to run lately.
// Mirrors Linux fs/proc/loadavg.c.

import { number_of_tasks } from "../../kernel/fork";
import { last_pid_given } from "../../kernel/pid";
import { nr_running } from "../../kernel/sched/core";
import { FIXED_1, avenrun } from "../../kernel/sched/loadavg";
import { SeqFile, seq_printf } from "../seq_file";
import { proc_create_single } from "./generic";

/** Whole part of a load, and hundredths. */
function LOAD_INT(load: u64): u64 {
  return load / FIXED_1;
}

function LOAD_FRAC(load: u64): u64 {
  return ((load % FIXED_1) * 100) / FIXED_1;
}

function loadavg_proc_show(m: SeqFile, v: usize): i32 {
  const min1 = avenrun(0) + FIXED_1 / 200;
  const min5 = avenrun(1) + FIXED_1 / 200;
  const min15 = avenrun(2) + FIXED_1 / 200;
  seq_printf(
    m,
    "%lu.%02lu %lu.%02lu %lu.%02lu ",
    LOAD_INT(min1),
    LOAD_FRAC(min1),
    LOAD_INT(min5),
    LOAD_FRAC(min5),
    LOAD_INT(min15),
    LOAD_FRAC(min15),
  );
  seq_printf(
    m,
    "%u/%u %d\n",
    nr_running(),
    number_of_tasks() - 1,
    last_pid_given(),
  );
  return 0;
}

export function proc_loadavg_init(): void {
  proc_create_single("loadavg", 0, null, loadavg_proc_show);
}
