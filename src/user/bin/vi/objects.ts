// objects.ts - text objects: iw a" i( ip and the like.

import type { Pos } from "../edit/document.ts";
import { matching } from "./motions.ts";
import { Refused, type State } from "./state.ts";
import { kindOfChar } from "./words.ts";

export interface Extent {
  from: Pos;
  /** Not included. */
  to: Pos;
  linewise: boolean;
}

const onLine = (line: number, from: number, to: number): Extent => ({
  from: { line, col: from },
  to: { line, col: to },
  linewise: false,
});

function word(s: State, around: boolean, big: boolean): Extent {
  const { line, col } = s.cursor;
  const text = s.line;
  const same = (i: number, kind: number): boolean =>
    i >= 0 && i < text.length && kindOfChar(text[i], big) === kind;
  const kind = kindOfChar(text[col], big);
  let [from, to] = [col, col];
  while (same(from - 1, kind)) from--;
  while (same(to, kind)) to++;
  if (around && kind !== 0) {
    const before = to;
    while (same(to, 0)) to++;
    if (to === before) while (same(from - 1, 0)) from--;
  } else if (around) {
    const next = kindOfChar(text[to], big);
    while (same(to, next)) to++;
  }
  return onLine(line, from, to);
}

function quotes(s: State, around: boolean, quote: string): Extent {
  const { line, col } = s.cursor;
  const at = [...s.line.matchAll(new RegExp(`(?<!\\\\)${quote}`, "g"))].map((m) => m.index);
  for (let i = 0; i + 1 < at.length; i += 2) {
    if (at[i + 1]! < col) continue;
    return around ? onLine(line, at[i]!, at[i + 1]! + 1) : onLine(line, at[i]! + 1, at[i + 1]!);
  }
  throw new Refused("");
}

/** From the cursor back to the bracket that encloses it. */
function brackets(s: State, around: boolean, open: string, close: string): Extent {
  const onClose = s.line[s.cursor.col] === close;
  const from = s.line[s.cursor.col] === open ? s.cursor : enclosing(s, onClose ? 0 : 1, open, close);
  const to = from && matching(s, from, open, close, 1);
  if (!from || !to) throw new Refused("");
  if (around) return { from, to: { line: to.line, col: to.col + 1 }, linewise: false };
  // A block over several lines: the lines between.
  const whole =
    from.col === s.doc.line(from.line).length - 1 && /^\s*$/.test(s.doc.line(to.line).slice(0, to.col));
  if (whole && to.line > from.line + 1)
    return { from: { line: from.line + 1, col: 0 }, to: { line: to.line - 1, col: 0 }, linewise: true };
  return { from: { line: from.line, col: from.col + 1 }, to, linewise: false };
}

function enclosing(s: State, depth: number, open: string, close: string): Pos | null {
  for (let line = s.cursor.line; line >= 0; line--) {
    const text = s.doc.line(line);
    for (let col = line === s.cursor.line ? s.cursor.col : text.length - 1; col >= 0; col--) {
      if (text[col] === open && --depth === 0) return { line, col };
      if (text[col] === close) depth++;
    }
  }
  return null;
}

function paragraph(s: State, around: boolean): Extent {
  const blank = (i: number): boolean => /^\s*$/.test(s.doc.line(i));
  const kind = blank(s.cursor.line);
  let [from, to] = [s.cursor.line, s.cursor.line];
  while (from > 0 && blank(from - 1) === kind) from--;
  while (to < s.doc.last && blank(to + 1) === kind) to++;
  if (around) while (to < s.doc.last && blank(to + 1) !== kind) to++;
  return { from: { line: from, col: 0 }, to: { line: to, col: 0 }, linewise: true };
}

const BRACKETS: Record<string, string> = {
  "(": "()",
  ")": "()",
  b: "()",
  "[": "[]",
  "]": "[]",
  "{": "{}",
  "}": "{}",
  B: "{}",
  "<": "<>",
  ">": "<>",
};

/** What `i` or `a` and this key mean at the cursor. */
export function textObject(s: State, around: boolean, key: string): Extent {
  if (key === "w" || key === "W") return word(s, around, key === "W");
  if (key === "p") return paragraph(s, around);
  if (`"'\``.includes(key)) return quotes(s, around, key);
  const pair = BRACKETS[key];
  if (pair === undefined) throw new Refused("");
  return brackets(s, around, pair[0]!, pair[1]!);
}
