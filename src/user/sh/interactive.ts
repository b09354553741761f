// interactive.ts - the prompt: reads a command, runs it, tells of jobs.

import type { Invocation } from "./main.ts";
import type { Shell } from "./shell.ts";

export async function runInteractive(_sh: Shell, _inv: Invocation, _once: (() => Promise<number>) | null): Promise<number> {
  return 0;
}
