// trace_probe.ts - fetches the arguments of probe events and records them.
//
// Runs inside of the probed call. Memory that does not exist reads as a
// fault, never as a trap. Not traced.
// Mirrors Linux kernel/trace/trace_probe_tmpl.h.

import { current } from "../sched/task";
import { Kprobe } from "../kprobes_ftrace";
import { Kretprobe } from "../kretprobes_ftrace";
import { ftrace_site_id } from "./dyn_ftrace";
import { ftrace_regs } from "./ftrace_caller";
import { TraceEntry } from "./ring_buffer";
import { trace_reserve, trace_task_wanted } from "./trace";
import { TraceType } from "./trace_entries";

export const MAX_ARGS: u32 = 16;
export const MAX_DEREFS: u32 = 4;
/** Bytes kept of a string, its NUL included. */
export const MAX_STRING: u32 = 64;

export const enum Fetch {
  /** Argument number param of the call, 0 to 5. */
  ARG = 0,
  RETVAL = 1,
  COMM = 2,
  /** The number itself: an immediate or an address. */
  IMM = 3,
}

export const enum ProbeType {
  U = 0,
  S = 1,
  X = 2,
  CHAR = 3,
  STRING = 4,
  SYMBOL = 5,
}

@unmanaged
export class ProbeArg {
  /** An immediate or an address. */
  imm: u64;
  name: usize;
  /** As the user wrote it, without the name. */
  text: usize;
  fetch: u32;
  param: u32;
  type: u32;
  /** Bytes of a number. */
  size: u32;
  /** Offsets of +OFF(…), the inner one first. */
  nr_derefs: u32;
  deref0: i32;
  deref1: i32;
  deref2: i32;
  deref3: i32;
  /** Of its value in the record. */
  offset: u32;
}

/** A probe event of tracefs. Its Kretprobe's data points here. */
@unmanaged
export class TraceKprobe {
  next: usize;
  nhit: u64;
  group: usize;
  event: usize;
  /** What is probed, as the user wrote it. */
  symbol: usize;
  rp: Kretprobe;
  is_ret: bool;
  /** Armed; records are written unless it is soft_disabled. */
  enabled: bool;
  /** Waits for a command of set_ftrace_filter to let it record. */
  soft_disabled: bool;
  /** Its module is not loaded. */
  waits: bool;
  nr_args: u32;
  /** Bytes of the values in a record. */
  data_size: u32;
  /** Its directory in events/. */
  dir: usize;
  /** The TraceAttr of its file enable. */
  attr: usize;
  /** Commands of set_ftrace_filter that switch the event; of its first. */
  soft_refs: u32;
  /** The next probe of the same event, or 0. */
  sibling: usize;
  /** Number of the event. */
  id: u32;
  // MAX_ARGS ProbeArgs follow.
}

@unmanaged
export class KprobeEntry extends TraceEntry {
  tk: TraceKprobe;
  ip: u32;
  /** Return probes: the function that was called from; else 0. */
  ret: u32;
  pad1: u32;
  // The values follow.
}

const FAULT = memory.data<u8>([40, 102, 97, 117, 108, 116, 41, 0]);
/** The address, or whether it was a fault, of the last deref(). */
let faulted: bool = false;

export function probe_arg(tk: TraceKprobe, i: u32): ProbeArg {
  const args = changetype<usize>(tk) + offsetof<TraceKprobe>();
  return changetype<ProbeArg>(args + i * offsetof<ProbeArg>());
}

function in_memory(addr: u64, size: u32): bool {
  return addr >= 65536 && addr + size <= (<u64>memory.size()) << 16;
}

function load_sized(addr: usize, size: u32): u64 {
  if (size == 1) return load<u8>(addr);
  if (size == 2) return load<u16>(addr);
  if (size == 4) return load<u32>(addr);
  return load<u64>(addr);
}

function deref_offset(arg: ProbeArg, i: u32): i64 {
  const first = changetype<usize>(arg) + offsetof<ProbeArg>("deref0");
  return load<i32>(first + 4 * i);
}

function fetch_base(arg: ProbeArg, value: i64): u64 {
  if (arg.fetch == Fetch.ARG) return load<u64>(ftrace_regs + 8 * arg.param);
  if (arg.fetch == Fetch.RETVAL) return value;
  if (arg.fetch == Fetch.COMM) return current.comm;
  return arg.imm;
}

/** Follows all offsets but the last; pointers are 4 bytes. */
function follow(arg: ProbeArg, base: u64): u64 {
  let v = base;
  for (let i: u32 = 0; i + 1 < arg.nr_derefs; i++) {
    const at = (v & 0xffffffff) + deref_offset(arg, i);
    if (!in_memory(at, 4)) {
      faulted = true;
      return 0;
    }
    v = load<u32>(<usize>at);
  }
  if (arg.nr_derefs == 0) return v;
  return (v & 0xffffffff) + deref_offset(arg, arg.nr_derefs - 1);
}

function fetch_number(arg: ProbeArg, at: u64): u64 {
  if (arg.nr_derefs == 0 || faulted) return faulted ? 0 : at;
  if (in_memory(at, arg.size)) return load_sized(<usize>at, arg.size);
  return 0;
}

function store_string(dst: usize, at: u64): void {
  let i: u32 = 0;
  if (faulted || !in_memory(at, 1)) at = FAULT;
  for (; i + 1 < MAX_STRING && in_memory(at + i, 1); i++) {
    const c = load<u8>(<usize>at + i);
    store<u8>(dst + i, c);
    if (c == 0) return;
  }
  store<u8>(dst + i, 0);
}

function store_arg(data: usize, arg: ProbeArg, value: i64): void {
  faulted = false;
  const at = follow(arg, fetch_base(arg, value));
  if (arg.type == ProbeType.STRING) store_string(data + arg.offset, at);
  else store<u64>(data + arg.offset, fetch_number(arg, at));
}

function record_event(tk: TraceKprobe, ret: u32, value: i64): void {
  tk.nhit++;
  if (tk.soft_disabled || !trace_task_wanted()) return;
  const len = offsetof<KprobeEntry>() + tk.data_size;
  const e = trace_reserve(TraceType.KPROBE, <u32>len);
  if (e == null) return;
  const entry = changetype<KprobeEntry>(e);
  entry.tk = tk;
  entry.ip = ftrace_site_id(tk.rp.kp.addr);
  entry.ret = ret;
  const data = changetype<usize>(e) + offsetof<KprobeEntry>();
  for (let i: u32 = 0; i < tk.nr_args; i++) {
    store_arg(data, probe_arg(tk, i), value);
  }
}

/** pre_handler of an entry event: its Kprobe is that of a Kretprobe. */
export function kprobe_dispatcher(p: Kprobe): i32 {
  const rp = changetype<Kretprobe>(changetype<usize>(p));
  record_event(changetype<TraceKprobe>(rp.data), 0, 0);
  return 0;
}

/** handler of a return event. */
export function kretprobe_dispatcher(
  rp: Kretprobe,
  parent: u32,
  value: i64,
): void {
  record_event(changetype<TraceKprobe>(rp.data), parent, value);
}

if (offsetof<KprobeEntry>() % 8 != 0) ERROR("trace_probe.ts: KprobeEntry");
if (offsetof<ProbeArg>() % 8 != 0) ERROR("trace_probe.ts: ProbeArg");
if (offsetof<TraceKprobe>() % 8 != 0) ERROR("trace_probe.ts: TraceKprobe");
