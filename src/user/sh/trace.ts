// trace.ts - `set -x`.

import { expandQuoted } from "./expand.ts";
import type { Shell } from "./shell.ts";

/** Writes a traced command with $PS4 before it, its first character once per level. */
export async function traceLine(sh: Shell, text: string): Promise<void> {
  const ps4 = sh.vars.get("PS4") ?? "+ ";
  const status = sh.status;
  const xtrace = sh.opts.xtrace;
  sh.opts.xtrace = false;
  const prefix = await expandQuoted(sh, ps4);
  sh.opts.xtrace = xtrace;
  sh.status = status;
  await sh.err(`${prefix.charAt(0).repeat(sh.level)}${prefix}${text}\n`);
}
