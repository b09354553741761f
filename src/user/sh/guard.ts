// guard.ts - failed expansions: a message, a status, and how far they reach.

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
  if (e instanceof RangeError) throw e;
  if (!(e instanceof ShellError)) throw e;
  await sh.fail(e);
  const status = e.fatal && sh.commandString !== null && !sh.interactive && sh.level === 0 ? 127 : e.status;
  sh.flow = e.fatal && !sh.interactive ? { kind: "exit", status } : { kind: "abort", status };
  return status;
}
