// transition.ts - moves every task from the old functions to the new ones.
//
// One transition at a time. A task is switched when no function of the patch
// is on its stack (tried at once, then every second), when it leaves the
// kernel, when it goes to sleep freezably, or by force. When all tasks are
// there the transition is complete. Nothing here gives up.
// Mirrors Linux kernel/livepatch/transition.c, on one CPU.

import { Errno, Limits, TaskFlag, TaskState } from "../../abi";
import {
  KlpPatch,
  KlpTransition,
  klp_func_of,
  klp_obj_of,
  klp_patch_name,
  klp_patch_of,
} from "../../include/linux/livepatch";
import { list_next } from "../../lib/list";
import { lit } from "../../lib/string";
import { BUG } from "../panic";
import { pr_notice, pr_warn } from "../printk/printk";
import { try_to_wake_up } from "../sched/core";
import {
  Task,
  Tif,
  clear_tsk_thread_flag,
  current,
  init_task,
  next_task,
  set_tsk_thread_flag,
  test_tsk_thread_flag,
} from "../sched/task";
import { set_notify_signal } from "../signal";
import { round_jiffies_relative } from "../time/timekeeping";
import { ftrace_settle } from "../trace/settle";
import { DelayedWork, schedule_delayed_work } from "../workqueue";
import {
  klp_post_patch_callback,
  klp_post_unpatch_callback,
} from "./callbacks";
import { KlpDebug, klp_debug } from "./debug";
import {
  klp_model_immediate,
  klp_target_state,
  set_klp_target_state,
} from "./handler";
import { klp_patches, klp_transition_work } from "./list";
import { klp_unpatch_objects, klp_update_patch_direct } from "./patch";
import {
  klp_discard_nops,
  klp_free_replaced_patches_async,
  klp_unpatch_replaced_patches,
} from "./replace";
import { klp_free_patch_async } from "./free";
import { klp_check_stack, klp_found_on_stack } from "./stack";

/** Failed attempts between two rounds of signals. */
const SIGNALS_TIMEOUT: u32 = 15;

/** The patch in flight, or null. */
export let klp_transition_patch: KlpPatch | null = null;

let klp_signals_cnt: u32 = 0;

function direction(): usize {
  const patching = klp_target_state == KlpTransition.PATCHED;
  return lit(patching ? "patching" : "unpatching");
}

export function klp_patch_pending(t: Task): bool {
  return test_tsk_thread_flag(t, Tif.PATCH_PENDING);
}

function name(): u64 {
  return klp_patch_name(<KlpPatch>klp_transition_patch);
}

/** Marks every function of patch as one that tasks may differ about. */
function mark_funcs(patch: KlpPatch, transition: bool): void {
  let o = list_next(patch.obj_list);
  for (; o != patch.obj_list; o = list_next(o)) {
    const obj = klp_obj_of(o);
    let f = list_next(obj.func_list);
    for (; f != obj.func_list; f = list_next(f)) {
      klp_func_of(f).transition = transition;
    }
  }
  klp_update_patch_direct(patch);
}

/** Gives every task the state it has before it switches. */
export function klp_init_transition(patch: KlpPatch, state: i32): void {
  if (klp_target_state != KlpTransition.IDLE) BUG();
  klp_transition_patch = patch;
  set_klp_target_state(state);
  klp_debug(KlpDebug.INIT, name(), direction());
  let t: Task | null = init_task;
  for (; t != null; t = next_task(t)) t.patch_state = state == 0 ? 1 : 0;
  mark_funcs(patch, true);
}

/** From here on tasks switch by themselves. */
export function klp_start_transition(): void {
  pr_notice("livepatch: '%s': starting %S transition\n", name(), direction());
  let t: Task | null = init_task;
  for (; t != null; t = next_task(t)) {
    if (t.patch_state == klp_target_state) continue;
    set_tsk_thread_flag(t, Tif.PATCH_PENDING);
  }
  klp_signals_cnt = 0;
}

/** Switches t, whose time has come. */
export function klp_update_patch_state(t: Task): void {
  if (!klp_patch_pending(t)) return;
  clear_tsk_thread_flag(t, Tif.PATCH_PENDING);
  t.patch_state = klp_target_state;
}

function report(t: Task, err: i32): void {
  if (err == -Errno.EINVAL) klp_debug(KlpDebug.UNRELIABLE, t.comm, t.pid);
  else if (err == -Errno.EADDRINUSE) {
    klp_debug(KlpDebug.SLEEPING, t.comm, t.pid, klp_found_on_stack);
  } else klp_debug(KlpDebug.UNKNOWN, err, t.comm, t.pid);
}

/** Switches t if its stack allows it; whether it is at the goal now. */
function klp_try_switch_task(t: Task): bool {
  if (t.patch_state == klp_target_state) return true;
  if (!klp_model_immediate) {
    const err = klp_check_stack(t, <KlpPatch>klp_transition_patch);
    if (err != 0) {
      report(t, err);
      return false;
    }
  }
  clear_tsk_thread_flag(t, Tif.PATCH_PENDING);
  t.patch_state = klp_target_state;
  return true;
}

/** current is about to sleep and may be frozen meanwhile: a safe moment. */
export function klp_sched_try_switch(): void {
  if (klp_patch_pending(current)) klp_try_switch_task(current);
}

/** Fake signals: sleepers restart their system call, kthreads look around. */
function klp_send_signals(): void {
  if (klp_signals_cnt == SIGNALS_TIMEOUT) {
    pr_notice("livepatch: signaling remaining tasks\n");
  }
  let t: Task | null = init_task;
  for (; t != null; t = next_task(t)) {
    if (!klp_patch_pending(t)) continue;
    if (t.is_kthread) try_to_wake_up(t, TaskState.INTERRUPTIBLE);
    else if ((t.flags & TaskFlag.IDLE) == 0) set_notify_signal(t);
  }
}

function retry_later(): void {
  if (klp_signals_cnt != 0 && klp_signals_cnt % SIGNALS_TIMEOUT == 0) {
    klp_send_signals();
  }
  klp_signals_cnt++;
  const work = changetype<DelayedWork>(klp_transition_work);
  schedule_delayed_work(work, round_jiffies_relative(Limits.HZ));
}

/** One attempt on all tasks; ends the transition when it succeeds. */
export function klp_try_complete_transition(): void {
  let complete = true;
  let t: Task | null = init_task;
  for (; t != null; t = next_task(t)) {
    if (!klp_try_switch_task(t)) complete = false;
  }
  if (!complete) return retry_later();
  const patch = <KlpPatch>klp_transition_patch;
  klp_complete_transition();
  if (!patch.enabled) klp_free_patch_async(patch);
  else if (patch.replace) klp_free_replaced_patches_async(patch);
}

function post_callbacks(patch: KlpPatch): void {
  let o = list_next(patch.obj_list);
  for (; o != patch.obj_list; o = list_next(o)) {
    const obj = klp_obj_of(o);
    if (!obj.is_loaded) continue;
    if (klp_target_state == KlpTransition.PATCHED) {
      klp_post_patch_callback(obj);
    } else klp_post_unpatch_callback(obj);
  }
}

/** All tasks are at the goal: the losing functions leave. */
function klp_complete_transition(): void {
  const patch = <KlpPatch>klp_transition_patch;
  klp_debug(KlpDebug.COMPLETE, name(), direction());
  if (patch.replace && klp_target_state == KlpTransition.PATCHED) {
    klp_unpatch_replaced_patches(patch);
    klp_discard_nops(patch);
  }
  if (klp_target_state == KlpTransition.UNPATCHED) klp_unpatch_objects(patch);
  mark_funcs(patch, false);
  let t: Task | null = init_task;
  for (; t != null; t = next_task(t)) t.patch_state = KlpTransition.IDLE;
  ftrace_settle();
  post_callbacks(patch);
  pr_notice("livepatch: '%s': %S complete\n", name(), direction());
  set_klp_target_state(KlpTransition.IDLE);
  klp_transition_patch = null;
}

/** Enabling failed before any task could switch. */
export function klp_cancel_transition(): void {
  klp_debug(KlpDebug.CANCEL, name());
  set_klp_target_state(KlpTransition.UNPATCHED);
  klp_complete_transition();
}

/** The opposite was asked for; the retry work completes it. */
export function klp_reverse_transition(): void {
  const patching = klp_target_state == KlpTransition.PATCHED;
  klp_debug(
    KlpDebug.REVERSE,
    name(),
    lit(patching ? "patching to unpatching" : "unpatching to patching"),
  );
  let t: Task | null = init_task;
  for (; t != null; t = next_task(t)) {
    clear_tsk_thread_flag(t, Tif.PATCH_PENDING);
  }
  const patch = <KlpPatch>klp_transition_patch;
  patch.enabled = !patch.enabled;
  set_klp_target_state(patching ? 0 : 1);
  klp_start_transition();
}

/** Which modules may have frames of theirs left behind for ever. */
function pin_forced(patch: KlpPatch): void {
  if (klp_target_state == KlpTransition.UNPATCHED) patch.forced = true;
  else if (patch.replace) {
    let at = list_next(klp_patches);
    for (; at != klp_patches; at = list_next(at)) {
      const p = klp_patch_of(at);
      if (p != patch) p.forced = true;
    }
  }
}

/** Switches everybody, safe or not. The retry work then completes it. */
export function klp_force_transition(): void {
  pr_warn("livepatch: forcing remaining tasks to the patched state\n");
  let t: Task | null = init_task;
  for (; t != null; t = next_task(t)) klp_update_patch_state(t);
  pin_forced(<KlpPatch>klp_transition_patch);
}

/** A child is where its parent is. */
export function klp_copy_process(child: Task): void {
  if (klp_patch_pending(current)) {
    set_tsk_thread_flag(child, Tif.PATCH_PENDING);
  }
  child.patch_state = current.patch_state;
}
