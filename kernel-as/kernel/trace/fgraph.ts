// fgraph.ts - calls whose return somebody waits for.
//
// Trampolines report returns (ftrace_return) while there are users. A user
// notes a call when it begins by pushing a frame on the task's shadow stack;
// the frame is popped when the call's site returns. A task has such a stack
// only while it holds frames, out of a pool that is set up beforehand,
// because a handler may run in the middle of the allocator.
//
// A call that slept comes back past the trampolines of its versions, straight
// into the version that slept: so a return also ends the frames above its own.
// Not traced. Mirrors Linux kernel/trace/fgraph.c.

import { Errno } from "../../abi";
import { kzalloc } from "../../mm/slab";
import { Task, current, init_task } from "../sched/task";
import { ftrace_call_nr, set_ftrace_graph } from "./ftrace_caller";
import { trace_recursion_trylock, trace_recursion_unlock } from "./trace";

/** A call that has not returned yet. */
@unmanaged
export class FgraphFrame {
  site: u32;
  /** Which call: several users may note the same one. */
  call_nr: u32;
  /** Who waits: FGRAPH_TRACER or the address of a Kretprobe. */
  user: usize;
  /** Of the user. */
  depth: u32;
  calltime: u64;
  flags: u32;
  parent: u32;
}

/** The user that is the function_graph tracer. */
export const FGRAPH_TRACER: usize = 1;

@unmanaged
class RetStack {
  /** The Task; 0: free. */
  owner: usize;
  n: u32;
}

const DEPTH: u32 = 60;
const NR_STACKS: u32 = 200;
const STACK_SIZE: u32 = 8 + 60 * offsetof<FgraphFrame>();

let pool: usize = 0;
let users: u32 = 0;
/** Calls that were not noted: too deep, or no stack left. */
export let fgraph_overruns: u32 = 0;
let on_graph_return: ((f: FgraphFrame, value: i64) => void) | null = null;
let on_rethook: ((f: FgraphFrame, value: i64) => void) | null = null;

function ret_stack(i: u32): RetStack {
  return changetype<RetStack>(pool + i * STACK_SIZE);
}

function frame(stack: RetStack, i: u32): FgraphFrame {
  const frames = changetype<usize>(stack) + 8;
  return changetype<FgraphFrame>(frames + i * offsetof<FgraphFrame>());
}

/** The stack of the running task, or null when it has none. */
function current_stack(): RetStack | null {
  if (current.ret_stack == 0) return null;
  const stack = changetype<RetStack>(current.ret_stack);
  return stack.owner == changetype<usize>(current) ? stack : null;
}

/** Frees the stacks of tasks that died in the middle of a call. */
function reclaim(): void {
  for (let i: u32 = 0; i < NR_STACKS; i++) {
    const stack = ret_stack(i);
    let at = changetype<usize>(init_task);
    while (at != 0 && at != stack.owner) at = changetype<Task>(at).next;
    if (at != 0 && changetype<Task>(at).ret_stack == changetype<usize>(stack)) {
      continue;
    }
    stack.owner = 0;
    stack.n = 0;
  }
}

/** Where the search for a free stack begins. */
let next_stack: u32 = 0;

function free_stack(): RetStack | null {
  for (let i: u32 = 0; i < NR_STACKS; i++) {
    const stack = ret_stack((next_stack + i) % NR_STACKS);
    if (stack.owner != 0) continue;
    next_stack = (next_stack + i) % NR_STACKS;
    return stack;
  }
  return null;
}

function claim_stack(): RetStack | null {
  let stack = free_stack();
  if (stack == null) {
    reclaim();
    stack = free_stack();
    if (stack == null) return null;
  }
  stack.owner = changetype<usize>(current);
  stack.n = 0;
  current.ret_stack = changetype<usize>(stack);
  return stack;
}

function release_if_empty(stack: RetStack): void {
  if (stack.n == 0) stack.owner = 0;
}

/** Notes the call that ftrace looks at; null when there is no room. */
export function fgraph_push(site: u32, user: usize): FgraphFrame | null {
  let stack = current_stack();
  if (stack == null) stack = claim_stack();
  if (stack == null || stack.n == DEPTH) {
    fgraph_overruns++;
    return null;
  }
  const f = frame(stack, stack.n++);
  f.site = site;
  f.call_nr = ftrace_call_nr;
  f.user = user;
  f.flags = 0;
  return f;
}

/** The innermost call that user waits for, below the newest; or null. */
export function fgraph_outer(user: usize): FgraphFrame | null {
  const stack = current_stack();
  if (stack == null) return null;
  for (let i = <i32>stack.n - 2; i >= 0; i--) {
    if (frame(stack, i).user == user) return frame(stack, i);
  }
  return null;
}

/** Calls that user waits for, of all tasks. */
export function fgraph_active(user: usize): u32 {
  let n: u32 = 0;
  for (let s: u32 = 0; s < NR_STACKS && pool != 0; s++) {
    for (let i: u32 = 0; i < ret_stack(s).n; i++) {
      if (frame(ret_stack(s), i).user == user) n++;
    }
  }
  return n;
}

function deliver(f: FgraphFrame, value: i64): void {
  const fn = f.user == FGRAPH_TRACER ? on_graph_return : on_rethook;
  if (fn != null) fn(f, value);
}

/** Index of the newest frame of that site, or -1. */
function find_site(stack: RetStack, site: u32): i32 {
  let i = <i32>stack.n - 1;
  while (i >= 0 && frame(stack, i).site != site) i--;
  return i;
}

function fgraph_return(site: u32, value: i64): void {
  const stack = current_stack();
  if (stack == null || !trace_recursion_trylock()) return;
  const at = find_site(stack, site);
  const call = at < 0 ? 0 : frame(stack, at).call_nr;
  while (at >= 0 && stack.n > 0) {
    const f = frame(stack, stack.n - 1);
    if (<i32>stack.n - 1 < at && f.call_nr != call) break;
    deliver(f, value);
    stack.n--;
  }
  release_if_empty(stack);
  trace_recursion_unlock();
}

/** Current's calls are not going to return. */
export function fgraph_drop_calls(): void {
  const stack = current_stack();
  if (stack == null) return;
  stack.n = 0;
  stack.owner = 0;
}

/** No call that is in progress now will be seen to return. */
export function fgraph_drop_all(): void {
  for (let i: u32 = 0; i < NR_STACKS && pool != 0; i++) {
    ret_stack(i).n = 0;
    ret_stack(i).owner = 0;
  }
}

/** Drops the frames of a user that waits no more. */
function forget_frames(stack: RetStack, user: usize): void {
  let kept: u32 = 0;
  for (let i: u32 = 0; i < stack.n; i++) {
    const f = changetype<usize>(frame(stack, i));
    if (changetype<FgraphFrame>(f).user == user) continue;
    const to = changetype<usize>(frame(stack, kept++));
    memory.copy(to, f, offsetof<FgraphFrame>());
  }
  stack.n = kept;
  release_if_empty(stack);
}

export function fgraph_forget(user: usize): void {
  for (let i: u32 = 0; i < NR_STACKS && pool != 0; i++) {
    forget_frames(ret_stack(i), user);
  }
}

export function fgraph_set_tracer(
  fn: (f: FgraphFrame, value: i64) => void,
): void {
  on_graph_return = fn;
}

export function fgraph_set_rethook(
  fn: (f: FgraphFrame, value: i64) => void,
): void {
  on_rethook = fn;
}

/** One more waits for returns; 0 or -ENOMEM. Context: no handler. */
export function register_fgraph(): i32 {
  if (pool == 0) pool = kzalloc(NR_STACKS * STACK_SIZE);
  if (pool == 0) return -Errno.ENOMEM;
  if (users++ == 0) set_ftrace_graph(fgraph_return);
  return 0;
}

export function unregister_fgraph(user: usize): void {
  fgraph_forget(user);
  if (--users == 0) set_ftrace_graph(null);
}
