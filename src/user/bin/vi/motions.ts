// motions.ts - the commands that move: each says where to, and what lies between.

import { columnOf, positionAt, previousChar } from "../edit/columns.ts";
import type { Pos } from "../edit/document.ts";
import { compile, findNext } from "./search.ts";
import { Refused, type State } from "./state.ts";
import { endOfWord, kindOfChar, nextWord, paragraph, previousWord } from "./words.ts";

export interface Motion {
  to: Pos;
  kind: "exclusive" | "inclusive" | "linewise";
  /** Up and down keep their column. */
  wanted?: number | null;
}

/** `n` is the count, null when none was typed; `arg` the character after f, t, ' and so on. */
type Mover = (s: State, n: number | null, arg: string) => Motion;

/** What a motion asks of the screen: the lines shown. */
export interface Shown {
  first: number;
  last: number;
}

const times = (n: number | null, from: Pos, step: (p: Pos) => Pos): Pos => {
  let p = from;
  for (let i = 0; i < (n ?? 1); i++) p = step(p);
  return p;
};

function vertical(s: State, by: number): Motion {
  const line = s.cursor.line + by;
  if (line < 0 || line > s.doc.last) {
    const possible = by < 0 ? s.cursor.line : s.doc.last - s.cursor.line;
    if (possible === 0) throw new Refused("");
    return vertical(s, Math.sign(by) * possible);
  }
  const wanted = s.wanted ?? columnOf(s.line, s.cursor.col, s.settings.tabstop);
  const to = { line, col: positionAt(s.doc.line(line), wanted, s.settings.tabstop) };
  return { to, kind: "linewise", wanted };
}

function left(s: State, n: number | null): Motion {
  const { line, col } = s.cursor;
  if (col === 0) throw new Refused("");
  return {
    to: times(n, { line, col }, (p) => ({ line, col: previousChar(s.line, p.col) })),
    kind: "exclusive",
  };
}

function right(s: State, n: number | null): Motion {
  return { to: times(n, s.cursor, (p) => s.after(p)), kind: "exclusive" };
}

function endOfLine(s: State, n: number | null): Motion {
  const line = Math.min(s.doc.last, s.cursor.line + (n ?? 1) - 1);
  const text = s.doc.line(line);
  return { to: { line, col: previousChar(text, text.length) }, kind: "inclusive", wanted: Infinity };
}

const lineMotion = (s: State, line: number): Motion => ({
  to: s.firstNonBlank(Math.max(0, Math.min(s.doc.last, line))),
  kind: "linewise",
});

/** f, F, t, T. */
export function findChar(s: State, key: string, char: string, n: number | null): Motion {
  const { line, col } = s.cursor;
  const forward = key === "f" || key === "t";
  let at = col;
  for (let i = 0; i < (n ?? 1); i++) {
    // Behind a t the character is next to the cursor already.
    const skip = i === 0 && (key === "t" || key === "T") ? 1 : 0;
    at = forward ? s.line.indexOf(char, at + 1 + skip) : s.line.lastIndexOf(char, at - 1 - skip);
    if (at < 0 || (!forward && at >= col)) throw new Refused("");
  }
  if (key === "t") at--;
  if (key === "T") at++;
  return { to: { line, col: at }, kind: forward ? "inclusive" : "exclusive" };
}

function repeatFind(s: State, n: number | null, opposite: boolean): Motion {
  if (!s.lastFind) throw new Refused("");
  const { key, char } = s.lastFind;
  const turned = key === key.toLowerCase() ? key.toUpperCase() : key.toLowerCase();
  return findChar(s, opposite ? turned : key, char, n);
}

const PAIRS = "()[]{}";

/** %: the bracket that belongs to the next one on this line. */
function pair(s: State): Motion {
  const { line } = s.cursor;
  let col = s.cursor.col;
  while (col < s.line.length && !PAIRS.includes(s.line[col]!)) col++;
  const open = PAIRS.indexOf(s.line[col] ?? " ");
  if (open < 0) throw new Refused("");
  const to = matching(s, { line, col }, PAIRS[open]!, PAIRS[open ^ 1]!, open % 2 === 0 ? 1 : -1);
  if (!to) throw new Refused("");
  return { to, kind: "inclusive" };
}

/** From a bracket to its partner, counting those between. */
export function matching(s: State, from: Pos, own: string, other: string, step: 1 | -1): Pos | null {
  let depth = 0;
  for (let line = from.line; line >= 0 && line <= s.doc.last; line += step) {
    const text = s.doc.line(line);
    const start = line === from.line ? from.col : step > 0 ? 0 : text.length - 1;
    for (let col = start; col >= 0 && col < text.length; col += step) {
      if (text[col] === own) depth++;
      else if (text[col] === other && --depth === 0) return { line, col };
    }
  }
  return null;
}

function searchAgain(s: State, n: number | null, opposite: boolean): Motion {
  const sought = s.sought;
  if (!sought) throw new Refused("E35: No previous regular expression");
  const to = times(n, s.cursor, (p) => findNext(s, sought, p, sought.backward !== opposite));
  return { to, kind: "exclusive" };
}

/** * and #: the word under the cursor. */
function searchWord(s: State, n: number | null, backward: boolean): Motion {
  let { col } = s.cursor;
  while (col < s.line.length && kindOfChar(s.line[col], false) !== 2) col++;
  while (col > 0 && kindOfChar(s.line[col - 1], false) === 2) col--;
  const word = /^[\p{L}\p{N}_]+/u.exec(s.line.slice(col))?.[0];
  if (word === undefined) throw new Refused("E348: No string under cursor");
  const pattern = `\\<${word}\\>`;
  s.sought = { pattern, regex: compile(pattern, s.settings), backward };
  s.cursor = { line: s.cursor.line, col };
  return searchAgain(s, n, false);
}

function toMark(s: State, name: string, linewise: boolean): Motion {
  const to = s.marks.get(name === "`" ? "'" : name);
  if (!to) throw new Refused("E20: Mark not set");
  return linewise ? lineMotion(s, to.line) : { to: s.doc.clamp(to), kind: "exclusive" };
}

export const MOTIONS: Record<string, Mover> = {
  h: left,
  left,
  backspace: left,
  l: right,
  right,
  " ": right,
  j: (s, n) => vertical(s, n ?? 1),
  down: (s, n) => vertical(s, n ?? 1),
  "C-n": (s, n) => vertical(s, n ?? 1),
  k: (s, n) => vertical(s, -(n ?? 1)),
  up: (s, n) => vertical(s, -(n ?? 1)),
  "C-p": (s, n) => vertical(s, -(n ?? 1)),
  "+": (s, n) => lineMotion(s, s.cursor.line + (n ?? 1)),
  enter: (s, n) => lineMotion(s, s.cursor.line + (n ?? 1)),
  "-": (s, n) => lineMotion(s, s.cursor.line - (n ?? 1)),
  _: (s, n) => lineMotion(s, s.cursor.line + (n ?? 1) - 1),
  "0": (s) => ({ to: { line: s.cursor.line, col: 0 }, kind: "exclusive" }),
  home: (s) => ({ to: { line: s.cursor.line, col: 0 }, kind: "exclusive" }),
  "^": (s) => ({ to: s.firstNonBlank(s.cursor.line), kind: "exclusive" }),
  $: endOfLine,
  end: endOfLine,
  "|": (s, n) => ({
    to: { line: s.cursor.line, col: positionAt(s.line, (n ?? 1) - 1, s.settings.tabstop) },
    kind: "exclusive",
  }),
  w: (s, n) => ({ to: times(n, s.cursor, (p) => nextWord(s.doc, p, false)), kind: "exclusive" }),
  W: (s, n) => ({ to: times(n, s.cursor, (p) => nextWord(s.doc, p, true)), kind: "exclusive" }),
  b: (s, n) => ({ to: times(n, s.cursor, (p) => previousWord(s.doc, p, false)), kind: "exclusive" }),
  B: (s, n) => ({ to: times(n, s.cursor, (p) => previousWord(s.doc, p, true)), kind: "exclusive" }),
  e: (s, n) => ({ to: times(n, s.cursor, (p) => endOfWord(s.doc, p, false)), kind: "inclusive" }),
  E: (s, n) => ({ to: times(n, s.cursor, (p) => endOfWord(s.doc, p, true)), kind: "inclusive" }),
  "C-right": (s, n) => ({ to: times(n, s.cursor, (p) => nextWord(s.doc, p, true)), kind: "exclusive" }),
  "C-left": (s, n) => ({ to: times(n, s.cursor, (p) => previousWord(s.doc, p, true)), kind: "exclusive" }),
  "{": (s, n) => ({ to: times(n, s.cursor, (p) => paragraph(s.doc, p.line, -1)), kind: "exclusive" }),
  "}": (s, n) => ({ to: times(n, s.cursor, (p) => paragraph(s.doc, p.line, 1)), kind: "exclusive" }),
  gg: (s, n) => lineMotion(s, (n ?? 1) - 1),
  G: (s, n) => lineMotion(s, n === null ? s.doc.last : n - 1),
  "%": pair,
  n: (s, n) => searchAgain(s, n, false),
  N: (s, n) => searchAgain(s, n, true),
  "*": (s, n) => searchWord(s, n, false),
  "#": (s, n) => searchWord(s, n, true),
  ";": (s, n) => repeatFind(s, n, false),
  ",": (s, n) => repeatFind(s, n, true),
  "'": (s, _, arg) => toMark(s, arg, true),
  "`": (s, _, arg) => toMark(s, arg, false),
};

for (const key of ["f", "F", "t", "T"])
  MOTIONS[key] = (s, n, arg) => {
    s.lastFind = { key, char: arg };
    return findChar(s, key, arg, n);
  };

/** Motions that a character follows. */
export const TAKES_CHAR = new Set(["f", "F", "t", "T", "'", "`"]);

/** From where '' goes back. */
export const JUMPS = new Set(["G", "gg", "%", "n", "N", "*", "#", "'", "`", "{", "}", "/", "?"]);
