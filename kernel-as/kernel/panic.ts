// panic.ts - when the kernel itself went wrong: BUG, WARN, oops, panic.
//
// A trap of the Wasm code comes back to the host, which calls
// oops_begin(), stack_frame() for each function on the engine's error stack,
// and oops_end(). Current is then dead and the machine goes on; in an atomic
// section, in init or in the idle task it panics instead.
// Mirrors Linux kernel/panic.c and arch/x86/kernel/dumpstack.c.

import { Sig, TaskFlag } from "../abi";
import { machine_halt, trap } from "../host";
import {
  dump_stack,
  dump_stack_print_info,
  show_trace_begins,
  show_trace_ends,
} from "../lib/dump_stack";
import { printf_args, snprintf, vsnprintf } from "../lib/vsprintf";
import { exit_notify } from "./exit";
import { host_buf } from "./hostbuf";
import { init_stack } from "./fork";
import { pr_alert, pr_emerg, pr_warn } from "./printk/printk";
import { schedule_after_oops } from "./sched/core";
import { current } from "./sched/task";
import { Taint, add_taint } from "./taint";
import { advance_clock } from "./time/timekeeping";

/** Why trap() was called; the host passes it to oops_begin(). */
export const enum Trap {
  /** A trap of the engine: its message is in the host buffer. */
  WASM = 0,
  BUG = 1,
  SOFT_LOCKUP = 2,
  PANIC = 3,
}

/** How long a soft lockup lasts before the watchdog barks. */
const LOCKUP_SECS = 22;

const text = memory.data(1024);

let oops_count: u32 = 0;

/** "Modules linked in:"; filled by the module loader. */
let print_modules_hook: (() => void) | null = null;

export function set_print_modules(f: () => void): void {
  print_modules_hook = f;
}

function print_modules(): void {
  const hook = print_modules_hook;
  if (hook != null) hook();
}

/** The kernel's assertion that failed. Never returns. */
export function BUG(): void {
  trap(Trap.BUG);
}

/** A warning with the text of a bug, that only marks the kernel. */
export function WARN(
  fmt: string,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
  d: u64 = 0,
): void {
  printf_args(a, b, c, d, 0, 0, 0, 0);
  vsnprintf(text, 1024, fmt);
  pr_warn("------------[ cut here ]------------\n");
  pr_warn("%s", text);
  add_taint(Taint.WARN);
  print_modules();
  dump_stack();
  pr_warn("---[ end trace 0000000000000000 ]---\n");
}

/** Stops the machine. Never returns. */
export function panic(fmt: string, a: u64 = 0, b: u64 = 0): void {
  snprintf(text, 1024, fmt, a, b);
  pr_emerg("Kernel panic - not syncing: %s\n", text);
  dump_stack_print_info();
  pr_emerg("---[ end Kernel panic - not syncing: %s ]---\n", text);
  machine_halt(Trap.PANIC);
  trap(Trap.PANIC);
}

function print_reason(reason: u32): void {
  if (reason == Trap.SOFT_LOCKUP) {
    advance_clock(<u64>LOCKUP_SECS * 1000000000);
    pr_emerg(
      "watchdog: BUG: soft lockup - CPU#0 stuck for %us! [%s:%d]\n",
      LOCKUP_SECS,
      current.comm,
      current.pid,
    );
    return;
  }
  if (reason == Trap.BUG) {
    pr_alert("------------[ cut here ]------------\n");
    pr_alert("kernel BUG in %s/%d!\n", current.comm, current.pid);
  } else {
    pr_alert("BUG: %s\n", host_buf);
  }
  pr_alert("Oops: 0000 [#%u] SMP\n", ++oops_count);
}

/** Starts the report; the trace follows by stack_frame(). */
export function oops_begin(reason: u32): void {
  print_reason(reason);
  print_modules();
  dump_stack_print_info();
  show_trace_begins();
}

/**
 * Ends the report and current with it. Returns false when the machine
 * cannot go on, after a panic was printed.
 */
export function oops_end(reason: u32): bool {
  show_trace_ends();
  pr_alert("---[ end trace 0000000000000000 ]---\n");
  add_taint(reason == Trap.SOFT_LOCKUP ? Taint.SOFTLOCKUP : Taint.DIE);
  const idle = (current.flags & TaskFlag.IDLE) != 0;
  if (current.preempt_count != 0 || idle || current.pid == 1) {
    pr_emerg("Kernel panic - not syncing: Fatal exception%S\n", interrupt());
    machine_halt(Trap.PANIC);
    return false;
  }
  init_stack(current);
  exit_notify(current, Sig.SIGKILL);
  schedule_after_oops();
  return true;
}

function interrupt(): usize {
  const s = current.preempt_count != 0 ? " in interrupt" : "";
  return changetype<usize>(s);
}
