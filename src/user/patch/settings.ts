// settings.ts - what holds for the whole run of patch, and its way to give up.

import { type Command, Leave } from "../bin/command.ts";

export interface Settings {
  reverse: boolean;
  fuzz: number;
  /** The file of -o was begun: the next one is put behind it. */
  outputBegun: boolean;
}

export async function fatal(c: Command, text: string): Promise<never> {
  await c.errText(`patch: **** ${text}\n`);
  throw new Leave(2);
}

export const ignored = (n: number): string => `${n} out of ${n} hunk${n === 1 ? "" : "s"} ignored`;
