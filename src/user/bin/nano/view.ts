// view.ts - nano's screen: title, text, status, and the keys at the bottom.

import { clip, fit, highlighted, widthOfCells } from "../fullscreen/cells.ts";
import { cellsOf } from "../fullscreen/cells.ts";
import { cellsBetween, columnOf } from "../edit/columns.ts";
import type { Document, Pos } from "../edit/document.ts";

export interface Looks {
  tab: number;
  numbers: boolean;
}

export type Selection = { from: Pos; to: Pos } | null;

/** Pairs of a key and what it does, column by column. */
export type Shortcuts = readonly (readonly [key: string, does: string])[];

const reverse = (text: string): string => `\x1b[7m${text}\x1b[27m`;

/** `  nano      FILE      Modified  ` */
export function titleRow(name: string, state: string, cols: number): string {
  const left = "  nano (Patchbay)";
  const right = state === "" ? "" : `${state}  `;
  const room = Math.max(0, cols - left.length - right.length - 2);
  const middle = clip(name, room);
  const before = Math.max(left.length + 2, Math.floor((cols - middle.length) / 2));
  return reverse(fit(left.padEnd(before) + middle, cols - right.length) + right);
}

export function statusRow(text: string, cols: number): string {
  if (text === "") return "";
  const shown = `[ ${clip(text, cols - 4)} ]`;
  return `${" ".repeat(Math.max(0, Math.floor((cols - shown.length) / 2)))}${reverse(shown)}`;
}

/** Two rows of shortcuts, as many as fit. */
export function shortcutRows(shortcuts: Shortcuts, cols: number): [string, string] {
  const count = Math.max(1, Math.min(Math.ceil(shortcuts.length / 2), Math.floor(cols / 16)));
  const width = Math.floor(cols / count);
  const cell = (i: number): string => {
    const [key, does] = shortcuts[i] ?? ["", ""];
    return key === "" ? "" : reverse(key) + fit(` ${does}`, Math.max(0, width - key.length - 1)) + " ";
  };
  const row = (first: number): string =>
    Array.from({ length: count }, (_, i) => cell(i * 2 + first))
      .join("")
      .trimEnd();
  return [row(0), row(1)];
}

/** The line with the cursor is shown from a column that has the cursor in it. */
function firstColumn(cursor: number, width: number): number {
  if (cursor < width - 1) return 0;
  const step = Math.max(1, width - 8);
  return cursor - 7 - ((cursor - 7) % step);
}

export class TextArea {
  top = 0;

  constructor(
    private readonly doc: () => Document,
    private readonly looks: Looks,
  ) {}

  private get margin(): number {
    return this.looks.numbers ? String(this.doc().lines.length).length + 1 : 0;
  }

  /** Scrolls as little as shows the cursor; by half a screen when it is far away. */
  follow(cursor: Pos, rows: number): void {
    const far = cursor.line < this.top - rows || cursor.line >= this.top + 2 * rows;
    if (far) this.top = Math.max(0, cursor.line - Math.floor(rows / 2));
    else if (cursor.line < this.top) this.top = cursor.line;
    else if (cursor.line >= this.top + rows) this.top = cursor.line - rows + 1;
  }

  draw(
    cursor: Pos,
    selection: Selection,
    rows: number,
    cols: number,
  ): { rows: string[]; row: number; col: number } {
    const width = Math.max(2, cols - this.margin);
    const column = columnOf(this.doc().line(cursor.line), cursor.col, this.looks.tab);
    const from = firstColumn(column, width);
    const out: string[] = [];
    for (let i = this.top; i < this.top + rows; i++)
      out.push(i > this.doc().last ? "" : this.row(i, i === cursor.line ? from : 0, width, selection));
    return { rows: out, row: cursor.line - this.top, col: this.margin + column - from };
  }

  private row(i: number, from: number, width: number, selection: Selection): string {
    const cells = cellsOf(this.doc().line(i), this.looks.tab);
    const number = this.looks.numbers ? `${String(i + 1).padStart(this.margin - 1)} ` : "";
    const more = widthOfCells(cells) > from + width;
    const shown = cellsBetween(cells, from, from + width - (more ? 1 : 0));
    const left = from > 0 && shown.length > 0 ? reverse("<") : "";
    return (
      number +
      left +
      highlighted(left === "" ? shown : shown.slice(1), this.selected(i, selection)) +
      (more ? reverse(">") : "")
    );
  }

  private selected(line: number, s: Selection): [number, number][] {
    if (!s || line < s.from.line || line > s.to.line) return [];
    return [[line === s.from.line ? s.from.col : 0, line === s.to.line ? s.to.col : Infinity]];
  }
}
