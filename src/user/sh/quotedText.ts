// quotedText.ts - pieces of source text: what quotes and parentheses mean in them.

import type * as A from "./ast.ts";
import { ansiUnescape } from "./quote.ts";

/** What is left of backslashes in a here-document without expansions. */
export function unescaped(s: string): string {
  return s.replace(/\\([\\$`\n])/g, (_, c: string) => (c === "\n" ? "" : c));
}

/** The three parts, at semicolons that are in no parentheses. */
export function splitParts(s: string): string[] {
  const out = [""];
  for (let i = 0, depth = 0; i < s.length; i++) {
    if (s[i] === "(") depth++;
    else if (s[i] === ")") depth--;
    if (s[i] === ";" && depth === 0) out.push("");
    else out[out.length - 1] += s[i]!;
  }
  return out;
}

/**
 * Drops the double quotes of a text that is inside double quotes already;
 * between them a backslash quotes any character. Substitutions stay as they are.
 */
export function withoutQuotes(s: string): string {
  let out = "";
  let inner = false;
  for (let i = 0; i < s.length;) {
    const end = nestedEnd(s, i);
    if (end > i) {
      out += s.slice(i, end);
      i = end;
    } else if (s[i] === "\\" && i + 1 < s.length) {
      const plain = /["}]/.test(s[i + 1]!) || (inner && !/[$`\\\n]/.test(s[i + 1]!));
      out += plain ? s[i + 1]! : s.slice(i, i + 2);
      i += 2;
    } else {
      if (s[i] === '"') inner = !inner;
      else out += s[i]!;
      i++;
    }
  }
  return out;
}

/** Where the `$( )`, `${ }` or backquotes that begin at `i` end; `i` when none do. */
export function nestedEnd(s: string, i: number): number {
  if (s[i] === "`") {
    const end = s.indexOf("`", i + 1);
    return end < 0 ? i : end + 1;
  }
  const open = s[i] === "$" ? s[i + 1] : undefined;
  if (open !== "(" && open !== "{") return i;
  const close = open === "(" ? ")" : "}";
  let depth = 0;
  for (let j = i + 1; j < s.length; j++) {
    if (s[j] === "\\") j++;
    else if (s[j] === open) depth++;
    else if (s[j] === close && --depth === 0) return j + 1;
  }
  return i;
}

/**
 * A list of words such as `complete -W` takes, split at `delimiters` outside of
 * quotes and substitutions; other white space becomes part of its word.
 */
export function splitWordList(text: string, delimiters: string): string[] {
  const out: string[] = [];
  let word = "";
  for (let i = 0; i < text.length;) {
    const end = nestedEnd(text, i);
    const c = text[i]!;
    const close = c === "'" || c === '"' ? text.indexOf(c, i + 1) : -1;
    const next = end > i ? end : close > 0 ? close + 1 : c === "\\" ? i + 2 : i + 1;
    if (next === i + 1 && delimiters.includes(c)) {
      if (word !== "") out.push(word);
      word = "";
    } else word += next === i + 1 && /\s/.test(c) ? `\\${c}` : text.slice(i, next);
    i = next;
  }
  if (word !== "") out.push(word);
  return out;
}

/** The value of `'…'` or `$'…'`: the parser loses bytes that are no characters, and newlines after a backslash. */
export function quotedValue(source: string, value: string): string {
  if (!source.startsWith("$") || !(/\ufffd|\\U/.test(value) || source.includes("\\\n"))) return value;
  const hex = (_: string, c: string): string => `\\x${c.charCodeAt(0).toString(16)}`;
  return ansiUnescape(source.slice(2, -1).replace(/\\([\\'"?])/g, hex)).text;
}

/** Unquoted source text to literal and backslash-quoted pieces. */
export function litParts(text: string): A.Part[] {
  if (!text.includes("\\")) return text === "" ? [] : [{ t: "lit", s: text }];
  const out: A.Part[] = [];
  for (const piece of text.match(/\\[\s\S]|[^\\]+|\\$/g) ?? []) {
    if (piece === "\\\n") continue;
    const quoted = piece.length === 2 && piece[0] === "\\";
    out.push(quoted ? { t: "quo", s: piece[1]! } : { t: "lit", s: piece });
  }
  return out;
}

/** `${x/$(cmd /a)/b}`: the parser cuts at a slash within a substitution. The right cut, or null where its own is. */
export function replacementCut(pattern: string, by: string): { pattern: string; by: string } | null {
  if (!/\$\(|`/.test(pattern)) return null;
  const whole = `${pattern}/${by}`;
  let i = 0;
  while (i < whole.length && whole[i] !== "/") {
    const end = nestedEnd(whole, i);
    i = end > i ? end : i + (whole[i] === "\\" ? 2 : 1);
  }
  return i === pattern.length ? null : { pattern: whole.slice(0, i), by: whole.slice(i + 1) };
}
