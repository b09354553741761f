// output.ts - echo: one write.

import { SysError } from "../../sys.ts";
import { strerror } from "../../errno.ts";
import { ansiUnescape } from "../quote.ts";
import type { Shell } from "../shell.ts";
import type { Table } from "./types.ts";

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

/** One write; the status of the builtin. */
export async function writeText(sh: Shell, name: string, text: string): Promise<number> {
  if (text === "") return 0;
  try {
    await sh.out(text);
    return 0;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    return sh.complain(`${name}: write error: ${strerror(e.code)}`);
  }
}

export const output: Table = {
  echo: (sh, argv) => writeText(sh, "echo", echoText(argv.slice(1), sh.shopts["xpg_echo"] === true)),
};
