// switch.ts - the CPU goes from one task to another.
// Not traced: these calls begin in one task and end in another.

import { forget_calls } from "../trace/call_stack";
import { fgraph_drop_calls } from "../trace/fgraph";
import { Task, set_current_notrace } from "./task";

/** Who runs once the stack of current is unwound. */
let switch_next: Task = changetype<Task>(0);

/** Current is going to be unwound; next follows. */
export function prepare_task_switch(next: Task): void {
  switch_next = next;
  forget_calls();
}

/** The host calls this when the stack of current has been unwound. */
export function finish_task_switch(): void {
  set_current_notrace(switch_next);
}

/** Next runs at once; what current is in the middle of never returns in it. */
export function switch_current(next: Task): void {
  fgraph_drop_calls();
  set_current_notrace(next);
}
