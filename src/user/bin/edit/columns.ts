// columns.ts - positions in a line as people see them: whole characters, columns of the screen.

import { type Cell, cellsOf } from "../fullscreen/cells.ts";

const ASCII = /^[\x00-\x7f]*$/;

export function nextChar(line: string, col: number): number {
  if (col >= line.length) return line.length;
  if (ASCII.test(line)) return col + 1;
  return cellsOf(line).find((c) => c.at > col)?.at ?? line.length;
}

export function previousChar(line: string, col: number): number {
  if (ASCII.test(line)) return Math.max(0, col - 1);
  return cellsOf(line).findLast((c) => c.at < col)?.at ?? 0;
}

/** The column of the screen on which position `col` is shown. */
export function columnOf(line: string, col: number, tab: number): number {
  let column = 0;
  for (const cell of cellsOf(line, tab)) {
    if (cell.at >= col) break;
    column += cell.width;
  }
  return column;
}

/** The position whose character covers that column; the end of a line that is shorter. */
export function positionAt(line: string, column: number, tab: number): number {
  let used = 0;
  for (const cell of cellsOf(line, tab)) {
    used += cell.width;
    if (used > column) return cell.at;
  }
  return line.length;
}

/** What lies in some columns of a line. */
export function cellsBetween(cells: readonly Cell[], from: number, to: number): Cell[] {
  const out: Cell[] = [];
  let column = 0;
  for (const cell of cells) {
    if (column >= to) break;
    if (column >= from && column + cell.width <= to) out.push(cell);
    else if (column + cell.width > from) out.push({ ...cell, text: " ", width: 1 });
    column += cell.width;
  }
  return out;
}
