// sync.ts - sync(2). The root file system is the disk: the host reads it from
// memory (src/machine/diskReader.ts) whenever it saves it.
// Mirrors Linux fs/sync.c.

import { disk_sync } from "../host";
import { PtRegs } from "../kernel/sched/task";

/** sync() */
export function __x64_sys_sync(regs: PtRegs): isize {
  disk_sync();
  return 0;
}
