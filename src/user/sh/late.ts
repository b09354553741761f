// late.ts - parts of the shell that no first prompt needs.
//
// A page loads them with the utilities, after the prompt. Whoever wants one
// waits for it: the machine stands still meanwhile, so that nobody can tell.

import type { Builtin } from "./builtins/types.ts";
import type { Complete } from "./completion.ts";
import type { Shell } from "./shell.ts";

export interface LateParts {
  complete: Complete;
  builtins: Readonly<Record<string, Builtin>>;
}

/** Filled by lateParts.ts. */
export const late: Partial<LateParts> = {};

/** Any program that comes with them. */
const COMPANION = "ls";

/** Null when they cannot be had: a page that is offline. */
async function part<K extends keyof LateParts>(sh: Shell, name: K): Promise<Partial<LateParts>[K] | null> {
  if (late[name] === undefined) await sh.sys.awaitCode(COMPANION);
  return late[name] ?? null;
}

export const complete: Complete = async (sh, before) => {
  const run = await part(sh, "complete");
  return run ? run(sh, before) : { start: before.length, replacement: "", candidates: [] };
};

/** A builtin that is known by name until it is there. */
export const lateBuiltin =
  (name: string): Builtin =>
  async (sh, argv) => {
    const table = late.builtins ?? (await part(sh, "builtins"));
    if (!table) return sh.complain(`${name}: this part of the shell could not be loaded`);
    return table[name]!(sh, argv);
  };
