// bad-slab.ts - misuses memory in the ways that slub_debug= and page_poison=
// must find; see test/kernel/slubDebug.test.ts.

import { Errno } from "../../../abi";
import { __get_free_pages, free_pages } from "../../../mm/page_alloc";
import { kfree, kzalloc } from "../../../mm/slab";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Slab test: mistakes with memory";

export let what: i32 = 0;
export const MODULE_PARM_what = "the mistake (default=none)";

const enum Mistake {
  NONE = 0,
  WRITE_AFTER_FREE = 1,
  FREE_TWICE = 2,
  WRITE_BEHIND = 3,
  FREE_INSIDE = 4,
  PAGE_AFTER_FREE = 5,
  PAGE_TWICE = 6,
}

function misuse_object(p: usize): void {
  if (what == Mistake.WRITE_BEHIND) store<u8>(p, 1, 40);
  if (what == Mistake.FREE_INSIDE) kfree(p + 8);
  kfree(p);
  if (what == Mistake.WRITE_AFTER_FREE) store<u32>(p, 0x12345678, 8);
  if (what == Mistake.FREE_TWICE) kfree(p);
  kfree(kzalloc(40));
}

function misuse_page(page: usize): void {
  free_pages(page, 0);
  if (what == Mistake.PAGE_AFTER_FREE) store<u32>(page, 0x12345678, 100);
  if (what == Mistake.PAGE_TWICE) free_pages(page, 0);
  free_pages(__get_free_pages(0), 0);
}

export function init_module(): i32 {
  const p = kzalloc(40);
  const page = __get_free_pages(0);
  if (p == 0 || page == 0) return -Errno.ENOMEM;
  misuse_object(p);
  misuse_page(page);
  return 0;
}

export function cleanup_module(): void {}
