// values.ts - awk's values: numbers, strings, and strings that look like numbers.

/** Input that looks like a number compares as one. */
export class Strnum {
  constructor(
    readonly s: string,
    readonly n: number,
  ) {}
}

export type Value = number | string | Strnum | undefined;
export type Table = Map<string, Value>;

const NUMERIC = /^\s*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|0[xX][0-9a-fA-F]+)\s*$/;
const PREFIX = /^\s*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?)/;

/** A field, an element of split(), a getline variable. */
export function fromInput(s: string): Value {
  return NUMERIC.test(s) && !/0[xX]/.test(s) ? new Strnum(s, Number(s)) : s;
}

export function toNumber(v: Value): number {
  if (typeof v === "number") return v;
  if (v === undefined) return 0;
  if (v instanceof Strnum) return v.n;
  const m = PREFIX.exec(v);
  return m ? Number(m[0]) : 0;
}

export function numberText(n: number, format: (n: number) => string): string {
  if (Number.isInteger(n) && Math.abs(n) < 1e16) return String(n === 0 ? 0 : n);
  if (Number.isNaN(n)) return "nan";
  if (!Number.isFinite(n)) return n > 0 ? "inf" : "-inf";
  return format(n);
}

export function toBool(v: Value): boolean {
  if (v === undefined) return false;
  if (typeof v === "number") return v !== 0;
  if (v instanceof Strnum) return v.n !== 0;
  return v !== "";
}

/** Numbers, and input that looks like them, compare by value. */
export function compare(a: Value, b: Value, text: (v: Value) => string): number {
  const numeric = (v: Value): boolean => typeof v === "number" || v === undefined || v instanceof Strnum;
  if (numeric(a) && numeric(b)) return toNumber(a) - toNumber(b);
  const [x, y] = [text(a), text(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The program is wrong in a way that only running shows; status 2. */
export class AwkError extends Error {}
