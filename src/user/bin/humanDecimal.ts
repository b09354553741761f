// humanDecimal.ts - sizes as dd and numfmt write them: 1.5 kB, 1.5 KiB.

/** Three figures at most, rounded as GNU does: to nearest. */
export function humanDecimal(n: number, binary = false): string {
  const base = binary ? 1024 : 1000;
  const units = binary ? ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] : ["B", "kB", "MB", "GB", "TB", "PB"];
  let power = 0;
  let value = n;
  while (value >= base && power < units.length - 1) {
    value /= base;
    power++;
  }
  const digits = power > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return `${digits} ${units[power]!}`;
}
