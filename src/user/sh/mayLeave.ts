// mayLeave.ts - exit, with stopped jobs.

import { isStopped } from "./jobs.ts";
import type { Shell } from "./shell.ts";

/** False the first time that somebody leaves stopped jobs behind. */
export async function mayLeave(sh: Shell): Promise<boolean> {
  if (sh.leaving || !sh.interactive || sh.level > 0 || !sh.jobs.list.some(isStopped)) return true;
  await sh.err("There are stopped jobs.\n");
  sh.leaving = "asked";
  return false;
}
