// saved_cmdlines.ts - names of the tasks that were traced.
//
// A record holds a pid only. The names of the last tasks are kept here; one
// that was pushed out shows as <...>. Not traced.
// Mirrors Linux kernel/trace/trace_sched_switch.c.

const DEFAULT_SIZE: u32 = 128;
const default_saved = memory.data(24 * 128, 8);
/** Entries {pid, 0, comm: 16 bytes}. */
let saved: usize = default_saved;
let next_slot: u32 = 0;
let last_slot: u32 = 0;
/** Number of names that are kept. */
export let saved_cmdlines_size: u32 = DEFAULT_SIZE;

/** Keeps n names from now on, at entries of zeros; what was kept is gone. The
 * old entries, for the caller to free, or 0. */
export function set_saved_cmdlines(entries: usize, n: u32): usize {
  const old = saved;
  saved = entries;
  saved_cmdlines_size = n;
  next_slot = last_slot = 0;
  return old == default_saved ? 0 : old;
}

function slot_pid(i: u32): i32 {
  return load<i32>(saved + 24 * i);
}

function find_slot(pid: i32): u32 {
  if (slot_pid(last_slot) == pid) return last_slot;
  for (let i: u32 = 0; i < saved_cmdlines_size; i++) {
    if (slot_pid(i) == pid) return i;
  }
  return saved_cmdlines_size;
}

/** The idle task, pid 0, has a name that everybody knows. */
export function save_cmdline(pid: i32, comm0: u64, comm1: u64): void {
  if (pid == 0) return;
  let i = find_slot(pid);
  if (i == saved_cmdlines_size) {
    i = next_slot;
    next_slot = (next_slot + 1) % saved_cmdlines_size;
  }
  last_slot = i;
  store<i32>(saved + 24 * i, pid);
  store<u64>(saved + 24 * i, comm0, 8);
  store<u64>(saved + 24 * i, comm1, 16);
}

/** The name saved for pid, a C string, or 0. */
export function saved_cmdline(pid: i32): usize {
  const i = find_slot(pid);
  return i == saved_cmdlines_size ? 0 : saved + 24 * i + 8;
}

/** pid of the i-th entry; 0: free. */
export function saved_cmdline_pid(i: u32): i32 {
  return slot_pid(i);
}
