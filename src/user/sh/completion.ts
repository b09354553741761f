// completion.ts - what Tab finds.

import type { Shell } from "./shell.ts";

export interface Candidate {
  /** The word, unquoted. */
  text: string;
  /** As the list shows it. */
  shown: string;
  /** A directory: no blank after it. */
  open: boolean;
}

export interface Completion {
  /** Where in the line the word begins. */
  start: number;
  /** What stands there instead: the longest common text, quoted. */
  replacement: string;
  candidates: Candidate[];
}

/** What the word at the end of `before` could become. */
export type Complete = (sh: Shell, before: string) => Promise<Completion>;
