// trace.ts - the switch, the clock and the task filter of all tracers.
//
// Virtual time stands still inside the kernel, so a traced call would take
// no time at all. Every record therefore costs TRACE_NS of virtual time, as
// on a real machine tracing costs real time: durations count traced calls.
// Tracers run anywhere: this file is not traced, sleeps never, and whatever
// it would trigger itself is not recorded.
// Mirrors the hot part of Linux kernel/trace/trace.c.

import { IrqWork, irq_work_queue } from "../irq_work";
import { Tif, current } from "../sched/task";
import {
  TICK_NSEC,
  advance_clock_notrace,
  ktime_get_notrace,
} from "../time/timekeeping";
import { TraceEntry, rb_reserve } from "./ring_buffer";
import { save_cmdline } from "./saved_cmdlines";

/** Virtual nanoseconds that recording one event costs. */
export const TRACE_NS: u64 = 100;

/** tracing_on. */
export let tracing_on: bool = true;
/** trace_options record-cmd. */
let record_cmd: bool = true;
/**
 * The task whose handler runs: what it calls is not traced. Handlers do not
 * sleep, so another task's was cut short by an oops and counts no more.
 */
let in_tracer: usize = 0;
/** Somebody sleeps in trace_pipe. */
let readers_wait: bool = false;

/** The tasks of set_ftrace_pid or of set_ftrace_notrace_pid. */
@unmanaged
export class TracePids {
  /** Whether there is any. */
  on: bool;
  // A bit for every pid, PID_MAX / 8 bytes, follows.

  get bits(): usize {
    return changetype<usize>(this) + 8;
  }

  has(pid: u32): bool {
    return (load<u8>(this.bits + (pid >> 3)) & (1 << (pid & 7))) != 0;
  }
}

export const trace_pids = changetype<TracePids>(memory.data(4104, 8));
export const trace_no_pids = changetype<TracePids>(memory.data(4104, 8));

/** Clocks that records can be stamped with; trace_clock.ts. */
export const enum TraceClock {
  LOCAL = 0,
  GLOBAL = 1,
  COUNTER = 2,
  UPTIME = 3,
  MONO = 4,
  MONO_RAW = 5,
  BOOT = 6,
  NR = 7,
}

export let trace_clock: u32 = TraceClock.LOCAL;
let counter: u64 = 0;

export function tracer_tracing_on(on: bool): void {
  tracing_on = on;
}

export function trace_set_record_cmd(on: bool): void {
  record_cmd = on;
}

export function set_trace_clock(clock: u32): void {
  trace_clock = clock;
}

export function trace_set_readers(wait: bool): void {
  readers_wait = wait;
}

/** Starts a handler; false inside another one. */
export function trace_recursion_trylock(): bool {
  if (in_tracer == changetype<usize>(current)) return false;
  in_tracer = changetype<usize>(current);
  return true;
}

export function trace_recursion_unlock(): void {
  in_tracer = 0;
}

/** Whether the files of pids let the running task be traced. */
export function trace_task_wanted(): bool {
  const pid = <u32>current.pid;
  if (trace_no_pids.on && trace_no_pids.has(pid)) return false;
  return !trace_pids.on || trace_pids.has(pid);
}

export function trace_clock_local(): u64 {
  return ktime_get_notrace();
}

/** What a record is stamped with. */
function trace_stamp(): u64 {
  if (trace_clock == TraceClock.COUNTER) return ++counter;
  const now = ktime_get_notrace();
  return trace_clock == TraceClock.UPTIME ? now / TICK_NSEC : now;
}

/** A record with its head filled in, or null: off, or no room. */
export function trace_reserve(type: u32, len: u32): TraceEntry | null {
  if (!tracing_on) return null;
  const e = rb_reserve(<u8>type, len);
  if (e == null) return null;
  e.ts = trace_stamp();
  e.pid = current.pid;
  e.preempt_count = <u8>current.preempt_count;
  e.flags = (current.ti_flags & Tif.NEED_RESCHED) != 0 ? 1 : 0;
  if (record_cmd) save_cmdline(current.pid, current.comm0, current.comm1);
  advance_clock_notrace(TRACE_NS);
  if (readers_wait) irq_work_queue(IrqWork.TRACE_WAKE);
  return e;
}
