// page_alloc.ts - physical memory, in pages of 4 KiB.
//
// Memory is the Wasm memory from data_end up to the mem= limit. The first
// pages hold mem_map, one Page for every page frame. Freed blocks lie on
// free lists by order; new ones come from the frontier, which moves up and
// grows the Wasm memory only when it must, so an idle machine stays small.
//
//   0        64 KiB          data_end      mem_map       frontier      limit
//   | unused | static data   |             | pages in use | untouched    |
//
// Unlike Linux's buddy allocator, freed blocks are not merged: blocks are of
// few sizes here and come back to the list they were taken from.
// Mirrors Linux mm/page_alloc.c.

import { Limits } from "../abi";
import { data_end } from "../host";
import {
  bad_page,
  check_poison_pages,
  page_poisoning,
  poison_pages,
} from "./page_poison";

const MAX_ORDER: u32 = 10;

// What a page is used for: Page.type.
export const PAGE_FREE: u8 = 0;
export const PAGE_RESERVED: u8 = 1;
export const PAGE_BUDDY: u8 = 2;
export const PAGE_SLAB: u8 = 3;

/** One page frame. */
@unmanaged
export class Page {
  /** PAGE_*. */
  type: u8;
  /** Order of the block this page starts (BUDDY). */
  order: u8;
  /** Size class (SLAB). */
  slab_class: u16;
  /** Objects in use (SLAB). */
  inuse: u32;
  /** First free object (SLAB). */
  freelist: usize;
  /** Next partial slab of the class, or next free block. */
  next: usize;
}

const free_area = memory.data(44, 4);
let mem_map: usize = 0;
let frontier: u32 = 0;
let limit: u32 = 0;
let nr_free: u32 = 0;
let total: u32 = 0;

export function pfn_to_page(pfn: u32): Page {
  return changetype<Page>(mem_map + pfn * offsetof<Page>());
}

export function virt_to_page(addr: usize): Page {
  return pfn_to_page(<u32>(addr >> Limits.PAGE_SHIFT));
}

export function page_to_pfn(page: Page): u32 {
  return <u32>((changetype<usize>(page) - mem_map) / offsetof<Page>());
}

export function totalram_pages(): u32 {
  return total;
}

export function nr_free_pages(): u32 {
  return nr_free;
}

/** Makes the Wasm memory reach up to page frame pfn. */
function populate(pfn: u32): bool {
  const have = (<u32>memory.size()) << 4;
  if (pfn <= have) return true;
  const want = ((pfn - have + 15) >> 4) + 15;
  if (memory.grow(want) >= 0) return true;
  return memory.grow((pfn - have + 15) >> 4) >= 0;
}

/** Sets memory up; bytes is the machine's size (mem=). */
export function mem_init(bytes: usize): void {
  mem_map = (data_end + Limits.PAGE_SIZE - 1) & ~(Limits.PAGE_SIZE - 1);
  limit = <u32>(bytes >> Limits.PAGE_SHIFT);
  const map_size = limit * offsetof<Page>();
  frontier = <u32>((mem_map + map_size + 4095) >> Limits.PAGE_SHIFT);
  if (!populate(frontier)) unreachable();
  for (let i: u32 = 0; i < frontier; i++) {
    pfn_to_page(i).type = PAGE_RESERVED;
  }
  total = limit - frontier;
  nr_free = total;
}

function take_from_frontier(order: u32): usize {
  const pages = (<u32>1) << order;
  if (frontier + pages > limit || !populate(frontier + pages)) return 0;
  const addr = (<usize>frontier) << Limits.PAGE_SHIFT;
  frontier += pages;
  return addr;
}

/** Cuts a larger free block down; the rest goes to the lists. */
function split_larger(order: u32): usize {
  for (let o = order + 1; o <= MAX_ORDER; o++) {
    let addr = load<usize>(free_area + 4 * o);
    if (addr == 0) continue;
    store<usize>(free_area + 4 * o, virt_to_page(addr).next);
    for (; o > order; o--) put_free(addr + ((<usize>2048) << o), o - 1);
    return addr;
  }
  return 0;
}

function put_free(addr: usize, order: u32): void {
  const page = virt_to_page(addr);
  page.type = PAGE_FREE;
  page.next = load<usize>(free_area + 4 * order);
  store<usize>(free_area + 4 * order, addr);
}

function take(order: u32): usize {
  const addr = load<usize>(free_area + 4 * order);
  if (addr != 0) {
    store<usize>(free_area + 4 * order, virt_to_page(addr).next);
    if (page_poisoning) check_poison_pages(addr, order);
    return addr;
  }
  const fresh = take_from_frontier(order);
  if (fresh != 0) return fresh;
  const cut = split_larger(order);
  if (cut != 0 && page_poisoning) check_poison_pages(cut, order);
  return cut;
}

/** 2^order zeroed pages, or 0 when memory is out. */
export function __get_free_pages(order: u32): usize {
  if (order > MAX_ORDER || nr_free < (<u32>1) << order) return 0;
  const addr = take(order);
  if (addr == 0) return 0;
  const page = virt_to_page(addr);
  page.type = PAGE_BUDDY;
  page.order = <u8>order;
  nr_free -= (<u32>1) << order;
  memory.fill(addr, 0, (<usize>Limits.PAGE_SIZE) << order);
  return addr;
}

export function free_pages(addr: usize, order: u32): void {
  if (addr == 0) return;
  const page = virt_to_page(addr);
  if (page.type == PAGE_FREE) return bad_page(page_to_pfn(page));
  if (page_poisoning) poison_pages(addr, order);
  put_free(addr, order);
  nr_free += (<u32>1) << order;
}

/** Smallest order whose block holds size bytes. */
export function get_order(size: usize): u32 {
  let order: u32 = 0;
  while ((<usize>Limits.PAGE_SIZE) << order < size) order++;
  return order;
}
