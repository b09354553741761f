// printf.ts - printf: one write.

import { strerror } from "../../errno.ts";
import { formatPrintf } from "../../printf.ts";
import { refreshClock } from "../dynamic.ts";
import type { Shell } from "../shell.ts";
import { isName } from "../vars.ts";
import { writeText } from "./output.ts";
import { badOption, type Table, usage } from "./types.ts";

const PRINTF = "printf [-v var] format [arguments]";

async function printf(sh: Shell, argv: string[]): Promise<number> {
  let args = argv.slice(1);
  let variable: string | null = null;
  if (args[0] === "-v") {
    variable = args[1] ?? "";
    args = args.slice(2);
    if (!isName(variable.replace(/\[.*\]$/s, "")))
      return sh.complain(`printf: \`${variable}': not a valid identifier`, 2);
  } else if (args[0] === "--") args = args.slice(1);
  else if (args[0]?.startsWith("-") && args[0].length > 1)
    return badOption(sh, "printf", args[0].slice(0, 2), PRINTF);
  const [format, ...rest] = args;
  if (format === undefined) return usage(sh, "printf", PRINTF);
  if (format.includes(")T")) await refreshClock(sh);
  const clock = {
    now: Math.floor(sh.clock.epochNs / 1e9),
    start: Math.floor((sh.clock.epochNs - sh.clock.bootNs) / 1e9),
  };
  const { text, errors, ranges } = formatPrintf(format, rest, clock);
  for (const e of errors) await sh.complain(`printf: ${e}`);
  for (const n of ranges) await sh.complain(`printf: warning: ${n}: ${strerror(34)}`);
  const status = variable === null ? await writeText(sh, "printf", text) : assign(sh, variable, text);
  return errors.length > 0 ? 1 : status;
}

function assign(sh: Shell, target: string, text: string): number {
  text = text.replace(/\0.*/s, "");
  const m = /^(\w+)\[(.*)\]$/s.exec(target);
  if (m) sh.vars.setElement(m[1]!, sh.subscript(m[1]!, m[2]!), text);
  else sh.vars.set(target, text);
  return 0;
}

export const printing: Table = { printf };
