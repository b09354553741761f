// version.ts - /proc/version: which kernel this is.
// Mirrors Linux fs/proc/version.c.

import { UTS_RELEASE, UTS_SYSNAME, UTS_VERSION } from "../../kernel/uts";
import { lit } from "../../lib/string";
import { SeqFile, seq_printf } from "../seq_file";
import { proc_create_single } from "./generic";

function version_proc_show(m: SeqFile, v: usize): i32 {
  seq_printf(
    m,
    "%S version %S (founders@patchbay) (asc 0.28.20) %S\n",
    lit(UTS_SYSNAME),
    lit(UTS_RELEASE),
    lit(UTS_VERSION),
  );
  return 0;
}

export function proc_version_init(): void {
  proc_create_single("version", 0, null, version_proc_show);
}
