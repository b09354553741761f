// dyn_ftrace.ts - one record for every function that can be traced.
//
// A page of n functions owns 3n entries of the table `ftrace`, from base:
//
//   base         base + n       base + 2n
//   | sites      | bodies       | trampolines   |
//
// Calls go through the site; what it holds is a copy of one of the others.
// A function's id is the index of its body.
// Mirrors Linux struct dyn_ftrace, which keeps an address per patch site.

import { kfree, kzalloc } from "../../mm/slab";

/** DynFtrace.flags; the letters are those of enabled_functions. */
export const enum FtraceFl {
  /** R: a callback wants all registers. */
  REGS = 1,
  /** I: a callback may redirect the call. At most one owner. */
  IPMODIFY = 2,
  /** M: was ever redirected. Never cleared. */
  MODIFIED = 4,
  /** Had a callback at least once. Never cleared. */
  TOUCHED = 8,
  /** Keeps its trampoline until stacks are free of other versions. */
  UNSETTLED = 16,
  /** Some site may be a copy of this one. */
  FOLLOWED = 32,
  /** Keeps its trampoline: it may call a function whose callers are asked. */
  WITNESS = 64,
}

/** What is attached to one site. */
@unmanaged
export class DynFtrace {
  /** First FtraceAttach, newest first; 0 none. */
  attached: usize;
  /** Callbacks attached. */
  count: u32;
  flags: u32;
  /** First FtraceVersion: the bodies that calls of this site may run. */
  versions: usize;
  /** Table entry that the site is a copy of. */
  entry: u32;
  /** Site of another function whose entry this one follows; 0 none. */
  follows: u32;
  /** How many want to know who calls it. */
  callers_asked: u32;
}

/** The sites of the kernel or of one module. */
@unmanaged
export class FtracePage {
  next: usize;
  base: u32;
  n: u32;
  recs: usize;
  /** Table of n Ksyms, 0 until somebody asks for a name. */
  syms: usize;
}

/** First page; 0 before boot. */
let ftrace_pages: usize = 0;

export function first_ftrace_page(): usize {
  return ftrace_pages;
}

/** Adds records for the n functions at base, in order of arrival. */
export function add_ftrace_page(base: u32, n: u32): FtracePage | null {
  const p = kzalloc(offsetof<FtracePage>());
  const recs = kzalloc(n * offsetof<DynFtrace>() + 1);
  if (p == 0 || recs == 0) {
    kfree(p);
    kfree(recs);
    return null;
  }
  const page = changetype<FtracePage>(p);
  page.base = base;
  page.n = n;
  page.recs = recs;
  for (let i: u32 = 0; i < n; i++) {
    page_rec(page, base + i).entry = base + n + i;
  }
  link_page(page);
  return page;
}

function link_page(page: FtracePage): void {
  if (ftrace_pages == 0) {
    ftrace_pages = changetype<usize>(page);
    return;
  }
  let link = ftrace_pages;
  while (load<usize>(link) != 0) link = load<usize>(link);
  store<usize>(link, changetype<usize>(page));
}

export function del_ftrace_page(page: FtracePage): void {
  if (ftrace_pages == changetype<usize>(page)) ftrace_pages = page.next;
  else {
    let link = ftrace_pages;
    while (load<usize>(link) != changetype<usize>(page)) {
      link = load<usize>(link);
    }
    store<usize>(link, page.next);
  }
  kfree(page.recs);
  kfree(page.syms);
  kfree(changetype<usize>(page));
}

/** The page whose sites, bodies or trampolines hold table entry i. */
export function find_ftrace_page(i: u32): FtracePage | null {
  for (let at = ftrace_pages; at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    if (i >= p.base && i < p.base + 3 * p.n) return p;
  }
  return null;
}

export function page_rec(page: FtracePage, site: u32): DynFtrace {
  const at = page.recs + (site - page.base) * offsetof<DynFtrace>();
  return changetype<DynFtrace>(at);
}

/** The record of a site, or null when i is not a site. */
export function lookup_rec(i: u32): DynFtrace | null {
  const page = find_ftrace_page(i);
  if (page == null || i >= page.base + page.n) return null;
  return page_rec(page, i);
}

/** The site of function id, or 0 when it has none. */
export function ftrace_location(id: u32): u32 {
  const page = find_ftrace_page(id);
  if (page == null || id < page.base + page.n) return 0;
  return id < page.base + 2 * page.n ? id - page.n : 0;
}

/** The id of the function whose site is i, or i itself. */
export function ftrace_site_id(i: u32): u32 {
  const page = find_ftrace_page(i);
  if (page == null || i >= page.base + page.n) return i;
  return i + page.n;
}

/** The id of the function that entry i is of; 0 for a trampoline. */
export function ftrace_entry_id(i: u32): u32 {
  const page = find_ftrace_page(i);
  if (page != null && i >= page.base + 2 * page.n) return 0;
  return ftrace_site_id(i);
}

export function ftrace_site_trampoline(site: u32): u32 {
  const page = find_ftrace_page(site);
  return page == null ? 0 : site + 2 * page.n;
}
