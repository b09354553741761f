// input.ts - where an interactive shell's lines come from.

import type { Shell } from "./shell.ts";
import { attempt } from "../errno.ts";
import { readLine } from "./readLine.ts";

export type Typed = { kind: "line"; text: string } | { kind: "end" } | { kind: "interrupt" };

export interface Input {
  /** Shows the prompt and reads a line; `before` is what of the command was typed already. */
  read(prompt: string, before: string): Promise<Typed>;
}

/** A terminal that edits nothing itself: the kernel's line discipline does. */
class PlainInput implements Input {
  constructor(private readonly sh: Shell) {}

  async read(prompt: string): Promise<Typed> {
    await this.sh.err(prompt);
    const line = await attempt(readLine(this.sh, 0));
    if (!line.ok) {
      await this.sh.err("\n");
      return line.code === 4 ? { kind: "interrupt" } : { kind: "end" };
    }
    return line.value === null ? { kind: "end" } : { kind: "line", text: line.value };
  }
}

/** For input that is no terminal. */
export function plainInput(sh: Shell): Input {
  return new PlainInput(sh);
}
