// walk-target.ts - a file whose functions sleep between and inside calls.
//
// walk_show calls walk_inner, which calls walk_leaf; each says when it begins
// and when it ends who it is, and sleeps in between. A reader sees which
// versions ran together, and whether a frame was ended by its own code.

import {
  proc_create_single,
  remove_proc_entry,
} from "../../../fs/proc/generic";
import { SeqFile, seq_printf } from "../../../fs/seq_file";
import { current } from "../../../kernel/sched/task";
import { msleep } from "../../../kernel/time/msleep";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: nested functions that sleep";

export let nap: i32 = 40;
export const MODULE_PARM_nap = "ms of one sleep (default=40)";

/** Not the same for every reader, so that they drift apart. */
export function walk_nap(): void {
  msleep(nap * (1 + (current.pid & 3)));
}

export function walk_leaf(m: SeqFile): void {
  seq_printf(m, "<leaf 0\n");
  walk_nap();
  seq_printf(m, ">leaf 0\n");
}

export function walk_inner(m: SeqFile): void {
  seq_printf(m, "<inner 0\n");
  walk_nap();
  walk_leaf(m);
  walk_nap();
  seq_printf(m, ">inner 0\n");
}

export function walk_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "<show 0\n");
  for (let round = 0; round < 2; round++) {
    walk_inner(m);
    walk_nap();
  }
  seq_printf(m, ">show 0\n");
  return 0;
}

export function init_module(): i32 {
  proc_create_single("walk", 0, null, walk_show);
  return 0;
}

export function cleanup_module(): void {
  remove_proc_entry("walk", null);
}
