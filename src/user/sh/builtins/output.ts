// output.ts - echo, printf: each is one write.

import { SysError } from "../../sys.ts";
import { strerror } from "../../errno.ts";
import { formatPrintf } from "../../printf.ts";
import { refreshClock } from "../dynamic.ts";
import { ansiUnescape } from "../quote.ts";
import type { Shell } from "../shell.ts";
import { isName } from "../vars.ts";
import { badOption, type Table, usage } from "./types.ts";

const PRINTF = "printf [-v var] format [arguments]";

/** What echo prints; shared with /bin/echo. */
export function echoText(args: string[], xpg: boolean): string {
  let newline = true;
  let escapes = xpg;
  let i = 0;
  for (; i < args.length && /^-[neE]+$/.test(args[i]!); i++) {
    for (const c of args[i]!.slice(1)) {
      if (c === "n") newline = false;
      else escapes = c === "e";
    }
  }
  const text = args.slice(i).join(" ");
  if (!escapes) return newline ? `${text}\n` : text;
  const r = ansiUnescape(text, true);
  return newline && !r.stop ? `${r.text}\n` : r.text;
}

async function write(sh: Shell, name: string, text: string): Promise<number> {
  if (text === "") return 0;
  try {
    await sh.out(text);
    return 0;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    return sh.complain(`${name}: write error: ${strerror(e.code)}`);
  }
}

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
  const status = variable === null ? await write(sh, "printf", text) : assign(sh, variable, text);
  return errors.length > 0 ? 1 : status;
}

function assign(sh: Shell, target: string, text: string): number {
  text = text.replace(/\0.*/s, "");
  const m = /^(\w+)\[(.*)\]$/s.exec(target);
  if (m) sh.vars.setElement(m[1]!, sh.subscript(m[1]!, m[2]!), text);
  else sh.vars.set(target, text);
  return 0;
}

export const output: Table = {
  echo: (sh, argv) => write(sh, "echo", echoText(argv.slice(1), sh.shopts["xpg_echo"] === true)),
  printf,
};
