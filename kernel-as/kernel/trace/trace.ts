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
import { advance_clock_notrace, ktime_get_notrace } from "../time/timekeeping";
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

/** Bit for every pid of set_ftrace_pid, and whether there is any. */
export const trace_pids = memory.data(4096, 8);
export let trace_pids_on: bool = false;

export function tracer_tracing_on(on: bool): void {
  tracing_on = on;
}

export function trace_set_record_cmd(on: bool): void {
  record_cmd = on;
}

export function trace_set_pids_on(on: bool): void {
  trace_pids_on = on;
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

/** Whether set_ftrace_pid lets the running task be traced. */
export function trace_task_wanted(): bool {
  if (!trace_pids_on) return true;
  const pid = <u32>current.pid;
  return (load<u8>(trace_pids + (pid >> 3)) & (1 << (pid & 7))) != 0;
}

export function trace_clock_local(): u64 {
  return ktime_get_notrace();
}

/** A record with its head filled in, or null: off, or no room. */
export function trace_reserve(type: u32, len: u32): TraceEntry | null {
  if (!tracing_on) return null;
  const e = rb_reserve(<u8>type, len);
  if (e == null) return null;
  e.ts = ktime_get_notrace();
  e.pid = current.pid;
  e.preempt_count = <u8>current.preempt_count;
  e.flags = (current.ti_flags & Tif.NEED_RESCHED) != 0 ? 1 : 0;
  if (record_cmd) save_cmdline(current.pid, current.comm0, current.comm1);
  advance_clock_notrace(TRACE_NS);
  if (readers_wait) irq_work_queue(IrqWork.TRACE_WAKE);
  return e;
}
