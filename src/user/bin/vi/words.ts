// words.ts - moving by words and paragraphs.

import type { Document, Pos } from "../edit/document.ts";

/** 0 blank, 1 punctuation, 2 word; with `big`, anything that is not blank is a word. */
function kind(c: string | undefined, big: boolean): number {
  if (c === undefined || /\s/.test(c)) return 0;
  return big || /[\p{L}\p{N}_]/u.test(c) ? 2 : 1;
}

/** Walks over characters; the end of a line counts as a blank, an empty line as a word. */
class Walker {
  constructor(
    private readonly doc: Document,
    public at: Pos,
    private readonly big: boolean,
  ) {}

  get kind(): number {
    return kind(this.doc.line(this.at.line)[this.at.col], this.big);
  }

  get emptyLine(): boolean {
    return this.doc.line(this.at.line) === "";
  }

  forward(): boolean {
    const { line, col } = this.at;
    if (col < this.doc.line(line).length) this.at = { line, col: col + 1 };
    else if (line < this.doc.last) this.at = { line: line + 1, col: 0 };
    else return false;
    return true;
  }

  backward(): boolean {
    const { line, col } = this.at;
    if (col > 0) this.at = { line, col: col - 1 };
    else if (line > 0) this.at = { line: line - 1, col: this.doc.line(line - 1).length };
    else return false;
    return true;
  }
}

export function nextWord(doc: Document, from: Pos, big: boolean): Pos {
  const w = new Walker(doc, from, big);
  const start = w.kind;
  const line = from.line;
  while (start !== 0 && w.kind === start && w.at.line === line && w.forward());
  while (w.kind === 0 && !(w.emptyLine && w.at.line !== line) && w.forward());
  return w.at;
}

export function previousWord(doc: Document, from: Pos, big: boolean): Pos {
  const w = new Walker(doc, from, big);
  if (!w.backward()) return from;
  while (w.kind === 0 && !w.emptyLine && w.backward());
  const found = w.kind;
  while (found !== 0 && w.at.col > 0 && kind(doc.line(w.at.line)[w.at.col - 1], big) === found) w.backward();
  return w.at;
}

export function endOfWord(doc: Document, from: Pos, big: boolean): Pos {
  const w = new Walker(doc, from, big);
  if (!w.forward()) return from;
  while (w.kind === 0 && w.forward());
  const found = w.kind;
  const text = doc.line(w.at.line);
  while (found !== 0 && kind(text[w.at.col + 1], big) === found) w.forward();
  return w.at;
}

/** What cw changes: to the end of this word, which may be where we stand, then of those after it. */
export function endOfThisWord(doc: Document, from: Pos, big: boolean, count: number): Pos {
  const text = doc.line(from.line);
  let { col } = from;
  while (kind(text[col + 1], big) === kind(text[col], big) && col + 1 < text.length) col++;
  let p = { line: from.line, col };
  for (let i = 1; i < count; i++) p = endOfWord(doc, p, big);
  return p;
}

/** The empty line after or before this paragraph. */
export function paragraph(doc: Document, from: number, step: 1 | -1): Pos {
  let line = from;
  while (doc.lines[line] === "") line += step;
  while (line >= 0 && line <= doc.last && doc.line(line) !== "") line += step;
  if (line < 0) return { line: 0, col: 0 };
  return line > doc.last ? doc.end : { line, col: 0 };
}

export { kind as kindOfChar };
