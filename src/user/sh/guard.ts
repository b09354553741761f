// guard.ts - failed expansions: a message, a status, and how far they reach.

import { strerror } from "../errno.ts";
import { SysError } from "../sys.ts";
import { ShellError } from "./errors.ts";
import type { Shell } from "./shell.ts";

/** Turns a failed expansion into a message and a status. */
export function guarded(sh: Shell, run: () => number | Promise<number>): number | Promise<number> {
  try {
    const r = run();
    return typeof r === "number" ? r : r.catch((e: unknown) => expansionFailed(sh, e));
  } catch (e) {
    return expansionFailed(sh, e);
  }
}

async function expansionFailed(sh: Shell, e: unknown): Promise<number> {
  if (e instanceof SysError) return sh.complain(strerror(e.code));
  if (!(e instanceof ShellError)) throw e;
  await sh.fail(e);
  // 127 is what `bash -c` leaves with; a script and a subshell leave with 1.
  const status = e.status === 127 && (sh.commandString === null || sh.level > 0) ? 1 : e.status;
  const exits = (e.fatal || (sh.opts.errexit && sh.conditional === 0)) && !sh.interactive;
  sh.flow = { kind: exits ? "exit" : "abort", status };
  return status;
}
