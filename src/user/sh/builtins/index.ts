// index.ts - puts the table of builtins together.

import { control } from "./control.ts";
import { declarations } from "./declare.ts";
import { directory } from "./directory.ts";
import { input } from "./input.ts";
import { jobControl } from "./jobControl.ts";
import { lookup } from "./lookup.ts";
import { output } from "./output.ts";
import { BUILTINS } from "./registry.ts";
import { settings } from "./settings.ts";

for (const table of [control, declarations, directory, input, jobControl, lookup, output, settings]) {
  for (const [name, run] of Object.entries(table)) BUILTINS.set(name, run);
}

export { BUILTINS, DECLARATIONS } from "./registry.ts";
export type { Builtin } from "./types.ts";
