// irq_work.ts - what a context that may not wake anybody leaves for later.
//
// A tracer may run in the middle of the scheduler; it queues its wake-up
// here, and the next timer tick or end of a system call does it.
// Not traced. Mirrors Linux kernel/irq_work.c, with one work of each kind.

let pending: bool = false;
let work: (() => void) | null = null;

export function irq_work_init(fn: () => void): void {
  work = fn;
}

export function irq_work_queue(): void {
  pending = true;
}

export function irq_work_run(): void {
  if (!pending) return;
  pending = false;
  const fn = work;
  if (fn != null) fn();
}
