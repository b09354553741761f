// registry.ts - all builtins by name; filled by index.ts.

import type { Builtin } from "./types.ts";

export const BUILTINS = new Map<string, Builtin>();

/** Builtins whose arguments may be assignments. */
export const DECLARATIONS = new Set(["declare", "typeset", "local", "export", "readonly"]);

/** POSIX's special builtins: `set -o posix` gives them precedence and lasting assignments. */
export const SPECIAL = new Set(
  ": . source break continue eval exec exit export readonly return set shift times trap unset".split(" "),
);

export const KEYWORDS = [
  "if",
  "then",
  "else",
  "elif",
  "fi",
  "case",
  "esac",
  "for",
  "select",
  "while",
  "until",
  "do",
  "done",
  "in",
  "function",
  "time",
  "{",
  "}",
  "!",
  "[[",
  "]]",
  "coproc",
];
