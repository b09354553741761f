// follow_calls.ts - makes callers known for those who ask (call_stack.ts).
//
// A call of function F is made by code that names F's site, or by a call
// through a pointer of F's type: the host knows that code and lists all who
// may call F. They are the witnesses: their sites hold their trampolines.
// Where a call of another function may run F, that function's callers count,
// too.
// With stacks, the callers of the callers are witnesses as well.
//
// The calls that are in progress when a witness comes are learned by unwinding
// the running task's stack and winding it up again, through the trampolines.

import { Limits } from "../../abi";
import { ftrace_callers, ftrace_replaces } from "../../host";
import { unwind_current } from "../sched/core";
import { calls_followed, set_calls_followed } from "./call_stack";
import {
  FtraceFl,
  FtracePage,
  first_ftrace_page,
  ftrace_location,
  lookup_rec,
  page_rec,
} from "./dyn_ftrace";
import { ftrace_update_site } from "./ftrace";
import { update_graph_active } from "./ftrace_caller";
import { ftrace_settle } from "./settle";
import { FtraceVersion } from "./versions";

/** Sites of those who shall be witnesses: one bit for every table entry. */
const witnesses = memory.data(4096, 8);
/** How many ask for stacks, and not for callers only. */
let stacks_asked: u32 = 0;
/** Whether the host is ready to answer. */
let prepared: bool = false;

/** Chooses the witnesses. Whether anybody asks. */
function find_witnesses(): bool {
  let asked = false;
  let all = true;
  memory.fill(witnesses, 0, Limits.FTRACE_ENTRIES / 8);
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    for (let s = p.base; s < p.base + p.n; s++) {
      const rec = page_rec(p, s);
      for (let v = rec.versions; v != 0; v = load<usize>(v)) {
        const id = changetype<FtraceVersion>(v).id;
        ftrace_replaces(ftrace_location(id), s);
      }
      if (rec.callers_asked == 0) all = false;
      else {
        asked = true;
        const byte = witnesses + (s >> 3);
        store<u8>(byte, load<u8>(byte) | (<u8>((<u32>1) << (s & 7))));
      }
    }
  }
  // When everybody is asked about, nobody needs to look who calls whom.
  if (!all) ftrace_callers(witnesses, stacks_asked != 0);
  return asked;
}

/** Whether a site has become a witness. */
function update_witnesses(): bool {
  let more = false;
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    for (let s = p.base; s < p.base + p.n; s++) {
      const rec = page_rec(p, s);
      const was = (rec.flags & FtraceFl.WITNESS) != 0;
      const bits = <u32>load<u8>(witnesses + (s >> 3));
      const is = ((bits >> (s & 7)) & 1) != 0;
      if (is == was) continue;
      rec.flags ^= FtraceFl.WITNESS;
      ftrace_update_site(s);
      if (is) more = true;
    }
  }
  return more;
}

/**
 * Who asks, or the code that may call, has changed. Context: task; may sleep
 * for a moment.
 */
export function update_followed_calls(): void {
  if (!prepared) {
    prepared = true;
    ftrace_callers(0, false);
    unwind_current();
  }
  const any = find_witnesses();
  if (any != calls_followed) set_calls_followed(any);
  update_graph_active();
  if (update_witnesses()) unwind_current();
  else if (!any) ftrace_settle();
}

/** One more, or one less, asks who calls site, and for stacks: by 1 or -1.
 * To be followed by update_followed_calls(). */
export function follow_calls(site: u32, by: i32, stacks: bool): void {
  const rec = lookup_rec(site);
  if (rec != null) rec.callers_asked += by;
  if (stacks) stacks_asked += by;
}
