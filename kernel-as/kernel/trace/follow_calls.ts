// follow_calls.ts - turns the noting of calls (call_stack.ts) on and off.
//
// The calls that are in progress when it begins are learned by unwinding the
// running task's stack and winding it up again, through the trampolines.

import { unwind_current } from "../sched/core";
import { set_calls_followed } from "./call_stack";
import { ftrace_update_all_sites } from "./ftrace";
import { update_graph_active } from "./ftrace_caller";
import { ftrace_settle } from "./settle";

let users: u32 = 0;

function switch_over(on: bool): void {
  set_calls_followed(on);
  update_graph_active();
  ftrace_update_all_sites();
}

/** One more asks who calls. Context: task; sleeps for a moment. */
export function follow_calls(): void {
  if (users++ > 0) return;
  switch_over(true);
  unwind_current();
}

/** Context: task; may sleep. */
export function unfollow_calls(): void {
  if (--users != 0) return;
  switch_over(false);
  ftrace_settle();
}
