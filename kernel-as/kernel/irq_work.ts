// irq_work.ts - what a context that may not wake anybody leaves for later.
//
// A tracer may run in the middle of the scheduler; it queues its wake-up
// here, and the next timer tick or end of a system call does it.
// Not traced. Mirrors Linux kernel/irq_work.c, with one work of each kind.

export const enum IrqWork {
  /** Records came while a reader of trace_pipe slept. */
  TRACE_WAKE = 0,
  /** A function of set_ftrace_filter's FUNC:dump was called. */
  FTRACE_DUMP = 1,
}

let pending: u32 = 0;
let wake: (() => void) | null = null;
let dump: (() => void) | null = null;

export function irq_work_init(kind: u32, fn: () => void): void {
  if (kind == IrqWork.TRACE_WAKE) wake = fn;
  else dump = fn;
}

export function irq_work_queue(kind: u32): void {
  pending |= 1 << kind;
}

function run(fn: (() => void) | null): void {
  if (fn != null) fn();
}

export function irq_work_run(): void {
  if (pending == 0) return;
  const kinds = pending;
  pending = 0;
  if ((kinds & (1 << IrqWork.TRACE_WAKE)) != 0) run(wake);
  if ((kinds & (1 << IrqWork.FTRACE_DUMP)) != 0) run(dump);
}
