// page_poison.ts - free pages are full of 0xaa with page_poison=1.
//
// Who reads a page it has freed reads nonsense; who writes it is found when
// the page is handed out again. Mirrors Linux mm/page_poison.c.

import { cmdline_number } from "../kernel/cmdline";
import { pr_alert, pr_err } from "../kernel/printk/printk";
import { current } from "../kernel/sched/task";
import { Taint, add_taint } from "../kernel/taint";
import { Limits } from "../abi";

const PAGE_POISON: u8 = 0xaa;

export let page_poisoning: bool = false;

export function setup_page_poison(cmdline: usize): void {
  page_poisoning = cmdline_number(cmdline, "page_poison", 0) != 0;
}

export function poison_pages(addr: usize, order: u32): void {
  memory.fill(addr, PAGE_POISON, (<usize>Limits.PAGE_SIZE) << order);
}

/** Pages that come off a free list must be as they were left. */
export function check_poison_pages(addr: usize, order: u32): void {
  const end = addr + ((<usize>Limits.PAGE_SIZE) << order);
  let p = addr;
  while (p < end && load<u8>(p) == PAGE_POISON) p++;
  if (p == end) return;
  pr_err("pagealloc: memory corruption\n");
  pr_err("%08x: %02x\n", p, load<u8>(p));
  add_taint(Taint.BAD_PAGE);
}

/** A page that is free already is freed again. */
export function bad_page(pfn: u32): void {
  pr_alert("BUG: Bad page state in process %s  pfn:%05x\n", current.comm, pfn);
  pr_alert("page dumped because: page is free already\n");
  add_taint(Taint.BAD_PAGE);
}
