// slow-target.ts - files in /proc that take their time: something to stall on.
//
//   slow_plain    answers at once
//   slow_intr     sleeps interruptibly first: a signal ends the sleep
//   slow_unint    sleeps uninterruptibly first: nothing does
//   slow_nested   sleeps some calls deep; each says afterwards who it is
//
//   # insmod slow_target.ko ms=60000
//   # cat /proc/slow_unint &
//   # sleep 1; insmod slow_patch.ko
//   # cat /sys/kernel/livepatch/slow_patch/transition
//   1

import { Errno } from "../../abi";
import { proc_create_single, remove_proc_entry } from "../../fs/proc/generic";
import { SeqFile, seq_printf } from "../../fs/seq_file";
import { msleep, msleep_interruptible } from "../../kernel/time/msleep";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch sample: a target that sleeps";

export let ms: i32 = 60000;
export const MODULE_PARM_ms = "how long a read sleeps (default=60000)";
export let depth: i32 = 2;
export const MODULE_PARM_depth = "calls below slow_nested_show (default=2)";

function slow_plain_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "plain: old\n");
  return 0;
}

function slow_intr_show(m: SeqFile, _v: usize): i32 {
  if (msleep_interruptible(ms) != 0) return -Errno.ERESTARTSYS;
  seq_printf(m, "intr: old\n");
  return 0;
}

function slow_unint_show(m: SeqFile, _v: usize): i32 {
  msleep(ms);
  seq_printf(m, "unint: old\n");
  return 0;
}

/** Each level has a frame of its own, with a number that must survive. */
export function slow_level(m: SeqFile, level: i32): i32 {
  const mine = level * 10;
  if (level > 0) slow_level(m, level - 1);
  else msleep(ms);
  seq_printf(m, "level %d: old %d\n", level, mine);
  return 0;
}

function slow_nested_show(m: SeqFile, _v: usize): i32 {
  return slow_level(m, depth);
}

export function init_module(): i32 {
  proc_create_single("slow_plain", 0, null, slow_plain_show);
  proc_create_single("slow_intr", 0, null, slow_intr_show);
  proc_create_single("slow_unint", 0, null, slow_unint_show);
  proc_create_single("slow_nested", 0, null, slow_nested_show);
  return 0;
}

export function cleanup_module(): void {
  remove_proc_entry("slow_plain", null);
  remove_proc_entry("slow_intr", null);
  remove_proc_entry("slow_unint", null);
  remove_proc_entry("slow_nested", null);
}
