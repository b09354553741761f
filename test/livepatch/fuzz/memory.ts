/** How much of the kernel's memory is in use, by the kernel's own account of its pages. */

import type { Machine } from "../../../src/machine/machine.ts";

/** struct Page of mm/page_alloc.ts. */
const PAGE_STRUCT = { size: 16, type: 0, order: 1, slabClass: 2, inuse: 4 };
const BUDDY = 2;
const SLAB = 3;

/** What a task takes: its struct, its timer and its stack. */
const TASK: Record<string, number> = { "kmalloc-512": 1, "kmalloc-32": 1, pages: 2 };

/** Objects in use by size, and pages in use that are not slabs; without those of the tasks there are. */
export function memoryInUse(machine: Machine): Record<string, number> {
  const { mem, globals } = machine.kernel;
  const word = (name: string) => globals.get(`mm/page_alloc/${name}`)!.value as number;
  const [map, frontier] = [word("mem_map"), word("frontier")];
  const used: Record<string, number> = { pages: 0 };
  for (let page = map; page < map + frontier * PAGE_STRUCT.size; page += PAGE_STRUCT.size) {
    const type = mem.bytes[page + PAGE_STRUCT.type];
    if (type === BUDDY) used.pages! += 1 << mem.bytes[page + PAGE_STRUCT.order]!;
    if (type !== SLAB) continue;
    const size = `kmalloc-${16 << mem.view.getUint16(page + PAGE_STRUCT.slabClass, true)}`;
    used[size] = (used[size] ?? 0) + mem.u32(page + PAGE_STRUCT.inuse);
  }
  const tasks = globals.get("kernel/fork/nr_tasks")!.value as number;
  for (const [what, n] of Object.entries(TASK)) used[what]! -= n * tasks;
  return Object.fromEntries(Object.entries(used).filter(([, n]) => n !== 0));
}
