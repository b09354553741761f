// decimal.ts - bc's numbers: whole numbers of any size with so many digits behind the point.

export interface Decimal {
  /** The number times ten to the scale. */
  n: bigint;
  scale: number;
}

/** What bc says after `Runtime error`. */
export class BcError extends Error {}

export const ZERO: Decimal = { n: 0n, scale: 0 };
export const ONE: Decimal = { n: 1n, scale: 0 };

export const whole = (n: number | bigint): Decimal => ({ n: BigInt(n), scale: 0 });

const ten = (power: number): bigint => 10n ** BigInt(power);

/** The same number with another scale; digits beyond it are cut off. */
export function rescale(a: Decimal, scale: number): Decimal {
  if (scale === a.scale) return a;
  const n = scale > a.scale ? a.n * ten(scale - a.scale) : a.n / ten(a.scale - scale);
  return { n, scale };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { n: rescale(a, scale).n + rescale(b, scale).n, scale };
}

export const negate = (a: Decimal): Decimal => ({ n: -a.n, scale: a.scale });

export const subtract = (a: Decimal, b: Decimal): Decimal => add(a, negate(b));

export function multiply(a: Decimal, b: Decimal, scale: number): Decimal {
  const full = a.scale + b.scale;
  return rescale({ n: a.n * b.n, scale: full }, Math.min(full, Math.max(scale, a.scale, b.scale)));
}

export function divide(a: Decimal, b: Decimal, scale: number): Decimal {
  if (b.n === 0n) throw new BcError("Divide by zero");
  return { n: (a.n * ten(scale + b.scale)) / (b.n * ten(a.scale)), scale };
}

/** What is left after dividing with so many digits. */
export function remainder(a: Decimal, b: Decimal, scale: number): Decimal {
  if (b.n === 0n) throw new BcError("Modulo by zero");
  const left = subtract(a, multiply(divide(a, b, scale), b, scale + b.scale));
  return rescale(left, Math.max(scale + b.scale, a.scale));
}

export function power(a: Decimal, b: Decimal, scale: number): Decimal {
  const exponent = rescale(b, 0).n;
  const times = exponent < 0n ? -exponent : exponent;
  if (times > 1_000_000n) throw new BcError("exponent too large in raise");
  const full: Decimal = { n: a.n ** times, scale: a.scale * Number(times) };
  if (exponent < 0n) return divide(ONE, full, scale);
  return rescale(full, Math.min(full.scale, Math.max(scale, a.scale)));
}

export function squareRoot(a: Decimal, scale: number): Decimal {
  if (a.n < 0n) throw new BcError("Square root of a negative number");
  const digits = Math.max(scale, a.scale);
  return { n: integerRoot(rescale(a, 2 * digits).n), scale: digits };
}

function integerRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

export function compare(a: Decimal, b: Decimal): number {
  const d = subtract(a, b).n;
  return d < 0n ? -1 : d > 0n ? 1 : 0;
}

/** How many digits, as length() counts: those behind the point too, no zeros before. */
export function digitCount(a: Decimal): number {
  const digits = (a.n < 0n ? -a.n : a.n).toString();
  return a.n === 0n ? Math.max(1, a.scale) : Math.max(digits.length, a.scale);
}

const DIGITS = "0123456789ABCDEF";

/** A literal in a base; a digit too large for it counts as its largest. */
export function parseDecimal(text: string, base: number): Decimal {
  const [left = "", right = ""] = text.split(".") as [string, string?];
  const single = text.length === 1;
  const value = (c: string): bigint => {
    const digit = DIGITS.indexOf(c);
    return BigInt(single ? digit : Math.min(digit, base - 1));
  };
  const b = BigInt(base);
  let n = 0n;
  for (const c of left) n = n * b + value(c);
  if (right === "") return { n, scale: 0 };
  let [fraction, unit] = [0n, 1n];
  for (const c of right) {
    fraction = fraction * b + value(c);
    unit *= b;
  }
  const scale = right.length;
  return { n: n * ten(scale) + (fraction * ten(scale)) / unit, scale };
}

/** As bc prints it: no zero before the point, lines not broken yet. */
export function formatDecimal(a: Decimal, base: number): string {
  const size = a.n < 0n ? -a.n : a.n;
  const sign = a.n < 0n ? "-" : "";
  if (size === 0n) return "0";
  const unit = ten(a.scale);
  const text = base === 10 ? decimalText(size, unit, a.scale) : otherBase(size, unit, a.scale, BigInt(base));
  return sign + text;
}

function decimalText(size: bigint, unit: bigint, scale: number): string {
  const left = size / unit;
  const right = scale > 0 ? `.${(size % unit).toString().padStart(scale, "0")}` : "";
  return (left === 0n && right !== "" ? "" : left.toString()) + right;
}

function otherBase(size: bigint, unit: bigint, scale: number, base: bigint): string {
  const wide = base > 16n;
  const width = (base - 1n).toString().length;
  const digit = (d: bigint): string => (wide ? ` ${d.toString().padStart(width, "0")}` : DIGITS[Number(d)]!);
  let left = "";
  for (let n = size / unit; n > 0n; n /= base) left = digit(n % base) + left;
  if (scale === 0) return left;
  let [right, rest] = ["", size % unit];
  // As many digits as it takes to be as exact as the decimal number is.
  for (let reach = 1n; reach < unit; reach *= base) {
    rest *= base;
    right += digit(rest / unit);
    rest %= unit;
  }
  return `${left}.${right}`;
}
