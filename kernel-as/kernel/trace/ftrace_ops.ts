// ftrace_ops.ts - callbacks for many sites, whose choice of sites changes.
//
// Such an ops has one or two bitmaps of sites (FtraceHash). After a change,
// ftrace_update_ops() makes what is attached equal to what is wanted. New
// modules bring sites that an ops without a filter wants too.
// Mirrors the hash part of Linux kernel/trace/ftrace.c.

import { Errno, Limits } from "../../abi";
import { kzalloc } from "../../mm/slab";
import { DynFtrace, FtraceFl, lookup_rec } from "./dyn_ftrace";
import { FtraceOpsFl, ftrace_ops_test, set_ftrace_module_hook } from "./ftrace";
import { update_followed_calls } from "./follow_calls";
import { FtraceOps } from "./ftrace_caller";
import {
  FtraceHash,
  ftrace_hash_set,
  update_rec,
  update_sites,
} from "./ftrace_sites";
import { ftrace_settle } from "./settle";

/** First ops that is registered. */
let ops_list: usize = 0;

export function ftrace_ops_init(): void {
  set_ftrace_module_hook(ftrace_module_sites);
}

/** False: out of memory. */
export function ftrace_alloc_hash(hash: FtraceHash): bool {
  if (hash.bits == 0) hash.bits = kzalloc(Limits.FTRACE_ENTRIES / 8);
  return hash.bits != 0;
}

export function ftrace_hash_clear(hash: FtraceHash): void {
  if (hash.bits != 0) memory.fill(hash.bits, 0, Limits.FTRACE_ENTRIES / 8);
  hash.count = 0;
}

/** What an ops tests: an empty set is no set. */
export function ftrace_hash_bits(hash: FtraceHash): usize {
  return hash.count == 0 ? 0 : hash.bits;
}

export function ftrace_ops_registered(ops: FtraceOps): bool {
  for (let at = ops_list; at != 0; at = changetype<FtraceOps>(at).next) {
    if (at == changetype<usize>(ops)) return true;
  }
  return false;
}

/** Makes what is attached right. An ops that asks who calls is deaf until that
 * is known. False: out of memory. */
function update_ops(ops: FtraceOps, on: bool): bool {
  if ((ops.flags & FtraceOpsFl.CALLERS) == 0) return update_sites(ops, on);
  const func = ops.func;
  ops.func = null;
  const done = update_sites(ops, on);
  update_followed_calls();
  ops.func = func;
  return done;
}

/** The filters of ops have changed. Context: task; may sleep. */
export function ftrace_update_ops(ops: FtraceOps): i32 {
  if (!ftrace_ops_registered(ops)) return 0;
  const done = update_ops(ops, true);
  ftrace_settle();
  return done ? 0 : -Errno.ENOMEM;
}

/** Attaches ops to all its sites, or to none. */
export function ftrace_startup(ops: FtraceOps): i32 {
  if (ftrace_ops_registered(ops)) return 0;
  if (!update_ops(ops, true)) {
    update_ops(ops, false);
    return -Errno.ENOMEM;
  }
  ops.next = ops_list;
  ops_list = changetype<usize>(ops);
  return 0;
}

function unlink_ops(ops: FtraceOps): void {
  if (ops_list == changetype<usize>(ops)) {
    ops_list = ops.next;
    return;
  }
  let at = changetype<FtraceOps>(ops_list);
  while (at.next != changetype<usize>(ops)) {
    at = changetype<FtraceOps>(at.next);
  }
  at.next = ops.next;
}

/** Takes ops off every site. Context: task; may sleep. */
export function ftrace_shutdown(ops: FtraceOps): void {
  if (!ftrace_ops_registered(ops)) return;
  unlink_ops(ops);
  update_ops(ops, false);
  ftrace_settle();
}

/**
 * Adds a site to the set of an ops that is registered while the set is not
 * empty. -EBUSY: somebody else may redirect that function.
 */
export function ftrace_ops_add_site(
  ops: FtraceOps,
  hash: FtraceHash,
  site: u32,
): i32 {
  const rec = lookup_rec(site);
  if (rec == null) return -Errno.EINVAL;
  const redirects = (ops.flags & FtraceOpsFl.IPMODIFY) != 0;
  if (redirects && (rec.flags & FtraceFl.IPMODIFY) != 0) return -Errno.EBUSY;
  if (!ftrace_alloc_hash(hash)) return -Errno.ENOMEM;
  if (!update_rec(site, rec, ops, true)) return -Errno.ENOMEM;
  ftrace_hash_set(hash, site, true);
  return 0;
}

export function ftrace_ops_del_site(
  ops: FtraceOps,
  hash: FtraceHash,
  site: u32,
): void {
  const rec = lookup_rec(site);
  if (rec != null) update_rec(site, rec, ops, false);
  ftrace_hash_set(hash, site, false);
}

/** Sites of a module come: those who want all functions get them too. */
function ftrace_module_sites(base: u32, n: u32, coming: bool): void {
  if (!coming) return forget_sites(base, n);
  for (let at = ops_list; at != 0; at = changetype<FtraceOps>(at).next) {
    const ops = changetype<FtraceOps>(at);
    for (let s = base; s < base + n; s++) {
      const rec = <DynFtrace>lookup_rec(s);
      if (ftrace_ops_test(ops, s)) update_rec(s, rec, ops, true);
    }
  }
}

/** Sets of sites that users choose; a site that is gone is taken out. */
const MAX_HASHES: u32 = 8;
const hashes = memory.data(32, 4);
let nr_hashes: u32 = 0;

/** From now on a module that goes takes its sites out of hash. */
export function ftrace_watch_hash(hash: FtraceHash): void {
  if (nr_hashes == MAX_HASHES) unreachable();
  store<usize>(hashes + 4 * nr_hashes++, changetype<usize>(hash));
}

/** Those who are told of sites that go: functions (base, n). */
const MAX_GONE: u32 = 4;
const gone_fns = memory.data(16, 4);
let nr_gone: u32 = 0;

export function add_sites_gone_hook(fn: (base: u32, n: u32) => void): void {
  if (nr_gone == MAX_GONE) unreachable();
  store<usize>(gone_fns + 4 * nr_gone++, changetype<usize>(fn));
}

function forget_sites(base: u32, n: u32): void {
  for (let i: u32 = 0; i < nr_gone; i++) {
    const fn = load<usize>(gone_fns + 4 * i);
    changetype<(base: u32, n: u32) => void>(fn)(base, n);
  }
  for (let i: u32 = 0; i < nr_hashes; i++) {
    const hash = changetype<FtraceHash>(load<usize>(hashes + 4 * i));
    for (let s = base; s < base + n; s++) ftrace_hash_set(hash, s, false);
  }
}
