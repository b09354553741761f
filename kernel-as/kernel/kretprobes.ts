// kretprobes.ts - handlers on the return of a function.
//
// A Kretprobe is a probe on the entry that notes the call (fgraph.ts) and
// has its handler called when the call ends. At most maxactive calls are
// watched at a time; the others are missed. Linux: in kernel/kprobes.c.

import { Errno } from "../abi";
import { enable_kprobe, register_kprobe, unregister_kprobe } from "./kprobes";
import { KprobeFl } from "./kprobes_ftrace";
import { kretprobe_entry, kretprobe_return } from "./kretprobes_ftrace";
import { Kretprobe } from "./kretprobes_ftrace";
import {
  fgraph_set_rethook,
  register_fgraph,
  unregister_fgraph,
} from "./trace/fgraph";
import { follow_calls, update_followed_calls } from "./trace/follow_calls";

const DEFAULT_MAXACTIVE: u32 = 10;
/** Linux's KRETPROBE_MAXACTIVE_MAX. */
export const MAXACTIVE_MAX: u32 = 4096;

/** Puts a return probe in place; errors as register_kprobe(). Context: task;
 * sleeps for a moment. */
export function register_kretprobe(rp: Kretprobe): i32 {
  const kp = rp.kp;
  if (rp.maxactive > MAXACTIVE_MAX) return -Errno.E2BIG;
  if (rp.maxactive == 0) rp.maxactive = DEFAULT_MAXACTIVE;
  rp.nmissed = 0;
  kp.rp = changetype<usize>(rp);
  kp.pre_handler = kretprobe_entry;
  fgraph_set_rethook(kretprobe_return);
  let ret = register_fgraph();
  if (ret != 0) return ret;
  // It fires when callers are known, and not before.
  const armed = (kp.flags & KprobeFl.DISABLED) == 0;
  kp.flags |= KprobeFl.DISABLED;
  ret = register_kprobe(kp);
  if (ret != 0) {
    unregister_fgraph(changetype<usize>(rp));
    return ret;
  }
  follow_calls(kp.addr, 1, false);
  update_followed_calls();
  if (armed) ret = enable_kprobe(kp);
  if (ret != 0) unregister_kretprobe(rp);
  return ret;
}

/** Context: task; may sleep. */
export function unregister_kretprobe(rp: Kretprobe): void {
  unregister_kprobe(rp.kp);
  // A site that is gone has taken its record along.
  if ((rp.kp.flags & KprobeFl.GONE) == 0) follow_calls(rp.kp.addr, -1, false);
  update_followed_calls();
  unregister_fgraph(changetype<usize>(rp));
}
