// stack.ts - whether a task's stack is free of the functions that change.
//
// For every function of the patch in flight one body is looked for:
//   patching     the one below the new entry on its func_stack, or the old
//   unpatching   the new one
// Mirrors klp_check_stack() of Linux kernel/livepatch/transition.c.

import { Errno, Limits } from "../../abi";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  KlpTransition,
  klp_func_of,
  klp_obj_of,
  klp_stack_func_of,
} from "../../include/linux/livepatch";
import { list_next } from "../../lib/list";
import { Task } from "../sched/task";
import { stack_trace_save_tsk_reliable } from "../stacktrace";
import { ftrace_site_id } from "../trace/dyn_ftrace";
import { klp_target_state } from "./handler";
import { KlpOps, klp_find_ops, klp_only_replacement } from "./patch";

const entries = memory.data(400, 4);
let nr_entries: i32 = 0;

/** The function that klp_check_stack() found, when it returned -EADDRINUSE. */
export let klp_found_on_stack: usize = 0;

/** Id of the body that must not be on a stack when its task switches. */
function affected_body(func: KlpFunc): u32 {
  if (klp_target_state == KlpTransition.UNPATCHED) {
    return ftrace_site_id(func.new_func);
  }
  const ops = <KlpOps>klp_find_ops(func.old_func);
  if (klp_only_replacement(ops)) return func.old_func;
  return ftrace_site_id(klp_stack_func_of(func.stack_next).new_func);
}

function on_stack(id: u32): bool {
  for (let i = 0; i < nr_entries; i++) {
    if (load<u32>(entries + 4 * i) == id) return true;
  }
  return false;
}

function check_object(obj: KlpObject): bool {
  let f = list_next(obj.func_list);
  for (; f != obj.func_list; f = list_next(f)) {
    const func = klp_func_of(f);
    if (!on_stack(affected_body(func))) continue;
    klp_found_on_stack = func.old_name;
    return false;
  }
  return true;
}

/**
 * 0 when t may switch, -EADDRINUSE when it is in an affected function,
 * -EINVAL when its stack cannot be trusted.
 */
export function klp_check_stack(t: Task, patch: KlpPatch): i32 {
  nr_entries = stack_trace_save_tsk_reliable(
    t,
    entries,
    Limits.MAX_STACK_ENTRIES,
  );
  if (nr_entries < 0) return -Errno.EINVAL;
  let o = list_next(patch.obj_list);
  for (; o != patch.obj_list; o = list_next(o)) {
    const obj = klp_obj_of(o);
    if (obj.patched && !check_object(obj)) return -Errno.EADDRINUSE;
  }
  return 0;
}
