// registry.ts - all builtins by name; filled by index.ts.

import type { Builtin } from "./types.ts";

export const BUILTINS = new Map<string, Builtin>();

/** Builtins whose arguments may be assignments. */
export const DECLARATIONS = new Set(["declare", "typeset", "local", "export", "readonly"]);

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
