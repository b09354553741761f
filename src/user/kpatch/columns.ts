// columns.ts - `column -t`: cells two spaces apart, the last column unpadded.

/** Rows may have fewer cells than the widest row; they are padded where a cell to the right exists. */
export function alignColumns(rows: string[][]): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) =>
    Math.max(0, ...rows.map((row) => (row[i] ?? "").length)),
  );
  return rows.map((row) =>
    widths.map((width, i) => (i === count - 1 ? (row[i] ?? "") : (row[i] ?? "").padEnd(width + 2))).join(""),
  );
}
