// unwind.ts - writes down a stack while asyncify unwinds it.
//
// After its body, every function that may sleep calls __unwind_record() when
// the state is unwinding (src/kbuild puts the call there). So the record list
// of a sleeping task names its frames, innermost first, each with the stack
// position that lies right behind the frame. That list is the reliable stack.
// Not traced: it runs between two frames.

import { Limits } from "../abi";
import { current } from "./sched/task";

/** One frame of a sleeping task. */
@unmanaged
export class UnwindRecord {
  /** Stack position behind the frame. */
  pos: usize;
  /** Function id: the version that runs, not the name it was called by. */
  id: u32;
}

export function unwind_record(records: usize, i: u32): UnwindRecord {
  return changetype<UnwindRecord>(records + i * offsetof<UnwindRecord>());
}

/** Adds a frame of the current task, which is going to sleep. */
export function __unwind_record(id: u32): void {
  const n = current.nr_records;
  // A frame that is not written down could not be resumed.
  if (n >= <u32>Limits.NR_RECORDS) unreachable();
  const r = unwind_record(current.records, n);
  r.pos = load<usize>(current.stack);
  r.id = id;
  current.nr_records = n + 1;
}

/** The version whose frame asyncify is going to resume, or 0. */
export function rewind_target(): u32 {
  const pos = load<usize>(current.stack);
  for (let i = <i32>current.nr_records - 1; i >= 0; i--) {
    const r = unwind_record(current.records, i);
    if (r.pos == pos) return r.id;
  }
  return 0;
}

if (offsetof<UnwindRecord>() != 8) ERROR("unwind.ts: records are 8 bytes");
