// fileWords.ts - how a file's mode and size are written.

const TYPE_LETTERS: Record<number, string> = {
  0o140000: "s",
  0o120000: "l",
  0o100000: "-",
  0o060000: "b",
  0o040000: "d",
  0o020000: "c",
  0o010000: "p",
};

/** `drwxr-xr-x`. */
export function modeText(mode: number): string {
  const bit = (n: number, c: string): string => (mode & n ? c : "-");
  const exec = (x: number, special: number, set: string): string => {
    if (mode & special) return mode & x ? set : set.toUpperCase();
    return bit(x, "x");
  };
  return (
    (TYPE_LETTERS[mode & 0o170000] ?? "?") +
    bit(0o400, "r") +
    bit(0o200, "w") +
    exec(0o100, 0o4000, "s") +
    bit(0o040, "r") +
    bit(0o020, "w") +
    exec(0o010, 0o2000, "s") +
    bit(0o004, "r") +
    bit(0o002, "w") +
    exec(0o001, 0o1000, "t")
  );
}

/** 1536 as 1.5K. */
export function humanSize(n: number, base = 1024): string {
  if (n < base) return String(n);
  let value = n;
  let unit = -1;
  while (value >= base && unit < 5) {
    value /= base;
    unit++;
  }
  const up = value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value);
  return `${up < 10 ? up.toFixed(1) : up}${"KMGTPE"[unit]}`;
}
