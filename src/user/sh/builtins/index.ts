// index.ts - puts the table of builtins together.

import { control } from "./control.ts";
import { declarations } from "./declare.ts";
import { directory } from "./directory.ts";
import { directoryStack } from "./directoryStack.ts";
import { input } from "./input.ts";
import { jobControl } from "./jobControl.ts";
import { lookup } from "./lookup.ts";
import { output } from "./output.ts";
import { BUILTINS } from "./registry.ts";
import { settings } from "./settings.ts";

for (const table of [
  control,
  declarations,
  directory,
  directoryStack,
  input,
  jobControl,
  lookup,
  output,
  settings,
]) {
  for (const [name, run] of Object.entries(table)) BUILTINS.set(name, run);
}

export { BUILTINS, DECLARATIONS } from "./registry.ts";
export type { Builtin } from "./types.ts";
