// cells.ts - a line of text as what the terminal shows of it.

import { graphemes } from "../../sh/edit/buffer.ts";
import { widthOf } from "../../sh/edit/screen.ts";

export interface Cell {
  /** What is written to the terminal. */
  text: string;
  width: number;
  /** Where in the plain text of the line it begins. */
  at: number;
}

const PLAIN = /^[\x20-\x7e]*$/;
const SGR = /^\x1b\[[\d;:]*m/;

const reverse = (text: string): string => `\x1b[7m${text}\x1b[27m`;

function controlCell(c: string, at: number, column: number, tab: number): Cell {
  if (c === "\t") {
    const width = tab - (column % tab);
    return { text: " ".repeat(width), width, at };
  }
  if (c === "\x1b") return { text: reverse("ESC"), width: 3, at };
  return { text: reverse(`^${String.fromCharCode(c.charCodeAt(0) ^ 64)}`), width: 2, at };
}

/** A byte that is no character: as less shows it. */
function byteCell(c: string, at: number): Cell {
  const hex = (c.charCodeAt(0) & 255).toString(16).toUpperCase();
  return { text: reverse(`<${hex}>`), width: 4, at };
}

function cellOf(c: string, at: number, column: number, tab: number): Cell {
  if (c < " " || c === "\x7f") return controlCell(c, at, column, tab);
  if (c.length === 1 && c >= "\udc80" && c <= "\udcff") return byteCell(c, at);
  return { text: c, width: widthOf(c), at };
}

/** The cells of a line: tabs are blanks, control characters ^X. */
export function cellsOf(line: string, tab = 8): Cell[] {
  if (PLAIN.test(line)) return Array.from(line, (text, at) => ({ text, width: 1, at }));
  const cells: Cell[] = [];
  let [at, column] = [0, 0];
  for (const c of graphemes(line)) {
    const cell = cellOf(c, at, column, tab);
    cells.push(cell);
    at += c.length;
    column += cell.width;
  }
  return cells;
}

/** The same, with colours as colours: they take no room and are no part of the plain text. */
export function colouredCells(line: string, tab = 8): { cells: Cell[]; plain: string } {
  if (!line.includes("\x1b")) return { cells: cellsOf(line, tab), plain: line };
  const cells: Cell[] = [];
  let [plain, column, colour] = ["", 0, ""];
  for (let i = 0; i < line.length;) {
    const sgr = SGR.exec(line.slice(i, i + 32));
    if (sgr) {
      colour += sgr[0];
      i += sgr[0].length;
      continue;
    }
    const escape = line.indexOf("\x1b", i + 1);
    for (const c of graphemes(line.slice(i, escape < 0 ? line.length : escape))) {
      const cell = cellOf(c, plain.length, column, tab);
      cells.push({ ...cell, text: colour + cell.text });
      colour = "";
      plain += c;
      column += cell.width;
    }
    i = escape < 0 ? line.length : escape;
  }
  if (colour !== "" && cells.length > 0) cells.at(-1)!.text += colour;
  return { cells, plain };
}

/** Cuts cells into rows of at most `width` columns; an empty line is one empty row. */
export function wrapCells(cells: Cell[], width: number): Cell[][] {
  const rows: Cell[][] = [[]];
  let used = 0;
  for (const cell of cells) {
    if (used + cell.width > width && used > 0) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)!.push(cell);
    used += cell.width;
  }
  return rows;
}

export const widthOfCells = (cells: readonly Cell[]): number => cells.reduce((n, c) => n + c.width, 0);

/** A text cut to so many columns. */
export function clip(text: string, width: number): string {
  let [out, used] = ["", 0];
  for (const cell of cellsOf(text)) {
    if (used + cell.width > width) break;
    out += cell.text;
    used += cell.width;
  }
  return out;
}

/** The text cut or filled to exactly so many columns. */
export function fit(text: string, width: number): string {
  const cut = clip(text, width);
  return cut + " ".repeat(Math.max(0, width - widthOfCells(cellsOf(text))));
}

/** A row with the cells of some ranges of the plain text reversed. */
export function highlighted(cells: readonly Cell[], ranges: readonly [from: number, to: number][]): string {
  if (ranges.length === 0) return cells.map((c) => c.text).join("");
  const inside = (at: number): boolean => ranges.some(([from, to]) => at >= from && at < to);
  return cells.map((c) => (inside(c.at) ? reverse(c.text) : c.text)).join("");
}
