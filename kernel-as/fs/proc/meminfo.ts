// meminfo.ts - /proc/meminfo: where the memory is.
//
// Every number is counted, none is made up. There is no swap, no page cache
// in front of a disk, and user programs keep their memory in the host.
// Mirrors Linux fs/proc/meminfo.c.

import { Limits } from "../../abi";
import { number_of_tasks } from "../../kernel/fork";
import { lit } from "../../lib/string";
import { nr_free_pages, totalram_pages } from "../../mm/page_alloc";
import { nr_slab_pages } from "../../mm/slab";
import { vmalloc_nr_pages } from "../../mm/vmalloc";
import { nr_file_pages } from "../ramfs/inode";
import { SeqFile, seq_printf } from "../seq_file";
import { proc_create_single } from "./generic";

const PAGES_PER_STACK: u64 = Limits.THREAD_SIZE / Limits.PAGE_SIZE;

function show_val_kb(m: SeqFile, s: string, pages: u64): void {
  seq_printf(m, "%S%8lu kB\n", lit(s), pages * 4);
}

function meminfo_proc_show(m: SeqFile, v: usize): i32 {
  const free = nr_free_pages();
  const cached = nr_file_pages();
  const slab = nr_slab_pages();
  show_val_kb(m, "MemTotal:       ", totalram_pages());
  show_val_kb(m, "MemFree:        ", free);
  show_val_kb(m, "MemAvailable:   ", free);
  show_val_kb(m, "Buffers:        ", 0);
  show_val_kb(m, "Cached:         ", cached);
  show_val_kb(m, "SwapCached:     ", 0);
  show_val_kb(m, "Unevictable:    ", cached);
  show_val_kb(m, "Mlocked:        ", 0);
  show_val_kb(m, "SwapTotal:      ", 0);
  show_val_kb(m, "SwapFree:       ", 0);
  show_val_kb(m, "Dirty:          ", 0);
  show_val_kb(m, "Writeback:      ", 0);
  show_val_kb(m, "AnonPages:      ", 0);
  show_val_kb(m, "Mapped:         ", 0);
  show_val_kb(m, "Shmem:          ", cached);
  show_val_kb(m, "Slab:           ", slab);
  show_val_kb(m, "SReclaimable:   ", 0);
  show_val_kb(m, "SUnreclaim:     ", slab);
  const stacks = number_of_tasks() * PAGES_PER_STACK;
  show_val_kb(m, "KernelStack:    ", stacks);
  show_val_kb(m, "VmallocTotal:   ", totalram_pages());
  show_val_kb(m, "VmallocUsed:    ", vmalloc_nr_pages());
  show_val_kb(m, "VmallocChunk:   ", 0);
  return 0;
}

export function proc_meminfo_init(): void {
  proc_create_single("meminfo", 0, null, meminfo_proc_show);
}
