// brace.ts - {a,b} and {1..9..2}, on a parsed word.
//
// Brace expansion looks at unquoted text only and happens before every other
// expansion, so it can be done once, when the script is parsed.

import type { Part, Word } from "./ast.ts";
import { finish } from "./word.ts";

/** A word as single unquoted characters and whole opaque parts. */
type Item = string | Part;

/** The words that `w` stands for; `[w]` when it has no brace expression. */
export function braceExpand(w: Word): Word[] {
  if (w.lit !== null || !w.parts.some((p) => p.t === "lit" && p.s.includes("{"))) return [w];
  const results = expandItems(explode(w.parts));
  if (results.length === 1 && results[0]!.length === explode(w.parts).length) return [w];
  return results.map((items) => finish(implode(items), w.src));
}

function explode(parts: Part[]): Item[] {
  return parts.flatMap((p): Item[] => (p.t === "lit" ? [...p.s] : [p]));
}

function implode(items: Item[]): Part[] {
  const out: Part[] = [];
  for (const item of items) {
    const last = out.at(-1);
    if (typeof item !== "string") out.push(item);
    // Braces are text: {$a,b}_c is $a_c and b_c.
    else if (last?.t === "param" && /\w/.test(item) && /^\$[A-Za-z_]\w*$/.test(last.src))
      out[out.length - 1] = { ...last, name: last.name + item, src: last.src + item };
    else if (last?.t === "lit" && out.length > 0) out[out.length - 1] = { t: "lit", s: last.s + item };
    else out.push({ t: "lit", s: item });
  }
  return out;
}

function expandItems(items: Item[]): Item[][] {
  for (let i = 0; i < items.length; i++) {
    if (items[i] !== "{") continue;
    const close = matching(items, i);
    if (close < 0) continue;
    const inner = items.slice(i + 1, close);
    const choices = alternatives(inner);
    if (!choices) continue;
    const head = items.slice(0, i);
    const tails = expandItems(items.slice(close + 1));
    return choices.flatMap((c) => tails.map((t) => [...head, ...c, ...t]));
  }
  return [items];
}

function matching(items: Item[], open: number): number {
  let depth = 0;
  for (let i = open; i < items.length; i++) {
    if (items[i] === "{") depth++;
    else if (items[i] === "}" && --depth === 0) return i;
  }
  return -1;
}

function alternatives(inner: Item[]): Item[][] | null {
  const commas = splitAtCommas(inner);
  if (commas.length > 1) return commas.flatMap((c) => expandItems(c));
  if (inner.every((c) => typeof c === "string")) return sequence(inner.join(""));
  return null;
}

function splitAtCommas(items: Item[]): Item[][] {
  const out: Item[][] = [[]];
  let depth = 0;
  for (const c of items) {
    if (c === "{") depth++;
    if (c === "}") depth--;
    if (c === "," && depth === 0) out.push([]);
    else out.at(-1)!.push(c);
  }
  return out;
}

function sequence(text: string): Item[][] | null {
  const m = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(text);
  if (!m) return null;
  const [, from = "", to = "", by] = m;
  const numeric = /\d/.test(from) && /\d/.test(to);
  if (!numeric && (/\d/.test(from) || /\d/.test(to))) return null;
  const a = numeric ? BigInt(from) : BigInt(from.charCodeAt(0));
  const b = numeric ? BigInt(to) : BigInt(to.charCodeAt(0));
  const given = BigInt(by ?? 1);
  const step = given < 0n ? -given : given || 1n;
  const padding = numeric && (/^-?0\d/.test(from) || /^-?0\d/.test(to));
  const width = padding ? Math.max(from.length, to.length) : 0;
  const out: Item[][] = [];
  for (let v = a; a <= b ? v <= b : v >= b; v += a <= b ? step : -step) {
    // What cannot be held stays as it is, as when bash has no memory.
    if (out.length > 1_000_000) return null;
    out.push(numeric ? [...padded(v, width)] : [letter(Number(v))]);
  }
  return out;
}

/** Between Z and a there is a backslash, which quotes nothing. */
function letter(code: number): Item {
  return code === 92 ? { t: "quo", s: "" } : String.fromCharCode(code);
}

function padded(v: bigint, width: number): string {
  const sign = v < 0n ? "-" : "";
  return sign + String(v < 0n ? -v : v).padStart(width - sign.length, "0");
}
