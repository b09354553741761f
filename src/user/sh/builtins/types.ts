// types.ts - what a builtin is.

import type { Shell } from "../shell.ts";

/** argv[0] is the builtin's name. Output goes through the shell's descriptors. */
export type Builtin = (sh: Shell, argv: string[]) => number | Promise<number>;
export type Table = Record<string, Builtin>;

/** `name: -x: invalid option` and the usage line; status 2. */
export async function badOption(sh: Shell, name: string, option: string, usage: string): Promise<number> {
  await sh.err(`${sh.prefix()}${name}: ${option}: invalid option\n${name}: usage: ${usage}\n`);
  return 2;
}

export async function usage(sh: Shell, name: string, text: string): Promise<number> {
  await sh.err(`${name}: usage: ${text}\n`);
  return 2;
}

/**
 * Splits leading options from arguments. Letters in `withValue` take one.
 * `bad` is the first unknown option.
 */
export function options(
  argv: readonly string[],
  flags: string,
  withValue = "",
): { set: Set<string>; value: Map<string, string>; rest: string[]; bad: string | null } {
  const set = new Set<string>();
  const value = new Map<string, string>();
  let i = 1;
  for (; i < argv.length; i++) {
    const arg = argv[i]!;
    if (arg === "--") {
      i++;
      break;
    }
    if (!arg.startsWith("-") || arg === "-") break;
    for (let j = 1; j < arg.length; j++) {
      const c = arg[j]!;
      if (withValue.includes(c)) {
        value.set(c, arg.slice(j + 1) || argv[++i] || "");
        set.add(c);
        break;
      }
      if (!flags.includes(c)) return { set, value, rest: argv.slice(i), bad: `-${c}` };
      set.add(c);
    }
  }
  return { set, value, rest: argv.slice(i), bad: null };
}
