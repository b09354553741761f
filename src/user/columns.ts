// columns.ts - lists in columns, as ls and completion show them.

/** Down, then across, as narrow as it fits. */
export function columns(cells: { text: string; width: number }[], width: number): string {
  if (cells.length === 0) return "";
  for (let rows = 1; rows <= cells.length; rows++) {
    const count = Math.ceil(cells.length / rows);
    const widths = Array.from({ length: count }, (_, k) =>
      Math.max(...cells.slice(k * rows, (k + 1) * rows).map((x) => x.width)),
    );
    if (rows < cells.length && widths.reduce((n, w) => n + w + 2, -2) > width) continue;
    let out = "";
    for (let r = 0; r < rows; r++) {
      const line = widths.map((w, k) => ({ cell: cells[k * rows + r], w })).filter((x) => x.cell);
      out +=
        line
          .map(({ cell, w }, k) => cell!.text + (k < line.length - 1 ? " ".repeat(w - cell!.width + 2) : ""))
          .join("") + "\n";
    }
    return out;
  }
  return "";
}
