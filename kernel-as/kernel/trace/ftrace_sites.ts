// ftrace_sites.ts - makes what is attached equal to what an ops wants.
// Not traced: otherwise a tracer's first records would be its own start.

import {
  DynFtrace,
  FtracePage,
  first_ftrace_page,
  page_rec,
} from "./dyn_ftrace";
import { attach_rec, detach_rec, ftrace_ops_test } from "./ftrace";
import { FtraceAttach, FtraceOps } from "./ftrace_caller";

/** A set of sites. */
@unmanaged
export class FtraceHash {
  /** One bit for every entry of the table. */
  bits: usize;
  count: u32;
}

export function ftrace_hash_test(hash: FtraceHash, site: u32): bool {
  if (hash.bits == 0) return false;
  return (load<u8>(hash.bits + (site >> 3)) & (1 << (site & 7))) != 0;
}

export function ftrace_hash_set(hash: FtraceHash, site: u32, on: bool): void {
  if (ftrace_hash_test(hash, site) == on) return;
  const at = hash.bits + (site >> 3);
  store<u8>(at, load<u8>(at) ^ (<u8>((<u32>1) << (site & 7))));
  if (on) hash.count++;
  else hash.count--;
}

function rec_has(rec: DynFtrace, ops: FtraceOps): bool {
  for (let at = rec.attached; at != 0; at = load<usize>(at)) {
    if (changetype<FtraceAttach>(at).ops == ops) return true;
  }
  return false;
}

/** Makes one site right. False: out of memory. */
export function update_rec(
  site: u32,
  rec: DynFtrace,
  ops: FtraceOps,
  want: bool,
): bool {
  if (rec_has(rec, ops) == want) return true;
  if (want) return attach_rec(site, rec, ops);
  detach_rec(site, rec, ops);
  return true;
}

/** Makes all sites right. False: out of memory. */
export function update_sites(ops: FtraceOps, on: bool): bool {
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    for (let s = p.base; s < p.base + p.n; s++) {
      const want = on && ftrace_ops_test(ops, s);
      if (!update_rec(s, page_rec(p, s), ops, want)) return false;
    }
  }
  return true;
}
