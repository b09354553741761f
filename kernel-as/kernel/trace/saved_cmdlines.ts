// saved_cmdlines.ts - names of the tasks that were traced.
//
// A record holds a pid only. The names of the last tasks are kept here; one
// that was pushed out shows as <...>. Not traced.
// Mirrors Linux kernel/trace/trace_sched_switch.c.

const SAVED: u32 = 128;
/** Entries {pid, 0, comm: 16 bytes}. */
const saved = memory.data(24 * 128, 8);
let next_slot: u32 = 0;
let last_slot: u32 = 0;
/** Number of names that are kept. */
export const saved_cmdlines_size: u32 = SAVED;

function slot_pid(i: u32): i32 {
  return load<i32>(saved + 24 * i);
}

function find_slot(pid: i32): u32 {
  if (slot_pid(last_slot) == pid) return last_slot;
  for (let i: u32 = 0; i < SAVED; i++) {
    if (slot_pid(i) == pid) return i;
  }
  return SAVED;
}

/** The idle task, pid 0, has a name that everybody knows. */
export function save_cmdline(pid: i32, comm0: u64, comm1: u64): void {
  if (pid == 0) return;
  let i = find_slot(pid);
  if (i == SAVED) {
    i = next_slot;
    next_slot = (next_slot + 1) % SAVED;
  }
  last_slot = i;
  store<i32>(saved + 24 * i, pid);
  store<u64>(saved + 24 * i, comm0, 8);
  store<u64>(saved + 24 * i, comm1, 16);
}

/** The name saved for pid, a C string, or 0. */
export function saved_cmdline(pid: i32): usize {
  const i = find_slot(pid);
  return i == SAVED ? 0 : saved + 24 * i + 8;
}

/** pid of the i-th entry; 0: free. */
export function saved_cmdline_pid(i: u32): i32 {
  return slot_pid(i);
}
