// ftrace.ts - attaches callbacks to functions and keeps their sites right.
//
// What a site holds:
//   nothing attached              the function itself
//   one callback, the same        a copy of the new function's own site
//   answer for every task
//   anything else                 its trampoline
//   nothing, but it may call a    its trampoline (follow_calls.ts)
//   function whose callers are
//   asked for
// The first two only while no stack may hold a frame of another version
// (see versions.ts); until then the trampoline finds each frame's own code.
// Mirrors Linux kernel/trace/ftrace.c. Knows function ids, never tasks.

import { Errno } from "../../abi";
import { ftrace_set, nr_functions } from "../../host";
import { kfree, kzalloc } from "../../mm/slab";
import {
  DynFtrace,
  FtraceFl,
  FtracePage,
  add_ftrace_page,
  del_ftrace_page,
  find_ftrace_page,
  first_ftrace_page,
  ftrace_site_id,
  ftrace_site_trampoline,
  lookup_rec,
  page_rec,
} from "./dyn_ftrace";
import { FtraceAttach, FtraceOps } from "./ftrace_caller";
import { dirty_versions, forget_versions, versions_clean } from "./versions";

export const enum FtraceOpsFl {
  SAVE_REGS = 1,
  IPMODIFY = 2,
  /** kernel.ftrace_enabled may not become 0 while it is registered. */
  PERMANENT = 4,
  /** It asks who calls. */
  CALLERS = 8,
}

/** kernel.ftrace_enabled. */
export let ftrace_enabled: bool = true;
/** Set for good when ftrace finds itself broken. */
let ftrace_disabled: bool = false;

/** Boot: records for the functions of vmlinux. */
export function ftrace_init(): void {
  if (first_ftrace_page() != 0) return;
  if (add_ftrace_page(1, nr_functions) == null) unreachable();
}

export function ftrace_kill(): void {
  ftrace_disabled = true;
}

function test_bit(map: usize, i: u32): bool {
  return (load<u8>(map + (i >> 3)) & (1 << (i & 7))) != 0;
}

export function ftrace_ops_test(ops: FtraceOps, site: u32): bool {
  if (ops.site != 0) return ops.site == site;
  if (ops.notrace != 0 && test_bit(ops.notrace, site)) return false;
  return ops.filter == 0 || test_bit(ops.filter, site);
}

/** The one function that all calls run, as a site to follow; 0: a trampoline
 * has to be asked, or wants to know. */
function single_target(site: u32, rec: DynFtrace): u32 {
  if (!ftrace_enabled) return site;
  if ((rec.flags & FtraceFl.WITNESS) != 0) return 0;
  if (rec.attached == 0) return site;
  const at = changetype<FtraceAttach>(rec.attached);
  return at.next == 0 ? at.ops.direct : 0;
}

function set_entry(site: u32, rec: DynFtrace, entry: u32): void {
  if (rec.entry == entry) return;
  rec.entry = entry;
  ftrace_set(site, entry);
  if ((rec.flags & FtraceFl.FOLLOWED) != 0) update_followers(site);
}

/** Sites that are copies of this one's entry. */
function update_followers(site: u32): void {
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    for (let s = p.base; s < p.base + p.n; s++) {
      if (page_rec(p, s).follows == site) ftrace_update_site(s);
    }
  }
}

/** Puts into a site what its state asks for. */
export function ftrace_update_site(site: u32): void {
  const rec = <DynFtrace>lookup_rec(site);
  const to = single_target(site, rec);
  rec.follows = 0;
  rec.flags &= ~FtraceFl.UNSETTLED;
  if (to == 0) return set_entry(site, rec, ftrace_site_trampoline(site));
  if (!versions_clean(rec, ftrace_site_id(to))) {
    rec.flags |= FtraceFl.UNSETTLED;
    return set_entry(site, rec, ftrace_site_trampoline(site));
  }
  if (to == site) return set_entry(site, rec, ftrace_site_id(site));
  const target = <DynFtrace>lookup_rec(to);
  target.flags |= FtraceFl.FOLLOWED;
  rec.follows = to;
  set_entry(site, rec, target.entry);
}

export function ftrace_update_all_sites(): void {
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    for (let s = p.base; s < p.base + p.n; s++) ftrace_update_site(s);
  }
}

/**
 * Tells ftrace the site every task's call of ops.site goes to, or 0 while
 * tasks differ: then frames of every version may be left on stacks.
 */
export function ftrace_set_direct(ops: FtraceOps, direct: u32): void {
  ops.direct = direct;
  const rec = lookup_rec(ops.site);
  if (rec == null) return;
  if (direct == 0) dirty_versions(rec);
  ftrace_update_site(ops.site);
}

/** Puts ops on a site. False: out of memory. */
export function attach_rec(site: u32, rec: DynFtrace, ops: FtraceOps): bool {
  const p = kzalloc(offsetof<FtraceAttach>());
  if (p == 0) return false;
  const at = changetype<FtraceAttach>(p);
  at.ops = ops;
  at.next = rec.attached;
  rec.attached = p;
  rec.count++;
  rec.flags |= FtraceFl.TOUCHED;
  if ((ops.flags & FtraceOpsFl.IPMODIFY) != 0) {
    rec.flags |= FtraceFl.IPMODIFY | FtraceFl.MODIFIED;
  }
  if ((ops.flags & FtraceOpsFl.SAVE_REGS) != 0) rec.flags |= FtraceFl.REGS;
  if ((ops.flags & FtraceOpsFl.CALLERS) != 0) rec.callers_asked++;
  ftrace_update_site(site);
  return true;
}

/** Flags that the callbacks still attached ask for. */
function recount_flags(rec: DynFtrace): void {
  rec.flags &= ~(FtraceFl.IPMODIFY | FtraceFl.REGS);
  for (let at = rec.attached; at != 0; at = load<usize>(at)) {
    const flags = changetype<FtraceAttach>(at).ops.flags;
    if ((flags & FtraceOpsFl.IPMODIFY) != 0) rec.flags |= FtraceFl.IPMODIFY;
    if ((flags & FtraceOpsFl.SAVE_REGS) != 0) rec.flags |= FtraceFl.REGS;
  }
}

/** Takes ops off a site, if it is there. */
export function detach_rec(site: u32, rec: DynFtrace, ops: FtraceOps): void {
  let link = changetype<usize>(rec) + offsetof<DynFtrace>("attached");
  for (; load<usize>(link) != 0; link = load<usize>(link)) {
    const at = load<usize>(link);
    if (changetype<FtraceAttach>(at).ops != ops) continue;
    store<usize>(link, load<usize>(at));
    kfree(at);
    rec.count--;
    recount_flags(rec);
    if ((ops.flags & FtraceOpsFl.CALLERS) != 0) rec.callers_asked--;
    return ftrace_update_site(site);
  }
}

/** The first site from s on that ops is for, or 0. */
function next_site(ops: FtraceOps, s: u32): u32 {
  if (ops.site != 0) return s <= ops.site ? ops.site : 0;
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    if (s < p.base) s = p.base;
    for (; s < p.base + p.n; s++) {
      if (ftrace_ops_test(ops, s)) return s;
    }
  }
  return 0;
}

/** One owner of the instruction pointer for each function. */
function ipmodify_conflict(ops: FtraceOps): bool {
  if ((ops.flags & FtraceOpsFl.IPMODIFY) == 0) return false;
  for (let s = next_site(ops, 1); s != 0; s = next_site(ops, s + 1)) {
    const rec = <DynFtrace>lookup_rec(s);
    if ((rec.flags & FtraceFl.IPMODIFY) != 0) return true;
  }
  return false;
}

/** Whether someone relies on ftrace being on: a livepatch. */
function permanent_ops_registered(): bool {
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    for (let s = p.base; s < p.base + p.n; s++) {
      let a = page_rec(p, s).attached;
      for (; a != 0; a = load<usize>(a)) {
        const flags = changetype<FtraceAttach>(a).ops.flags;
        if ((flags & FtraceOpsFl.PERMANENT) != 0) return true;
      }
    }
  }
  return false;
}

/** Switches all callbacks off or on. -EBUSY while a livepatch is there. */
export function ftrace_set_enabled(on: bool): i32 {
  if (on == ftrace_enabled) return 0;
  if (!on && permanent_ops_registered()) return -Errno.EBUSY;
  ftrace_enabled = on;
  ftrace_update_all_sites();
  return 0;
}

/** Sets the one site that ops is for. -ENODEV: ftrace is broken. */
export function ftrace_set_filter_ip(ops: FtraceOps, site: u32): i32 {
  if (ftrace_disabled) return -Errno.ENODEV;
  if (lookup_rec(site) == null) return -Errno.EINVAL;
  ops.site = site;
  return 0;
}

export function register_ftrace_function(ops: FtraceOps): i32 {
  if (ftrace_disabled) return -Errno.ENODEV;
  const permanent = (ops.flags & FtraceOpsFl.PERMANENT) != 0;
  if (permanent && !ftrace_enabled) return -Errno.EBUSY;
  if (ipmodify_conflict(ops)) return -Errno.EBUSY;
  for (let s = next_site(ops, 1); s != 0; s = next_site(ops, s + 1)) {
    if (attach_rec(s, <DynFtrace>lookup_rec(s), ops)) continue;
    unregister_ftrace_function(ops);
    return -Errno.ENOMEM;
  }
  return 0;
}

/** Sites that stay UNSETTLED wait for ftrace_settle(). */
export function unregister_ftrace_function(ops: FtraceOps): i32 {
  for (let s = next_site(ops, 1); s != 0; s = next_site(ops, s + 1)) {
    detach_rec(s, <DynFtrace>lookup_rec(s), ops);
  }
  return 0;
}

/** Tells those with filters that a module's sites come or go. */
let module_hook: ((base: u32, n: u32, coming: bool) => void) | null = null;

export function set_ftrace_module_hook(
  fn: (base: u32, n: u32, coming: bool) => void,
): void {
  module_hook = fn;
}

/** A module's functions become sites. */
export function ftrace_module_init(base: u32, n: u32): i32 {
  if (n == 0) return 0;
  if (add_ftrace_page(base, n) == null) return -Errno.ENOMEM;
  const hook = module_hook;
  if (hook != null) hook(base, n, true);
  return 0;
}

/** A module goes: its ids may be given to other functions. */
export function ftrace_release_mod(base: u32): void {
  const page = find_ftrace_page(base);
  if (page == null) return;
  const hook = module_hook;
  if (hook != null) hook(base, page.n, false);
  for (let s = base; s < base + page.n; s++) release_rec(page_rec(page, s));
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    for (let s = p.base; s < p.base + p.n; s++) {
      forget_versions(page_rec(p, s), page);
    }
  }
  del_ftrace_page(page);
}

function release_rec(rec: DynFtrace): void {
  while (rec.attached != 0) {
    const at = rec.attached;
    rec.attached = load<usize>(at);
    kfree(at);
  }
  forget_versions(rec, null);
}
