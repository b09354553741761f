// cmdline.ts - /proc/cmdline: what the kernel was started with.
// Mirrors Linux fs/proc/cmdline.c.

import { saved_command_line } from "../../kernel/cmdline";
import { SeqFile, seq_printf } from "../seq_file";
import { proc_create_single } from "./generic";

function cmdline_proc_show(m: SeqFile, v: usize): i32 {
  seq_printf(m, "%s\n", saved_command_line);
  return 0;
}

export function proc_cmdline_init(): void {
  proc_create_single("cmdline", 0, null, cmdline_proc_show);
}
