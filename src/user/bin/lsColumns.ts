// lsColumns.ts - names in columns, as ls writes them.

export interface Cell {
  text: string;
  width: number;
}

/** ls(1): no column is narrower, its two blanks included. */
const NARROWEST = 3;

/**
 * As many columns as fit, down or across. `tab`: blanks become tabs of that
 * size where they can, as ls writes them; 0 for none.
 */
export function lsColumns(cells: Cell[], width: number, { across = false, tab = 0 } = {}): string {
  if (cells.length === 0) return "";
  const most = Math.max(1, Math.min(cells.length, Math.floor(width / NARROWEST)));
  for (let count = most; ; count--) {
    const rows = Math.ceil(cells.length / count);
    const at = (row: number, column: number): Cell | undefined =>
      across
        ? cells[row * count + column]
        : column * rows + row < cells.length && row < rows
          ? cells[column * rows + row]
          : undefined;
    const widths = Array.from({ length: count }, (_, column) => {
      const gap = column < count - 1 ? 2 : 0;
      let widest = NARROWEST;
      for (let row = 0; row < rows; row++) widest = Math.max(widest, (at(row, column)?.width ?? 0) + gap);
      return widest;
    });
    if (count > 1 && widths.reduce((sum, w) => sum + w) >= width) continue;
    return Array.from({ length: rows }, (_, row) =>
      line(
        widths.map((_w, k) => at(row, k)),
        widths,
        tab,
      ),
    ).join("");
  }
}

function line(row: (Cell | undefined)[], widths: number[], tab: number): string {
  let out = "";
  let start = 0;
  row.forEach((cell, k) => {
    if (!cell) return;
    out += cell.text;
    const next = start + widths[k]!;
    if (row[k + 1]) out += gap(start + cell.width, next, tab);
    start = next;
  });
  return `${out}\n`;
}

function gap(from: number, to: number, tab: number): string {
  let out = "";
  for (let at = from; at < to;) {
    const stop = tab > 0 ? (Math.floor(at / tab) + 1) * tab : Infinity;
    const jump = stop <= to && Math.floor(to / tab) > Math.floor((at + 1) / tab);
    out += jump ? "\t" : " ";
    at = jump ? stop : at + 1;
  }
  return out;
}
