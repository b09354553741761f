// vmalloc.ts - memory that must be contiguous and may be large: the images
// of modules. Linear memory is contiguous anyway, so these are pages with an
// account of their own. Mirrors Linux mm/vmalloc.c.

import { __get_free_pages, free_pages, get_order } from "./page_alloc";

/** The largest block of pages there is. */
const VMALLOC_MAX: usize = 4096 << 10;

let nr_vmalloc_pages: u32 = 0;

/** Pages in use: MemInfo's VmallocUsed. */
export function vmalloc_nr_pages(): u32 {
  return nr_vmalloc_pages;
}

/** size bytes of zeroed pages, or 0 when memory is out. */
export function vmalloc(size: usize): usize {
  if (size > VMALLOC_MAX) return 0;
  const order = get_order(size);
  const addr = __get_free_pages(order);
  if (addr != 0) nr_vmalloc_pages += (<u32>1) << order;
  return addr;
}

/** size as it was given to vmalloc(). */
export function vfree(addr: usize, size: usize): void {
  if (addr == 0) return;
  const order = get_order(size);
  nr_vmalloc_pages -= (<u32>1) << order;
  free_pages(addr, order);
}
