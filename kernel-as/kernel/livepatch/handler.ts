// handler.ts - which body a call of a patched function gets.
//
// Runs on every call of a function in transition, for the calling task:
//   the newest entry is not in transition     -> it
//   ... is, and the task is PATCHED           -> it
//   ... is, and the task is UNPATCHED         -> the next one, or the original
//   the entry is a nop                        -> the original
// With klp.model=immediate nobody asks for the task: see the command line.
// Mirrors klp_ftrace_handler() of Linux kernel/livepatch/patch.c. Not
// traced, and it may not sleep.

import { KlpFunc, KlpTransition } from "../../include/linux/livepatch";
import { current } from "../sched/task";
import { FtraceOps } from "../trace/ftrace_caller";

/** The naive swap: every call gets the newest body at once. */
export let klp_model_immediate: bool = false;

/** The goal of the transition in flight. */
export let klp_target_state: i32 = KlpTransition.IDLE;

export function set_klp_target_state(state: i32): void {
  klp_target_state = state;
}

export function set_klp_model_immediate(on: bool): void {
  klp_model_immediate = on;
}

/** Node of a func_stack: a KlpFunc, or null at the end of the list. */
function stack_entry(node: usize, head: usize): KlpFunc | null {
  if (node == head) return null;
  return changetype<KlpFunc>(node - offsetof<KlpFunc>("stack_next"));
}

function sees_newest(func: KlpFunc): bool {
  if (!func.transition) return true;
  if (klp_model_immediate) return klp_target_state == KlpTransition.PATCHED;
  return current.patch_state != KlpTransition.UNPATCHED;
}

/** ops.data is the head of the function's func_stack. */
export function klp_ftrace_handler(_site: u32, ops: FtraceOps): u32 {
  const head = ops.data;
  let func = stack_entry(load<usize>(head), head);
  if (func != null && !sees_newest(func)) {
    func = stack_entry(func.stack_next, head);
  }
  if (func == null || func.nop) return 0;
  return func.new_func;
}
