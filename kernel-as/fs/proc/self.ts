// self.ts - /proc/self: the directory of whoever looks.
// Mirrors Linux fs/proc/self.c.

import { current } from "../../kernel/sched/task";
import { snprintf } from "../../lib/vsprintf";
import { Dentry, InodeOperations } from "../fs";
import { proc_link_dynamic } from "./generic";

const proc_self_inode_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);
const name = memory.data(16);

/** A walk uses the text at once, so that one buffer is enough. */
function proc_self_get_link(dentry: Dentry): usize {
  snprintf(name, 16, "%d", current.pid);
  return name;
}

export function proc_self_init(): void {
  proc_self_inode_operations.get_link = proc_self_get_link;
  proc_link_dynamic("self", proc_self_inode_operations);
}
