// filesystems.ts - /proc/filesystems: what can be mounted.
// Linux has this in fs/filesystems.c.

import { lit } from "../../lib/string";
import { file_systems } from "../filesystems";
import { SeqFile, seq_printf } from "../seq_file";
import { proc_create_single } from "./generic";

function filesystems_proc_show(m: SeqFile, v: usize): i32 {
  let fs = file_systems;
  while (fs != null) {
    seq_printf(m, "%S\t%S\n", lit(fs.nodev ? "nodev" : ""), lit(fs.name));
    fs = fs.next;
  }
  return 0;
}

export function proc_filesystems_init(): void {
  proc_create_single("filesystems", 0, null, filesystems_proc_show);
}
