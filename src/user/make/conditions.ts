// conditions.ts - ifeq, ifneq, ifdef, ifndef.
import type { Expansion } from "./expansion.ts";
import { Stop } from "./failure.ts";
import { findOutside } from "./lines.ts";

export interface Conditional {
  /** Its lines count now. */
  on: boolean;
  /** One of its branches has counted, or none may. */
  done: boolean;
  /** Its plain `else` was met. */
  last: boolean;
}

export async function holds(vars: Expansion, word: string, text: string): Promise<boolean> {
  if (word === "ifdef" || word === "ifndef") {
    const set = vars.raw((await vars.expand(text)).trim()) !== "";
    return set === (word === "ifdef");
  }
  if (word !== "ifeq" && word !== "ifneq") throw new Stop("invalid syntax in conditional");
  const [left, right] = operands(text);
  const equal = (await vars.expand(left)).trim() === (await vars.expand(right)).trim();
  return equal === (word === "ifeq");
}

/** `(a,b)`, `"a" "b"` or `'a' 'b'`. */
function operands(text: string): [string, string] {
  const quoted = /^(["'])(.*?)\1\s*(["'])(.*)\3$/.exec(text.trim());
  if (quoted) return [quoted[2], quoted[4]];
  const inner = /^\(([\s\S]*)\)$/.exec(text.trim())?.[1];
  const comma = inner === undefined ? -1 : findOutside(inner, ",");
  if (inner === undefined || comma < 0) throw new Stop("invalid syntax in conditional");
  return [inner.slice(0, comma), inner.slice(comma + 1)];
}
