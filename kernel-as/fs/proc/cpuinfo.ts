// cpuinfo.ts - /proc/cpuinfo: the machine's one processor.
// Mirrors Linux fs/proc/cpuinfo.c and arch's show_cpuinfo().

import { SeqFile, seq_puts } from "../seq_file";
import { proc_create_single } from "./generic";

const CPUINFO = `processor\t: 0
vendor_id\t: WebAssembly
model name\t: wasm32 with asyncify
address sizes\t: 32 bits physical, 32 bits virtual

`;

function show_cpuinfo(m: SeqFile, v: usize): i32 {
  seq_puts(m, CPUINFO);
  return 0;
}

export function proc_cpuinfo_init(): void {
  proc_create_single("cpuinfo", 0, null, show_cpuinfo);
}
