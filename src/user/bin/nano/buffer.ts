// buffer.ts - one text in nano: the document, the cursor, the mark and what was cut.

import { columnOf, nextChar, positionAt, previousChar } from "../edit/columns.ts";
import { type Document, isBefore, type Pos } from "../edit/document.ts";
import type { Selection } from "./view.ts";

export interface Habits {
  tab: number;
  autoindent: boolean;
  spaces: boolean;
  numbers: boolean;
}

const WORD = /[\p{L}\p{N}_]/u;

export class Buffer {
  cursor: Pos = { line: 0, col: 0 };
  mark: Pos | null = null;
  /** The column that up and down try to keep. */
  private wanted: number | null = null;
  private cutText = "";
  private cutting = false;

  constructor(
    public doc: Document,
    readonly habits: Habits,
  ) {}

  private get line(): string {
    return this.doc.line(this.cursor.line);
  }

  get column(): number {
    return columnOf(this.line, this.cursor.col, this.habits.tab);
  }

  get selection(): Selection {
    if (!this.mark) return null;
    return isBefore(this.mark, this.cursor)
      ? { from: this.mark, to: this.cursor }
      : { from: this.cursor, to: this.mark };
  }

  /** Ends a run of typing or cutting: the next is undone by itself. */
  endRun(kind: "typing" | "cutting" | "other"): void {
    if (kind !== "typing") this.doc.commit(this.cursor);
    if (kind !== "cutting") this.cutting = false;
  }

  goTo(p: Pos): void {
    this.cursor = this.doc.clamp(p);
    this.wanted = null;
  }

  // ---- moving

  left(): void {
    const { line, col } = this.cursor;
    if (col > 0) this.goTo({ line, col: previousChar(this.line, col) });
    else if (line > 0) this.goTo({ line: line - 1, col: Infinity });
  }

  right(): void {
    const { line, col } = this.cursor;
    if (col < this.line.length) this.goTo({ line, col: nextChar(this.line, col) });
    else if (line < this.doc.last) this.goTo({ line: line + 1, col: 0 });
  }

  vertical(by: number): void {
    const wanted = this.wanted ?? this.column;
    const line = Math.max(0, Math.min(this.doc.last, this.cursor.line + by));
    this.cursor = { line, col: positionAt(this.doc.line(line), wanted, this.habits.tab) };
    this.wanted = wanted;
  }

  home(): void {
    this.goTo({ line: this.cursor.line, col: 0 });
  }

  endOfLine(): void {
    this.goTo({ line: this.cursor.line, col: Infinity });
  }

  private get atWord(): boolean {
    return WORD.test(this.line[this.cursor.col] ?? "");
  }

  private get atEdge(): boolean {
    const { line, col } = this.cursor;
    return line === this.doc.last && col === this.line.length;
  }

  nextWord(): void {
    while (this.atWord) this.right();
    while (!this.atWord && !this.atEdge) this.right();
  }

  previousWord(): void {
    const atStart = (): boolean => this.cursor.line === 0 && this.cursor.col === 0;
    do this.left();
    while (!this.atWord && !atStart());
    while (this.cursor.col > 0 && WORD.test(this.line[this.cursor.col - 1]!)) this.left();
  }

  // ---- changing

  /** A change that joins what was typed before it. */
  type(text: string): void {
    this.doc.begin(this.cursor);
    this.goTo(this.doc.insert(this.cursor, text));
    this.mark = null;
  }

  /** A change that is undone by itself. */
  change(edit: () => Pos): void {
    this.doc.commit(this.cursor);
    this.doc.begin(this.cursor);
    this.goTo(edit());
    this.doc.commit(this.cursor);
    this.mark = null;
  }

  enter(): void {
    const indent = this.habits.autoindent ? /^[ \t]*/.exec(this.line.slice(0, this.cursor.col))![0] : "";
    this.type(`\n${indent}`);
  }

  tab(): void {
    const { tab, spaces } = this.habits;
    this.type(spaces ? " ".repeat(tab - (this.column % tab)) : "\t");
  }

  deleteForward(): void {
    const from = this.cursor;
    const { col } = from;
    const atEnd = col === this.line.length;
    if (atEnd && from.line === this.doc.last) return;
    const to = atEnd ? { line: from.line + 1, col: 0 } : { line: from.line, col: nextChar(this.line, col) };
    this.doc.begin(from);
    this.doc.remove(from, to);
  }

  deleteBackward(): void {
    const before = this.cursor;
    this.left();
    if (before.line === this.cursor.line && before.col === this.cursor.col) return;
    this.doc.begin(before);
    this.doc.remove(this.cursor, before);
    this.mark = null;
  }

  /** What is marked, or the whole line. Cuts one after another add up. */
  cut(): boolean {
    const { from, to } = this.selection ?? this.wholeLine();
    if (from.line === to.line && from.col === to.col) return false;
    this.change(() => {
      const text = this.doc.remove(from, to);
      this.cutText = this.cutting ? this.cutText + text : text;
      return from;
    });
    this.cutting = true;
    return true;
  }

  copy(): void {
    const { from, to } = this.selection ?? this.wholeLine();
    const text = this.doc.between(from, to);
    const wasLine = this.mark === null;
    this.cutText = this.cutting ? this.cutText + text : text;
    this.cutting = true;
    this.mark = null;
    if (wasLine) this.goTo(to);
  }

  private wholeLine(): { from: Pos; to: Pos } {
    const { line } = this.cursor;
    const to = line < this.doc.last ? { line: line + 1, col: 0 } : { line, col: this.line.length };
    return { from: { line, col: 0 }, to };
  }

  paste(): boolean {
    if (this.cutText === "") return false;
    this.change(() => this.doc.insert(this.cursor, this.cutText));
    return true;
  }

  toggleMark(): boolean {
    this.mark = this.mark ? null : { ...this.cursor };
    return this.mark !== null;
  }

  /** Undoes or does again; false when there is nothing. */
  travel(back: boolean): boolean {
    this.doc.commit(this.cursor);
    const to = back ? this.doc.undo() : this.doc.redo();
    if (to) this.goTo(to);
    this.mark = null;
    return to !== null;
  }

  /** Where the text is next, at `from` or after it, going round the end; null when it is nowhere. */
  find(wanted: string, from: Pos): { at: Pos; wrapped: boolean } | null {
    const needle = wanted.toLowerCase();
    const count = this.doc.lines.length;
    for (let i = 0; i <= count; i++) {
      const line = (from.line + i) % count;
      const col = this.doc
        .line(line)
        .toLowerCase()
        .indexOf(needle, i === 0 ? from.col : 0);
      if (col >= 0 && (i < count || col < from.col))
        return { at: { line, col }, wrapped: from.line + i >= count };
    }
    return null;
  }
}
