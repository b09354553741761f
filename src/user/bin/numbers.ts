// numbers.ts - factor and numfmt.

import type { Program } from "../sys.ts";
import { type Command, utility } from "./command.ts";

/** Miller and Rabin with bases that are enough for 64 bits. */
function isPrime(n: bigint): boolean {
  if (n < 2n) return false;
  const bases = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n];
  if (bases.includes(n)) return true;
  if (bases.some((p) => n % p === 0n)) return false;
  let [odd, twos] = [n - 1n, 0];
  for (; odd % 2n === 0n; odd /= 2n) twos++;
  return bases.every((base) => passes(n, base, odd, twos));
}

function passes(n: bigint, base: bigint, odd: bigint, twos: number): boolean {
  let x = power(base, odd, n);
  if (x === 1n || x === n - 1n) return true;
  for (let i = 1; i < twos; i++) {
    x = (x * x) % n;
    if (x === n - 1n) return true;
  }
  return false;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let [b, e] = [base % modulus, exponent]; e > 0n; e >>= 1n, b = (b * b) % modulus)
    if (e & 1n) result = (result * b) % modulus;
  return result;
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

/** Pollard's rho: some factor of a number that is no prime. */
function someFactor(n: bigint): bigint {
  for (let c = 1n; ; c++) {
    const step = (x: bigint): bigint => (x * x + c) % n;
    let [slow, fast, d] = [2n, 2n, 1n];
    while (d === 1n) {
      slow = step(slow);
      fast = step(step(fast));
      d = gcd(slow > fast ? slow - fast : fast - slow, n);
    }
    if (d !== n) return d;
  }
}

function factors(n: bigint): bigint[] {
  if (n < 2n) return [];
  for (const p of [2n, 3n, 5n, 7n]) if (n % p === 0n) return [p, ...factors(n / p)];
  if (isPrime(n)) return [n];
  const d = someFactor(n);
  return [...factors(d), ...factors(n / d)].sort((a, b) => (a < b ? -1 : 1));
}

const factor = utility(
  "factor",
  { help: "Usage: factor [NUMBER]...\nPrint the prime factors of each specified integer NUMBER." },
  async (c) => {
    const one = async (word: string): Promise<void> => {
      if (!/^\+?\d+$/.test(word)) return c.warn(`‘${word}’ is not a valid positive integer`);
      const n = BigInt(word.replace("+", ""));
      await c.out(
        `${n}:${factors(n)
          .map((p) => ` ${p}`)
          .join("")}\n`,
      );
    };
    for (const word of c.operands) await one(word);
    if (c.operands.length > 0) return;
    for await (const line of c.lines(["-"]))
      for (const word of line.split(/\s+/).filter(Boolean)) await one(word);
  },
);

const SUFFIXES = ["", "K", "M", "G", "T", "P", "E"];

type Scale = "none" | "auto" | "si" | "iec" | "iec-i";

/** A number with a suffix of the scale; null when it is none. */
function read(text: string, scale: Scale): number | null {
  const m = /^(-?\d+(?:\.\d+)?)([KkMGTPE]?)(i?)$/.exec(text);
  if (!m) return null;
  const power = SUFFIXES.indexOf(m[2]!.toUpperCase());
  if (scale === "none") return m[2] === "" ? Number(m[1]) : null;
  const base = scale === "si" || (scale === "auto" && m[3] === "") ? 1000 : 1024;
  return Number(m[1]) * base ** power;
}

/** Rounded away from zero, with one digit behind the point below ten. */
function write(n: number, scale: Scale): string {
  if (scale === "none" || scale === "auto") return String(Math.round(n));
  const base = scale === "si" ? 1000 : 1024;
  let [value, power] = [Math.abs(n), 0];
  for (; value >= base && power < SUFFIXES.length - 1; value /= base) power++;
  const up = (digits: number): number => Math.ceil(value * 10 ** digits - 1e-9) / 10 ** digits;
  let text = power > 0 && up(1) < 10 ? up(1).toFixed(1) : String(up(0));
  if (Number(text) >= base && power > 0) [text, power] = ["1.0", power + 1];
  return `${n < 0 ? "-" : ""}${text}${SUFFIXES[power]}${scale === "iec-i" && power > 0 ? "i" : ""}`;
}

async function convert(c: Command, text: string): Promise<string> {
  const [from, to] = [(c.value("from") ?? "none") as Scale, (c.value("to") ?? "none") as Scale];
  const n = read(text.trim(), from);
  if (n === null) {
    const odd = /^-?\d+(?:\.\d+)?([KkMGTPE])/.test(text.trim())
      ? `rejecting suffix in input: ‘${text.trim()}’ (consider using --from)`
      : `invalid number: ‘${text}’`;
    return c.die(odd, 2);
  }
  const padding = Number(c.value("padding") ?? 0);
  const shown = write(n * Number(c.value("from-unit") ?? 1), to) + (c.value("suffix") ?? "");
  return padding < 0 ? shown.padEnd(-padding) : shown.padStart(padding);
}

const numfmt = utility(
  "numfmt",
  {
    help: `Usage: numfmt [OPTION]... [NUMBER]...
Reformat NUMBER(s), or the numbers from standard input if none are specified.

  -d, --delimiter=X  use X instead of whitespace for field delimiter
      --field=N      replace the number in this input field (default: 1)
      --from=UNIT    auto-scale input numbers to UNITs: none, si, iec, iec-i, auto
      --padding=N    pad the output to N characters
      --suffix=SUF   add SUF to output numbers
      --to=UNIT      auto-scale output numbers to UNITs`,
    options: "d:,delimiter ,field: ,from: ,from-unit: ,header? ,padding: ,suffix: ,to: ,to-unit: ,grouping",
  },
  async (c) => {
    const field = Number(c.value("field") ?? 1) - 1;
    for (const n of c.operands) await c.out(`${await convert(c, n)}\n`);
    if (c.operands.length > 0) return;
    const delimiter = c.value("d");
    for await (const line of c.lines(["-"])) {
      const parts = delimiter === undefined ? (line.match(/\s*\S+/g) ?? []) : line.split(delimiter);
      const text = parts[field];
      if (text !== undefined) {
        const lead = /^\s*/.exec(text)![0].slice(0, -1) + (/^\s/.test(text) ? text[0] : "");
        parts[field] = (delimiter === undefined ? lead : "") + (await convert(c, text));
      }
      await c.out(`${parts.join(delimiter ?? "")}\n`);
    }
  },
);

export const numbers: Record<string, Program> = { factor, numfmt };
