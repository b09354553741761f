// instructions.ts - reads the text of a function's instructions, as a build's details have it.

/** Instructions in order; a nested one stands behind the one it is an operand of. */
const instructionsOf = (text: string): string[] =>
  [...text.matchAll(/\(([^()]+)/g)].map((match) => match[1].trim().replace(/\s+/g, " "));

export interface FirstChange {
  /** How many instructions are before it. */
  at: number;
  /** Null: the function ends here. */
  orig: string | null;
  patched: string | null;
}

/** Null when the texts have the same instructions. */
export function firstChange(orig: string, patched: string): FirstChange | null {
  const [old, now] = [instructionsOf(orig), instructionsOf(patched)];
  for (let i = 0; i < Math.max(old.length, now.length); i++) {
    // The function's own line is none of its instructions.
    if (old[i] !== now[i]) return { at: Math.max(i - 1, 0), orig: old[i] ?? null, patched: now[i] ?? null };
  }
  return null;
}

/** `call NAME` and `data NAME`, each once. */
export function references(text: string): string[] {
  const calls = [...text.matchAll(/\(call \$"?([^\s()"]+)/g)].map((match) => `call ${match[1]}`);
  const data = [...text.matchAll(/\(data\.ref "([^"]+)"/g)].map((match) => `data ${match[1]}`);
  return [...new Set([...calls, ...data])];
}
