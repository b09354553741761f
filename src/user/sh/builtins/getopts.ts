// getopts.ts - getopts.

import type { Shell } from "../shell.ts";
import { isName } from "../vars.ts";
import { type Table, usage } from "./types.ts";

async function getopts(sh: Shell, argv: string[]): Promise<number> {
  const [, spec, name, ...given] = argv;
  if (spec === undefined || name === undefined)
    return usage(sh, "getopts", "getopts optstring name [arg ...]");
  if (!isName(name)) {
    // The option counts as taken all the same.
    await getopts(sh, ["getopts", spec, "_", ...given]);
    return sh.complain(`getopts: \`${name}': not a valid identifier`);
  }
  const args = given.length > 0 ? given : sh.args;
  const silent = spec.startsWith(":");
  const index = Math.max(1, Number(sh.vars.get("OPTIND") ?? 1));
  const word = args[index - 1];
  const end = (next: number): number => {
    setOptind(sh, next, 1);
    sh.vars.set(name, "?");
    sh.vars.unset("OPTARG");
    return 1;
  };
  if (word === undefined || !word.startsWith("-") || word === "-")
    return end(Math.min(index, args.length + 1));
  if (word === "--") return end(index + 1);
  const c = word[sh.getoptsAt]!;
  const last = sh.getoptsAt + 1 >= word.length;
  const at = c === ":" ? -1 : spec.indexOf(c, silent ? 1 : 0);
  sh.vars.unset("OPTARG");
  if (at < 0) {
    if (last) setOptind(sh, index + 1, 1);
    else setOptind(sh, index, sh.getoptsAt + 1);
    sh.vars.set(name, "?");
    if (silent) sh.vars.set("OPTARG", c);
    else if (sh.vars.get("OPTERR") !== "0") await sh.err(`${sh.name}: illegal option -- ${c}\n`);
    return 0;
  }
  if (spec[at + 1] !== ":") {
    if (last) setOptind(sh, index + 1, 1);
    else setOptind(sh, index, sh.getoptsAt + 1);
    sh.vars.set(name, c);
    return 0;
  }
  const value = last ? args[index] : word.slice(sh.getoptsAt + 1);
  setOptind(sh, index + (last ? 2 : 1), 1);
  if (value === undefined) {
    setOptind(sh, index + 1, 1);
    sh.vars.set(name, silent ? ":" : "?");
    if (silent) sh.vars.set("OPTARG", c);
    else if (sh.vars.get("OPTERR") !== "0") await sh.err(`${sh.name}: option requires an argument -- ${c}\n`);
    return 0;
  }
  sh.vars.set("OPTARG", value);
  sh.vars.set(name, c);
  return 0;
}

/** Setting OPTIND starts over, so the position is set after it. */
function setOptind(sh: Shell, index: number, at: number): void {
  sh.vars.set("OPTIND", String(index));
  sh.getoptsAt = at;
}

export const optionParsing: Table = { getopts };
