// view.ts - lines of a source as rows of the screen, and moving among them.

import {
  type Cell,
  cellsOf,
  colouredCells,
  highlighted,
  widthOfCells,
  wrapCells,
} from "../fullscreen/cells.ts";
import type { Source } from "./source.ts";

export interface Looks {
  numbers: boolean;
  chop: boolean;
  colours: boolean;
  tab: number;
}

/** A row of the text: which line, and which of the rows that line wraps to. */
export interface Place {
  line: number;
  row: number;
}

const NUMBER_WIDTH = 8;

interface Laid {
  text: string;
  rows: Cell[][];
  plain: string;
}

export class View {
  top: Place = { line: 0, row: 0 };
  /** Columns that are cut off at the left (with -S). */
  shift = 0;
  private readonly laid = new Map<number, Laid>();

  constructor(
    readonly source: Source,
    public looks: Looks,
    private width: number,
  ) {}

  resize(width: number): void {
    this.width = width;
    this.laid.clear();
    this.top = { line: this.top.line, row: 0 };
  }

  setLooks(looks: Looks): void {
    this.looks = looks;
    this.resize(this.width);
  }

  private get room(): number {
    return Math.max(1, this.width - (this.looks.numbers ? NUMBER_WIDTH : 0));
  }

  private lay(line: number): Laid {
    const text = this.source.line(line);
    const known = this.laid.get(line);
    if (known?.text === text) return known;
    const { colours, tab, chop } = this.looks;
    const { cells, plain } = colours ? colouredCells(text, tab) : { cells: cellsOf(text, tab), plain: text };
    const laid = { text, plain, rows: chop ? [cells] : wrapCells(cells, this.room) };
    this.laid.set(line, laid);
    return laid;
  }

  plain(line: number): string {
    return this.lay(line).plain;
  }

  /** The next row, null when it has not been read or does not exist. */
  after(p: Place): Place | null {
    if (p.row + 1 < this.lay(p.line).rows.length) return { line: p.line, row: p.row + 1 };
    return p.line + 1 < this.source.count ? { line: p.line + 1, row: 0 } : null;
  }

  before(p: Place): Place | null {
    if (p.row > 0) return { line: p.line, row: p.row - 1 };
    return p.line > 0 ? { line: p.line - 1, row: this.lay(p.line - 1).rows.length - 1 } : null;
  }

  /** The rows on the screen, from the top. */
  places(rows: number): Place[] {
    const out: Place[] = [];
    if (this.source.count === 0) return out;
    for (let p: Place | null = this.top; p && out.length < rows; p = this.after(p)) out.push(p);
    return out;
  }

  /** Moves up to `by` rows; how far it came. */
  up(by: number): number {
    let n = 0;
    for (let p = this.before(this.top); p && n < by; p = this.before(p), n++) this.top = p;
    return n;
  }

  /** Moves down, but never shows less than a full screen. */
  down(by: number, rows: number): number {
    let n = 0;
    let last = this.places(rows).at(-1);
    while (n < by && last) {
      const next = this.after(last);
      const top = this.after(this.top);
      if (!next || !top) break;
      [last, this.top] = [next, top];
      n++;
    }
    return n;
  }

  toEnd(rows: number): void {
    if (this.source.count === 0) return;
    const line = this.source.count - 1;
    this.top = { line, row: this.lay(line).rows.length - 1 };
    this.up(rows - 1);
  }

  /** Whether the last row that was read is on the screen. */
  atEnd(rows: number): boolean {
    const last = this.places(rows).at(-1);
    return !last || this.after(last) === null;
  }

  /** Brings a line to the top, or as near as a full screen allows. */
  goTo(line: number, rows: number): void {
    this.toEnd(rows);
    const end = this.top;
    const wanted = { line: Math.max(0, line), row: 0 };
    if (wanted.line < end.line || (wanted.line === end.line && wanted.row < end.row)) this.top = wanted;
  }

  text(p: Place, matches: (plain: string) => [number, number][]): string {
    const { rows, plain } = this.lay(p.line);
    const number = this.looks.numbers
      ? p.row === 0
        ? `${String(p.line + 1).padStart(NUMBER_WIDTH - 1)} `
        : " ".repeat(NUMBER_WIDTH)
      : "";
    const cells = rows[p.row]!;
    return number + highlighted(this.looks.chop ? this.cut(cells) : cells, matches(plain));
  }

  /** With -S: what fits, with a mark where something was cut off. */
  private cut(cells: Cell[]): Cell[] {
    let skipped = 0;
    let from = 0;
    while (from < cells.length && skipped < this.shift) skipped += cells[from++]!.width;
    const rest = cells.slice(from);
    if (widthOfCells(rest) <= this.room) return rest;
    const shown: Cell[] = [];
    let used = 0;
    for (const cell of rest) {
      if (used + cell.width > this.room - 1) break;
      shown.push(cell);
      used += cell.width;
    }
    return [...shown, { text: "\x1b[0;7m>\x1b[27m", width: 1, at: -1 }];
  }
}
