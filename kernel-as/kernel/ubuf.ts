// ubuf.ts - a task's bounce buffer: its user memory, as the kernel sees it.
//
// User programs are TypeScript and their memory is not the kernel's. What a
// system call points to lies in this buffer, which the host fills before
// and reads after the call; so copying from and to user is a memory.copy().

import { ksize, kfree, kzalloc } from "../mm/slab";
import { current } from "./sched/task";

/** Current's buffer with room for size bytes; 0 when memory is out. What it
 * held is lost when it has to grow. */
export function task_ubuf(size: usize): usize {
  if (current.ubuf != 0 && ksize(current.ubuf) >= size) return current.ubuf;
  kfree(current.ubuf);
  current.ubuf = kzalloc(size);
  return current.ubuf;
}
