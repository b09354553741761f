// lateParts.ts - brings the late parts of the shell; see late.ts.

import { completion } from "./builtins/completion.ts";
import { directory } from "./builtins/directory.ts";
import { directoryStack } from "./builtins/directoryStack.ts";
import { optionParsing } from "./builtins/getopts.ts";
import { historyBuiltins } from "./builtins/history.ts";
import { input } from "./builtins/input.ts";
import { jobControl } from "./builtins/jobControl.ts";
import { limits } from "./builtins/limits.ts";
import { lookup } from "./builtins/lookup.ts";
import { printing } from "./builtins/printf.ts";
import { complete } from "./complete.ts";
import { late } from "./late.ts";

/** Called where all programs are put together. */
export function provideLateParts(): void {
  late.complete = complete;
  late.builtins = {
    ...completion,
    ...directory,
    ...directoryStack,
    ...historyBuiltins,
    ...input,
    ...jobControl,
    ...limits,
    ...lookup,
    ...optionParsing,
    ...printing,
  };
}
