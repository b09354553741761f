// call_stack.ts - the traced calls in progress, while somebody asks for them.
//
// Wasm hides return addresses, so who called a function is only known by
// having seen the caller's own call. While calls are followed, whoever may
// call a function that is asked about holds its trampoline (follow_calls.ts),
// which notes a call here when it begins and when it ends: so the newest call
// that was noted is the caller's, whatever else was noted or not.
// One stack is enough: a task that sleeps leaves it empty, and notes its calls
// again while it rewinds. A notrace function in between is passed over.
// Not traced, and it may not sleep. Linux reads the stack itself.

/** A call that has not returned yet. */
@unmanaged
class TracedCall {
  site: u32;
  /** Id of the function that runs: another one's when redirected, 0 when
   * that one has a call of its own above. */
  runs: u32;
  /** Id of the caller; 0: the host. */
  parent: u32;
  /** Table entry that the call was sent to and has not reached; 0 none. */
  jump: u32;
}

/** Deeper calls are counted and not noted. */
const MAX_CALLS: u32 = 512;
const calls = memory.data(16 * 512, 8);
let depth: u32 = 0;
/** Whether trampolines note calls. */
export let calls_followed: bool = false;

function call_at(i: u32): TracedCall {
  return changetype<TracedCall>(calls + i * offsetof<TracedCall>());
}

export function set_calls_followed(on: bool): void {
  calls_followed = on;
  depth = 0;
}

/** The stack is going to be unwound, or a trap has cut it off. */
export function forget_calls(): void {
  depth = 0;
}

/** Who calls site. A redirected call has its new function called by whoever
 * called the old one. */
function caller_of(site: u32): u32 {
  if (depth == 0 || depth > MAX_CALLS) return 0;
  const outer = call_at(depth - 1);
  if (outer.jump != site) return outer.runs;
  outer.jump = outer.runs = 0;
  return outer.parent;
}

/** A call of site, whose own function is id. */
export function call_begins(site: u32, id: u32): void {
  const parent = caller_of(site);
  if (depth++ >= MAX_CALLS) return;
  const call = call_at(depth - 1);
  call.site = site;
  call.runs = id;
  call.parent = parent;
  call.jump = 0;
}

/** The call that began last is sent to entry, whose function is id. */
export function call_jumps(entry: u32, id: u32): void {
  if (depth == 0 || depth > MAX_CALLS) return;
  const call = call_at(depth - 1);
  call.runs = id;
  call.jump = entry;
}

/** A call of site has returned. Ours, or one that began before we looked. */
export function call_ends(site: u32): void {
  if (depth == 0) return;
  if (depth <= MAX_CALLS && call_at(depth - 1).site != site) return;
  depth--;
}

/** For a handler: id of who made the call that it looks at; 0: the host. */
export function call_parent(): u32 {
  return depth == 0 || depth > MAX_CALLS ? 0 : call_at(depth - 1).parent;
}

/** Ids of the functions on the stack, innermost first; how many. */
export function save_calls(ids: usize, max: u32): u32 {
  let n: u32 = 0;
  for (let i = min(depth, MAX_CALLS); i > 0 && n < max; i--) {
    const id = call_at(i - 1).runs;
    if (id != 0) store<u32>(ids + 4 * n++, id);
  }
  return n;
}

if (offsetof<TracedCall>() != 16) ERROR("call_stack.ts: TracedCall");
