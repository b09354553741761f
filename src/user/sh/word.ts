// word.ts - puts a word together from its parts.

import type { Part, Word } from "./ast.ts";

/** Computes the fast path: a word that stands for itself. */
export function finish(parts: Part[], src: string): Word {
  let lit: string | null = "";
  for (const p of parts) {
    // `[` is a command; only with a `]` would it be a pattern.
    const plain = p.t === "lit" && (src === "[" || !/[*?[~{]|[@+!]\(/.test(p.s));
    if (p.t === "quo" || plain) lit += p.s;
    else {
      lit = null;
      break;
    }
  }
  return { parts, lit: parts.length === 0 ? null : lit, src };
}
