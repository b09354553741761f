// columns.ts - a list in columns of one width, as readline shows what could follow.

/** Down, then across. */
export function columns(cells: { text: string; width: number }[], width: number): string {
  const wide = Math.max(0, ...cells.map((cell) => cell.width)) + 2;
  const fit = Math.floor(width / wide);
  const count = Math.max(1, fit > 1 && fit * wide === width ? fit - 1 : fit);
  const rows = Math.ceil(cells.length / count);
  let out = "";
  for (let row = 0; row < rows; row++) {
    for (let at = row; at < cells.length; at += rows) {
      const cell = cells[at]!;
      out += cell.text + (at + rows < cells.length ? " ".repeat(wide - cell.width) : "");
    }
    out += "\n";
  }
  return out;
}
