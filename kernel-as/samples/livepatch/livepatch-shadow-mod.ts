// livepatch-shadow-mod.ts - a module with a bug: it leaks.
//
// Every read of /proc/shadow_dummies makes a new dummy, with a buffer beside
// it, and throws the oldest away when there are more than two. It forgets
// to free the buffer. livepatch-shadow-fix1 makes new dummies free theirs.
//
//   # insmod livepatch_shadow_mod.ko
//   # cat /proc/shadow_dummies
//   dummies 1, leaked 0
//
// After Linux samples/livepatch/livepatch-shadow-mod.c.

import { proc_create_single, remove_proc_entry } from "../../fs/proc/generic";
import { SeqFile, seq_printf } from "../../fs/seq_file";
import { kfree, kzalloc } from "../../mm/slab";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch sample: a module that leaks";

@unmanaged
export class Dummy {
  next: usize;
  number: u32;
}

const MAX_DUMMIES = 2;

let first: usize = 0;
let nr_dummies: i32 = 0;
let nr_leaked: i32 = 0;
let last_number: u32 = 0;

export function dummy_alloc(): Dummy | null {
  const d = changetype<Dummy>(kzalloc(offsetof<Dummy>()));
  if (changetype<usize>(d) == 0) return null;
  d.number = ++last_number;
  // The bug: nobody keeps the address of the buffer.
  kzalloc(64);
  return d;
}

export function dummy_free(d: Dummy): void {
  nr_leaked++;
  kfree(changetype<usize>(d));
}

function add_dummy(): void {
  const d = dummy_alloc();
  if (d == null) return;
  d.next = first;
  first = changetype<usize>(d);
  nr_dummies++;
}

function drop_oldest(): void {
  let link = first;
  while (load<usize>(load<usize>(link)) != 0) link = load<usize>(link);
  const oldest = load<usize>(link);
  store<usize>(link, 0);
  nr_dummies--;
  dummy_free(changetype<Dummy>(oldest));
}

function shadow_dummies_show(m: SeqFile, _v: usize): i32 {
  add_dummy();
  if (nr_dummies > MAX_DUMMIES) drop_oldest();
  seq_printf(m, "dummies %d, leaked %d\n", nr_dummies, nr_leaked);
  return 0;
}

export function init_module(): i32 {
  proc_create_single("shadow_dummies", 0, null, shadow_dummies_show);
  return 0;
}

export function cleanup_module(): void {
  remove_proc_entry("shadow_dummies", null);
  while (first != 0) {
    const d = changetype<Dummy>(first);
    first = d.next;
    dummy_free(d);
  }
}
