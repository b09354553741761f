// cpuinfo.ts - /proc/cpuinfo: the machine's one processor.
// Mirrors Linux fs/proc/cpuinfo.c and arch's show_cpuinfo().

import { SeqFile, seq_puts } from "../seq_file";
import { proc_create_single } from "./generic";

function show_cpuinfo(m: SeqFile, v: usize): i32 {
  seq_puts(m, "processor\t: 0\n");
  seq_puts(m, "vendor_id\t: WebAssembly\n");
  seq_puts(m, "model name\t: wasm32 with asyncify\n");
  seq_puts(m, "address sizes\t: 32 bits physical, 32 bits virtual\n");
  seq_puts(m, "\n");
  return 0;
}

export function proc_cpuinfo_init(): void {
  proc_create_single("cpuinfo", 0, null, show_cpuinfo);
}
