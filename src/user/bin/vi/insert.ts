// insert.ts - typing: insert and replace mode, from their first key to Escape.

import { previousChar } from "../edit/columns.ts";
import { indentTo } from "./operators.ts";
import type { State } from "./state.ts";

/** A key by readline's name, or typed or pasted text. */
export interface ViKey {
  name: string;
  text?: string;
}

type NextKey = () => Promise<ViKey>;

/** The characters that were written over, to come back with Backspace. */
class Overwritten {
  private readonly old: (string | null)[] = [];

  type(s: State, text: string): void {
    const at = s.cursor;
    const under = s.line.slice(at.col, s.after(at).col);
    this.old.push(under === "" ? null : under);
    if (under !== "") s.doc.remove(at, s.after(at));
    s.goTo(s.doc.insert(at, text));
  }

  back(s: State): void {
    const { line, col } = s.cursor;
    if (col === 0) return;
    const to = { line, col: previousChar(s.line, col) };
    const old = this.old.pop();
    if (old !== undefined) {
      s.doc.remove(to, s.cursor);
      if (old !== null) s.doc.insert(to, old);
    }
    s.goTo(to);
  }
}

function removeBack(s: State, to: number): void {
  const from = { line: s.cursor.line, col: to };
  s.doc.remove(from, s.cursor);
  s.goTo(from);
}

function backspace(s: State): void {
  const { line, col } = s.cursor;
  if (col > 0) return removeBack(s, previousChar(s.line, col));
  if (line === 0) return;
  const end = { line: line - 1, col: s.doc.line(line - 1).length };
  s.doc.remove(end, s.cursor);
  s.goTo(end);
}

function enter(s: State): void {
  const indent = s.settings.autoindent ? /^\s*/.exec(s.line.slice(0, s.cursor.col))![0] : "";
  s.goTo(s.doc.insert(s.cursor, `\n${indent}`));
}

function tab(s: State): void {
  const { expandtab, shiftwidth } = s.settings;
  const blanks = expandtab ? " ".repeat(shiftwidth - (s.cursor.col % shiftwidth)) : "\t";
  s.goTo(s.doc.insert(s.cursor, blanks));
}

function deleteForward(s: State): void {
  const { line, col } = s.cursor;
  if (col < s.line.length) s.doc.remove(s.cursor, s.after(s.cursor));
  else if (line < s.doc.last) s.doc.remove(s.cursor, { line: line + 1, col: 0 });
}

/** C-t and C-d: the indent of this line grows or shrinks. */
function reindent(s: State, by: number): void {
  const blanks = /^\s*/.exec(s.line)![0];
  const column = Math.max(
    0,
    indentTo(s, 0).length + blanks.replaceAll("\t", " ".repeat(s.settings.tabstop)).length + by,
  );
  const indent = indentTo(s, column);
  const { line, col } = s.cursor;
  s.doc.splice(line, 1, [indent + s.line.slice(blanks.length)]);
  s.goTo({ line, col: Math.max(0, col + indent.length - blanks.length) });
}

/** Keys that move; true when this was one. */
function moves(s: State, name: string): boolean {
  const { line, col } = s.cursor;
  const rows: Record<string, number> = { up: -1, down: 1, "page-up": -20, "page-down": 20 };
  if (rows[name] !== undefined) s.cursor = s.doc.clamp({ line: line + rows[name], col });
  else if (name === "left") s.goTo({ line, col: previousChar(s.line, col) });
  else if (name === "right") s.goTo(s.after(s.cursor));
  else if (name === "home") s.goTo({ line, col: 0 });
  else if (name === "end") s.goTo({ line, col: Infinity });
  else return false;
  return true;
}

function edits(s: State, name: string): void {
  const before = s.line.slice(0, s.cursor.col);
  if (name === "backspace") backspace(s);
  else if (name === "enter") enter(s);
  else if (name === "tab") tab(s);
  else if (name === "delete") deleteForward(s);
  else if (name === "C-w")
    removeBack(s, before.replace(/([\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+)?\s*$/u, "").length);
  else if (name === "C-u") removeBack(s, 0);
  else if (name === "C-t" || name === "C-d")
    reindent(s, name === "C-t" ? s.settings.shiftwidth : -s.settings.shiftwidth);
}

/** Until Escape; what was typed, when it was nothing but text (for a count). */
export async function typeUntilEscape(s: State, next: NextKey, replacing: boolean): Promise<string | null> {
  const over = new Overwritten();
  let typed: string | null = "";
  s.mode = replacing ? "replace" : "insert";
  for (;;) {
    const key = await next();
    if (/^(escape|C-c|C-\[)$/.test(key.name)) break;
    if (key.text !== undefined && replacing) over.type(s, key.text);
    else if (key.text !== undefined) s.goTo(s.doc.insert(s.cursor, key.text));
    else if (replacing && key.name === "backspace") over.back(s);
    else if (!moves(s, key.name)) edits(s, key.name);
    typed =
      typed === null || (key.text === undefined && key.name !== "enter") ? null : typed + (key.text ?? "\n");
  }
  return finish(s, typed);
}

/** Back to normal mode: the cursor stands on the last character typed. */
function finish(s: State, typed: string | null): string | null {
  s.mode = "normal";
  if (s.cursor.col > 0) s.goTo({ line: s.cursor.line, col: previousChar(s.line, s.cursor.col) });
  return typed;
}
