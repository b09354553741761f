// unwind.ts - the record list of a sleeping task, at the end of its stack.
import { current } from "../sched/task";

export const STACK_SIZE: usize = 4096;

export function __unwind_record(id: u32): void {
  const at = current.stack + STACK_SIZE - 8 * (current.nr_records + 1);
  store<u32>(at, load<u32>(current.stack));
  store<u32>(at, id, 4);
  current.nr_records++;
}

/** Id of the version whose frame is the next to be rewound. */
export function rewind_id(): u32 {
  const pos = load<u32>(current.stack);
  for (let i: u32 = 0; i < current.nr_records; i++) {
    const at = current.stack + STACK_SIZE - 8 * (i + 1);
    if (load<u32>(at) == pos) return load<u32>(at, 4);
  }
  return 0;
}
