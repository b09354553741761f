// index.ts - puts the table of builtins together.

import { lateBuiltin } from "../late.ts";
import { control } from "./control.ts";
import { declarations } from "./declare.ts";
import { output } from "./output.ts";
import { BUILTINS } from "./registry.ts";
import { settings } from "./settings.ts";

for (const table of [control, declarations, output, settings]) {
  for (const [name, run] of Object.entries(table)) BUILTINS.set(name, run);
}

/** Those in late.ts's care: a test compares the names. */
export const LATE_NAMES = (
  "read mapfile readarray jobs fg bg wait kill disown trap suspend " +
  "type command builtin enable history fc compgen complete compopt help logout cd pwd pushd popd dirs " +
  "hash umask ulimit times printf getopts"
).split(" ");

for (const name of LATE_NAMES) BUILTINS.set(name, lateBuiltin(name));

export { BUILTINS, DECLARATIONS, SPECIAL } from "./registry.ts";
export type { Builtin } from "./types.ts";
