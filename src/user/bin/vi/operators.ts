// operators.ts - what d, c, y, >, <, ~, gu and gU do to a part of the text.

import { columnOf } from "../edit/columns.ts";
import { isBefore, type Pos } from "../edit/document.ts";
import type { Motion } from "./motions.ts";
import type { Extent } from "./objects.ts";
import type { State } from "./state.ts";

/** The part of the text between the cursor and where a motion leads. */
export function extentOf(s: State, m: Motion, key: string): Extent {
  const [from, end] = isBefore(m.to, s.cursor) ? [m.to, s.cursor] : [s.cursor, m.to];
  if (m.kind === "linewise") return { from, to: end, linewise: true };
  if (m.kind === "inclusive") return { from, to: s.after(end), linewise: false };
  // A motion that ends at the begin of a line does not take in its newline.
  const word = key === "w" || key === "W";
  const before = s.doc.line(end.line).slice(0, end.col);
  if (end.line > from.line && (before === "" || (word && /^\s*$/.test(before)))) {
    const line = end.line - 1;
    const whole = !word && /^\s*$/.test(s.doc.line(from.line).slice(0, from.col));
    return { from, to: { line, col: s.doc.line(line).length }, linewise: whole };
  }
  return { from, to: end, linewise: false };
}

const lineText = (s: State, e: Extent): string => s.doc.lines.slice(e.from.line, e.to.line + 1).join("\n");

export const textOf = (s: State, e: Extent): string =>
  e.linewise ? lineText(s, e) : s.doc.between(e.from, e.to);

export function yank(s: State, e: Extent, register: string): void {
  s.store(register, { text: textOf(s, e), linewise: e.linewise }, true);
  s.goTo(
    e.linewise
      ? { line: e.from.line, col: s.cursor.line === e.from.line ? s.cursor.col : e.from.col }
      : e.from,
  );
  const count = e.to.line - e.from.line + 1;
  if (e.linewise && count > 2) s.message = `${count} lines yanked`;
}

export function remove(s: State, e: Extent, register: string): void {
  s.store(register, { text: textOf(s, e), linewise: e.linewise }, false);
  if (!e.linewise) {
    s.doc.remove(e.from, e.to);
    s.goTo(e.from);
    return;
  }
  const count = e.to.line - e.from.line + 1;
  s.doc.splice(e.from.line, count, []);
  s.goTo(s.firstNonBlank(Math.min(e.from.line, s.doc.last)));
  if (count > 2) s.message = `${count} fewer lines`;
}

/** Takes the text out and leaves the cursor where the new text is to be typed. */
export function removeForChange(s: State, e: Extent, register: string): void {
  if (!e.linewise) return remove(s, e, register);
  s.store(register, { text: textOf(s, e), linewise: true }, false);
  const indent = s.settings.autoindent ? /^\s*/.exec(s.doc.line(e.from.line))![0] : "";
  s.doc.splice(e.from.line, e.to.line - e.from.line + 1, [indent]);
  s.goTo({ line: e.from.line, col: indent.length });
}

/** Blanks that reach a column, with tabs unless 'expandtab'. */
export function indentTo(s: State, column: number): string {
  const { expandtab, tabstop } = s.settings;
  if (expandtab) return " ".repeat(column);
  return "\t".repeat(Math.floor(column / tabstop)) + " ".repeat(column % tabstop);
}

export function shift(s: State, e: Extent, by: number): void {
  const { shiftwidth, tabstop } = s.settings;
  for (let i = e.from.line; i <= e.to.line; i++) {
    const text = s.doc.line(i);
    const blanks = /^\s*/.exec(text)![0];
    if (text === blanks && by > 0) continue;
    const column = Math.max(0, columnOf(text, blanks.length, tabstop) + by * shiftwidth);
    s.doc.splice(i, 1, [indentTo(s, column) + text.slice(blanks.length)]);
  }
  s.goTo(s.firstNonBlank(e.from.line));
}

/** Puts another text in the place of this part. */
export function rewrite(s: State, e: Extent, change: (text: string) => string): void {
  const whole = e.linewise
    ? { from: { line: e.from.line, col: 0 }, to: { line: e.to.line, col: s.doc.line(e.to.line).length } }
    : e;
  const text = s.doc.remove(whole.from, whole.to);
  s.doc.insert(whole.from, change(text));
  s.goTo(e.from);
}

export const swapCase = (text: string): string =>
  [...text].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join("");

/** J: lines into one, with one blank between. */
export function join(s: State, from: number, count: number, blanks: boolean): void {
  for (let i = 1; i < count && from < s.doc.last; i++) {
    const first = s.doc.line(from);
    const next = s.doc.line(from + 1);
    const rest = blanks ? next.replace(/^\s+/, "") : next;
    const gap =
      !blanks || first === "" || /\s$/.test(first) || rest === "" || rest.startsWith(")") ? "" : " ";
    s.doc.splice(from, 2, [first + gap + rest]);
    s.goTo({ line: from, col: first.length });
  }
}

/** p and P. */
export function put(s: State, name: string, before: boolean, times: number): void {
  const { text, linewise } = s.register(name);
  if (linewise) {
    const lines = Array.from({ length: times }, () => text.split("\n")).flat();
    const at = before ? s.cursor.line : s.cursor.line + 1;
    s.doc.splice(at, 0, lines);
    s.goTo(s.firstNonBlank(at));
    return;
  }
  const at: Pos = before || s.line === "" ? s.cursor : s.after(s.cursor);
  const end = s.doc.insert(at, text.repeat(times));
  s.goTo(text.includes("\n") ? at : { line: end.line, col: Math.max(0, end.col - 1) });
}
