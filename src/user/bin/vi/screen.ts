// screen.ts - vi's screen: wrapped lines, tildes after the end, one row below for everything else.

import { type Cell, cellsOf, clip, highlighted, wrapCells } from "../fullscreen/cells.ts";
import type { Extent } from "./objects.ts";
import { matchesIn } from "./search.ts";
import type { State } from "./state.ts";
import { columnOf } from "../edit/columns.ts";

const NUMBER_WIDTH = 8;

export class ViView {
  top = 0;
  private rows = 23;
  private cols = 80;

  constructor(private readonly s: State) {}

  resize(rows: number, cols: number): void {
    this.rows = Math.max(1, rows);
    this.cols = cols;
  }

  get height(): number {
    return this.rows;
  }

  private get margin(): number {
    return this.s.settings.number ? NUMBER_WIDTH : 0;
  }

  private wrapped(line: number): Cell[][] {
    const cells = cellsOf(this.s.doc.line(line), this.s.settings.tabstop);
    return wrapCells(cells, Math.max(2, this.cols - this.margin));
  }

  /** The last line that is shown whole when `top` is the first. */
  lastShown(top = this.top): number {
    let used = 0;
    let line = top;
    while (line <= this.s.doc.last) {
      used += this.wrapped(line).length;
      if (used > this.rows) break;
      line++;
    }
    return Math.max(top, line - 1);
  }

  /** The first line when `line` is the last. */
  private topFor(line: number): number {
    let used = this.wrapped(line).length;
    let top = line;
    while (top > 0 && (used += this.wrapped(top - 1).length) <= this.rows) top--;
    return top;
  }

  follow(): void {
    const { line } = this.s.cursor;
    this.top = Math.min(this.top, this.s.doc.last);
    const far = line < this.top - this.rows || line > this.lastShown() + this.rows;
    if (far) this.top = Math.max(0, Math.min(line - Math.floor(this.rows / 2), this.topFor(this.s.doc.last)));
    else if (line < this.top) this.top = line;
    else if (line > this.lastShown()) this.top = this.topFor(line);
  }

  /** zt, zz, zb. */
  place(where: "top" | "middle" | "bottom"): void {
    const { line } = this.s.cursor;
    if (where === "top") this.top = line;
    else if (where === "bottom") this.top = this.topFor(line);
    else this.top = Math.max(0, line - Math.floor(this.rows / 2));
  }

  draw(selection: Extent | null): { rows: string[]; row: number; col: number } {
    this.follow();
    const rows: string[] = [];
    let [row, col] = [0, 0];
    for (let line = this.top; line <= this.s.doc.last && rows.length < this.rows; line++) {
      const wrapped = this.wrapped(line);
      if (rows.length + wrapped.length > this.rows && rows.length > 0) break;
      if (line === this.s.cursor.line) [row, col] = this.cursorIn(wrapped, rows.length);
      const ranges = this.marked(line, selection);
      wrapped.forEach((cells, i) => rows.push(this.number(line, i) + highlighted(cells, ranges)));
    }
    const ended = this.lastShown() >= this.s.doc.last;
    while (rows.length < this.rows) rows.push(`\x1b[94m${ended ? "~" : "@"}`);
    return { rows: rows.slice(0, this.rows), row: Math.min(row, this.rows - 1), col };
  }

  private number(line: number, row: number): string {
    if (this.margin === 0) return "";
    return row > 0
      ? " ".repeat(NUMBER_WIDTH)
      : `\x1b[33m${String(line + 1).padStart(NUMBER_WIDTH - 1)}\x1b[39m `;
  }

  private cursorIn(wrapped: Cell[][], above: number): [row: number, col: number] {
    const { col } = this.s.cursor;
    let row = wrapped.findLastIndex((cells) => (cells[0]?.at ?? 0) <= col);
    let column = 0;
    for (const cell of wrapped[row]!) {
      if (cell.at >= col) break;
      column += cell.width;
    }
    if (column >= this.cols - this.margin) [row, column] = [row + 1, 0];
    return [above + row, this.margin + column];
  }

  private marked(line: number, e: Extent | null): [number, number][] {
    if (e && line >= e.from.line && line <= e.to.line) {
      if (e.linewise) return [[0, Infinity]];
      return [[line === e.from.line ? e.from.col : 0, line === e.to.line ? e.to.col : Infinity]];
    }
    const { sought, settings } = this.s;
    return sought && settings.hlsearch ? matchesIn(this.s.doc.line(line), sought.regex) : [];
  }

  /** `12,5-9        40%` */
  ruler(): string {
    const { line, col } = this.s.cursor;
    const shown = columnOf(this.s.line, col, this.s.settings.tabstop) + 1;
    const column = this.s.line === "" ? "0-1" : shown === col + 1 ? String(shown) : `${col + 1}-${shown}`;
    const [first, last] = [this.top === 0, this.lastShown() >= this.s.doc.last];
    const above = this.top;
    const below = this.s.doc.last - this.lastShown();
    const part = first
      ? last
        ? "All"
        : "Top"
      : last
        ? "Bot"
        : `${Math.floor((above * 100) / (above + below))}%`;
    return `${`${this.s.doc.isEmpty ? 0 : line + 1},${column}`.padEnd(14)}${part}`;
  }

  /** The bottom row: a message or the mode at the left, the ruler at the right. */
  status(text: string): string {
    const room = Math.max(0, this.cols - 19);
    // A long message is worth more than the ruler.
    if (room < 20 || text.length >= room) return clip(text, this.cols);
    return `${clip(text, room - 1).padEnd(room)}${this.ruler()}`;
  }
}
