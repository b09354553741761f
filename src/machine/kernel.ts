/**
 * The kernel's exports, as the host calls them. Each is documented where it is
 * written; kernel-as/entries.txt lists them for the linker.
 */
export interface KernelExports {
  /** init/main.ts */
  start_kernel(epochNs: number): void;
  /** kernel/sched/idle.ts */
  do_idle(): number;
  set_time(ns: number): void;
  get_time(): number;
  /** kernel/entry.ts: both may unwind. */
  entry_SYSCALL_64_after_hwframe(): void;
  ret_from_fork_asm(): void;
  /** kernel/sched/core.ts: the stack of current has been unwound. */
  finish_task_switch(): void;
  /** kernel/ubuf.ts */
  task_ubuf(size: number): number;
  /** kernel/hostbuf.ts */
  host_buffer(): number;
  /** kernel/hostjob.ts */
  job_done(pid: number, result: number): void;
  /** lib/dump_stack.ts */
  stack_frame(entry: number): void;
  /** kernel/trace/call_stack.ts: a trap has cut the stack off. */
  forget_calls(): void;
  /** kernel/panic.ts */
  oops_begin(reason: number): void;
  oops_end(reason: number): number;
  /** drivers/tty/: terminal input and size. */
  tty_receive(buf: number, len: number): void;
  tty_resize(rows: number, cols: number): void;
  /** kernel/module/: see modules.ts. */
  module_resolve(kind: number, len: number): number;
}
