// task.ts - the sample's struct Task.
@unmanaged
export class Task {
  /** Process id. */
  pid: i32;
  flags: u8;
  runs: u64;
  /** Asyncify's {pos, end}. */
  stack: usize;
  nr_records: u32;
  patched: i32;
  parent: Task | null;
  get comm(): usize {
    return changetype<usize>(this) + offsetof<Task>();
  }
}

export const enum State {
  RUNNING = 0,
  SLEEPING = 1,
  DEAD = 16,
}

export const init_task: Task = changetype<Task>(memory.data(64, 8));
export let current: Task = init_task;

export function set_current(task: Task): void {
  current = task;
}
