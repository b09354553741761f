// kretprobes_ftrace.ts - the part of return probes that runs in the call.
// Not traced, and it may not sleep.

import { Kprobe } from "./kprobes_ftrace";
import { call_parent } from "./trace/call_stack";
import { FgraphFrame, fgraph_active, fgraph_push } from "./trace/fgraph";

@unmanaged
export class Kretprobe {
  // The Kprobe on the entry; its symbol_name or addr is the user's.
  kp0: u64;
  kp1: u64;
  kp2: u64;
  kp3: u64;
  kp4: u64;
  kp5: u64;
  /** Gets the caller's id and the value returned. */
  handler: ((rp: Kretprobe, parent: u32, value: i64) => void) | null;
  /** Calls watched at a time; 0 becomes 10. */
  maxactive: u32;
  nmissed: u32;
  /** Of the user. */
  data: usize;

  get kp(): Kprobe {
    return changetype<Kprobe>(changetype<usize>(this));
  }
}

if (offsetof<Kprobe>() > offsetof<Kretprobe>("handler"))
  ERROR("kretprobes_ftrace.ts: Kretprobe.kp is too small");

/** pre_handler of a return probe. */
export function kretprobe_entry(p: Kprobe): i32 {
  const rp = changetype<Kretprobe>(p.rp);
  if (fgraph_active(p.rp) >= rp.maxactive) {
    rp.nmissed++;
    return 0;
  }
  const f = fgraph_push(p.addr, p.rp);
  if (f == null) rp.nmissed++;
  else f.parent = call_parent();
  return 0;
}

/** A watched call has returned. */
export function kretprobe_return(f: FgraphFrame, value: i64): void {
  const rp = changetype<Kretprobe>(f.user);
  const handler = rp.handler;
  if (handler != null) handler(rp, f.parent, value);
}
