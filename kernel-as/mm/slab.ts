// slab.ts - kmalloc: objects of a few sizes, carved out of pages.
//
// Each size class has a list of partial slabs (pages with a free object).
// Free objects of a slab are linked through their first word. A page knows
// its class, so kfree() needs no size. Larger objects are whole pages.
// With slub_debug= objects are spaced out and looked at (slub_debug.ts).
// Mirrors Linux mm/slub.c, without per-CPU lists.

import { Limits } from "../abi";
import {
  PAGE_SLAB,
  Page,
  __get_free_pages,
  free_pages,
  get_order,
  page_to_pfn,
  virt_to_page,
} from "./page_alloc";
import {
  SLUB_META,
  slub_check_active,
  slub_check_free,
  slub_debug,
  slub_free_consistency,
  slub_freeptr,
  slub_init_active,
  slub_init_free,
  slub_orig_size,
} from "./slub_debug";

const partial = memory.data(36, 4);
let slab_pages: u32 = 0;
let large_pages: u32 = 0;

/** Pages that slabs and large objects take: MemInfo's Slab. */
export function nr_slab_pages(): u32 {
  return slab_pages + large_pages;
}

/** 16 << class bytes, except class 8, which stands for whole pages. */
function size_class(size: usize): u32 {
  let c: u32 = 0;
  while ((<usize>16) << c < size) c++;
  return c;
}

/** Links the objects of a fresh slab; the last one's link is 0 already. */
function init_freelist(slab: usize, size: usize): void {
  const stride = size + (slub_debug == 0 ? 0 : SLUB_META);
  const end = slab + Limits.PAGE_SIZE;
  for (let obj = slab; obj + stride <= end; obj += stride) {
    if (slub_debug != 0) slub_init_free(obj, size);
    if (obj + 2 * stride > end) return;
    store<usize>(slub_freeptr(obj, size), obj + stride);
  }
}

function new_slab(c: u32): bool {
  const addr = __get_free_pages(0);
  if (addr == 0) return false;
  slab_pages++;
  const page = virt_to_page(addr);
  page.type = PAGE_SLAB;
  page.slab_class = <u16>c;
  page.inuse = 0;
  page.freelist = addr;
  init_freelist(addr, (<usize>16) << c);
  page.next = load<usize>(partial + 4 * c);
  store<usize>(partial + 4 * c, changetype<usize>(page));
  return true;
}

function slab_alloc(c: u32): usize {
  if (load<usize>(partial + 4 * c) == 0 && !new_slab(c)) return 0;
  const page = changetype<Page>(load<usize>(partial + 4 * c));
  const obj = page.freelist;
  page.freelist = load<usize>(slub_freeptr(obj, (<usize>16) << c));
  page.inuse++;
  if (page.freelist == 0) store<usize>(partial + 4 * c, page.next);
  return obj;
}

/** size bytes of zeroed memory, or 0 when memory is out. */
export function kzalloc(size: usize): usize {
  if (size > 2048) {
    const addr = __get_free_pages(get_order(size));
    if (addr != 0) large_pages += (<u32>1) << get_order(size);
    return addr;
  }
  const c = size_class(size);
  const obj = slab_alloc(c);
  if (obj == 0) return 0;
  if (slub_debug != 0) slub_check_free(obj, (<usize>16) << c);
  memory.fill(obj, 0, (<usize>16) << c);
  if (slub_debug != 0) slub_init_active(obj, (<usize>16) << c, size);
  return obj;
}

/** Bytes the object at p really has, or may use while red zones are on. */
export function ksize(p: usize): usize {
  const page = virt_to_page(p);
  if (page.type == PAGE_SLAB) {
    const size = (<usize>16) << page.slab_class;
    return slub_debug == 0 ? size : slub_orig_size(p, size);
  }
  return (<usize>Limits.PAGE_SIZE) << page.order;
}

/** Looks at an object that is given back; false: it is not taken. */
function free_debug_processing(page: Page, p: usize, size: usize): bool {
  if (!slub_free_consistency(p, size, page.freelist)) return false;
  slub_check_active(p, size);
  slub_init_free(p, size);
  return true;
}

export function kfree(p: usize): void {
  if (p == 0) return;
  const page = virt_to_page(p);
  if (page.type != PAGE_SLAB) {
    large_pages -= (<u32>1) << page.order;
    return free_pages(p, page.order);
  }
  const c = page.slab_class;
  const size = (<usize>16) << c;
  if (slub_debug != 0 && !free_debug_processing(page, p, size)) return;
  if (page.freelist == 0) {
    page.next = load<usize>(partial + 4 * c);
    store<usize>(partial + 4 * c, changetype<usize>(page));
  }
  store<usize>(slub_freeptr(p, size), page.freelist);
  page.freelist = p;
  if (--page.inuse == 0) discard_slab(page, c);
}

/** An empty slab goes back to the pages, unless it is its class's only one. */
function discard_slab(page: Page, c: u32): void {
  const self = changetype<usize>(page);
  let at = partial + 4 * c;
  if (load<usize>(at) == self && page.next == 0) return;
  while (load<usize>(at) != self) {
    at = load<usize>(at) + offsetof<Page>("next");
  }
  store<usize>(at, page.next);
  slab_pages--;
  free_pages((<usize>page_to_pfn(page)) << Limits.PAGE_SHIFT, 0);
}

/** A copy of the C string s, or 0. */
export function kstrdup(s: usize): usize {
  let n: usize = 0;
  while (load<u8>(s + n) != 0) n++;
  return kstrndup(s, n);
}

/** A NUL-terminated copy of n bytes at s, or 0. */
export function kstrndup(s: usize, n: usize): usize {
  const p = kzalloc(n + 1);
  if (p != 0) memory.copy(p, s, n);
  return p;
}

/** An ASCII literal as a C string, or 0. */
export function kstrdup_lit(s: string): usize {
  const n = <usize>s.length;
  const p = kzalloc(n + 1);
  if (p == 0) return 0;
  for (let i: usize = 0; i < n; i++) {
    store<u8>(p + i, load<u8>(changetype<usize>(s) + 2 * i));
  }
  return p;
}
