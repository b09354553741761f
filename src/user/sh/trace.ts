// trace.ts - `set -x`.

import { attempt } from "../errno.ts";
import { encode } from "../text.ts";
import { ShellError } from "./errors.ts";
import { expandQuoted } from "./expand.ts";
import { type Shell, writeAll } from "./shell.ts";

/** Writes a traced command with $PS4 before it, its first character once per level. */
export async function traceLine(sh: Shell, text: string): Promise<void> {
  const ps4 = sh.vars.get("PS4") ?? "+ ";
  const status = sh.status;
  const xtrace = sh.opts.xtrace;
  sh.opts.xtrace = false;
  const prefix = await expandQuoted(sh, ps4).catch(async (e: unknown) => {
    if (!(e instanceof ShellError)) throw e;
    await sh.fail(e);
    return "";
  });
  sh.opts.xtrace = xtrace;
  sh.status = status;
  const line = `${prefix.charAt(0).repeat(sh.traceDepth)}${prefix}${text}\n`;
  const fd = sh.vars.get("BASH_XTRACEFD") ?? "";
  if (!/^\d+$/.test(fd)) return sh.err(line);
  const { ok } = await attempt(writeAll(sh.sys, Number(fd), encode(line)));
  if (!ok) await sh.err(line);
}
