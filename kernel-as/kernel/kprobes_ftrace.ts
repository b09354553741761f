// kprobes_ftrace.ts - calls the handlers of the probes on a function.
//
// A handler sees the arguments in ftrace_regs. It may not sleep; functions
// that it calls are not probed or traced. Not traced.
// Mirrors Linux arch/x86/kernel/kprobes/ftrace.c.

import { FtraceOps, ftrace_regs } from "./trace/ftrace_caller";
import { trace_recursion_trylock, trace_recursion_unlock } from "./trace/trace";

export const enum KprobeFl {
  /** Its module is gone. */
  GONE = 1,
  DISABLED = 2,
  FTRACE = 8,
}

/** A probe on the entry of a function. The user fills in the first part. */
@unmanaged
export class Kprobe {
  /** "name" or "module:name", a C string; 0: addr says where. */
  symbol_name: usize;
  /** Bytes from the function's start; only 0 can be probed. */
  offset: u32;
  /** Site of the function. */
  addr: u32;
  /** 0 to go on; anything else skips post_handler. */
  pre_handler: ((p: Kprobe) => i32) | null;
  /** Runs behind pre_handler. With it, no livepatch on the function. */
  post_handler: ((p: Kprobe) => void) | null;
  /** KprobeFl bits. */
  flags: u32;
  /** Calls that were missed: a handler was running. */
  nmissed: u32;
  /** The Kretprobe it belongs to, or 0. */
  rp: usize;
  /** In the list of all. */
  next: usize;
}

/** First probe. */
export let kprobe_list: usize = 0;
const saved_regs = memory.data(48, 8);

export function set_kprobe_list(first: usize): void {
  kprobe_list = first;
}

function probe_fires(p: Kprobe, site: u32): bool {
  const off = KprobeFl.DISABLED | KprobeFl.GONE;
  return p.addr == site && (p.flags & off) == 0;
}

function run_probe(p: Kprobe): void {
  const pre = p.pre_handler;
  const post = p.post_handler;
  const skip = pre != null && pre(p) != 0;
  // What the handler called may have been traced: its arguments are there.
  memory.copy(ftrace_regs, saved_regs, 48);
  if (skip || post == null) return;
  post(p);
  memory.copy(ftrace_regs, saved_regs, 48);
}

/** ops.data: 1 for the probes with a post_handler, 0 for the others. */
export function kprobe_ftrace_handler(site: u32, ops: FtraceOps): u32 {
  const locked = trace_recursion_trylock();
  if (locked) memory.copy(saved_regs, ftrace_regs, 48);
  let at = kprobe_list;
  for (; at != 0; at = changetype<Kprobe>(at).next) {
    const p = changetype<Kprobe>(at);
    if (!probe_fires(p, site)) continue;
    if ((p.post_handler != null) != (ops.data != 0)) continue;
    if (locked) run_probe(p);
    else p.nmissed++;
  }
  if (locked) trace_recursion_unlock();
  return 0;
}
