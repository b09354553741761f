// functionText.ts - a function as `declare -f` prints it.
//
// Difference from bash: the body is the text as it was written, not laid out anew.

import type { FunctionDef } from "./ast.ts";

export function functionText(f: FunctionDef): string {
  const body = f.src().trim();
  const inner = /^\{\s*([\s\S]*?)\s*;?\s*\}$/.exec(body)?.[1];
  if (inner === undefined || inner.includes("\n")) return `${f.name} () \n${body}\n`;
  return `${f.name} () \n{ \n    ${inner}\n}\n`;
}
