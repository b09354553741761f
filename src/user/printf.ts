// printf.ts - the format of printf, for the builtin and the program.

import { formatDate } from "./strftime.ts";
import { ansiUnescape, shellQuote } from "./sh/quote.ts";
import { decode, encode } from "./text.ts";

export interface Printed {
  text: string;
  /** Messages, without the command's name. */
  errors: string[];
  /** Numbers that are too big. */
  ranges: string[];
}

/** Where `%(format)T` takes the time from: seconds. */
export interface PrintfClock {
  now: number;
  start: number;
}

const SPEC =
  /%(?:%|([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d+)?)?([hlLjzt]*)(?:([abcdefginopqsuxAEFGX]|\(([^)]*)\)T)|(.?)))/g;

class Printer {
  private out = "";
  readonly errors: string[] = [];
  private readonly ranges: string[] = [];
  private at = 0;
  private stopped = false;

  constructor(
    private readonly args: string[],
    private readonly clock: PrintfClock,
  ) {}

  run(format: string): Printed {
    const pieces = parse(format);
    do {
      const before = this.at;
      for (const p of pieces) {
        if (this.stopped) break;
        if (typeof p === "string") this.literal(p);
        else this.conversion(p);
      }
      if (this.at === before) break;
    } while (this.at < this.args.length && !this.stopped);
    return { text: this.out, errors: this.errors, ranges: this.ranges };
  }

  private literal(s: string): void {
    // `\c` ends the output in the argument of %b only.
    this.out += ansiUnescape(plainQuotes(s).replace(/\\(0[0-7]{2}(?=[0-7])|[\s\S])/g, formatEscape)).text;
  }

  private next(): string | undefined {
    return this.args[this.at++];
  }

  private conversion(m: RegExpExecArray): void {
    if (m[0] === "%%") {
      this.out += "%";
      return;
    }
    if (m[5] === undefined) {
      const text = m[0].slice(0, m[0].length - (m[7]?.length ?? 0));
      this.errors.push(
        m[7] ? `\`${m[7]}': invalid format character` : `\`${text}': missing format character`,
      );
      this.stopped = true;
      return;
    }
    let flags = m[1] ?? "";
    let width = m[2] === "*" ? Number(this.integer(this.next())) : Number(m[2] ?? 0);
    if (width < 0) {
      flags += "-";
      width = -width;
    }
    const dot = /\./.test(m[0].replace(/\(.*\)/, ""));
    const precision = m[3] === "*" ? Number(this.integer(this.next())) : dot ? Number(m[3] ?? 0) : undefined;
    this.out += this.formatted(m, flags, width, precision);
  }

  private formatted(m: RegExpExecArray, flags: string, width: number, precision: number | undefined): string {
    const c = m[5]!;
    if (m[6] !== undefined) return pad(cut(this.time(m[6]), precision), width, flags);
    switch (c) {
      case "s":
        return pad(cut(this.next() ?? "", precision), width, flags);
      case "c":
        return pad(decode(encode(this.next() ?? "").subarray(0, 1)) || "\0", width, flags);
      case "b": {
        const { text, stop } = ansiUnescape(this.next() ?? "", false);
        this.stopped = stop;
        return pad(cut(text, precision), width, flags);
      }
      case "q":
        return pad(shellQuote(this.next() ?? ""), width, flags);
      case "d":
      case "i":
        return integerText(this.integer(this.next()), 10, flags, width, precision, true);
      case "u":
        return integerText(this.unsigned(this.next()), 10, flags, width, precision, false);
      case "o":
        return integerText(this.unsigned(this.next()), 8, flags, width, precision, false);
      case "x":
      case "X": {
        const text = integerText(this.unsigned(this.next()), 16, flags, width, precision, false);
        return c === "X" ? text.toUpperCase() : text;
      }
      case "e":
      case "E":
      case "f":
      case "F":
      case "g":
      case "G":
        return floatText(this.float(this.next()), c, flags, width, precision);
      case "n":
        this.next();
        return "";
      default:
        this.errors.push(`\`${c}': invalid format character`);
        this.stopped = true;
        return "";
    }
  }

  private time(format: string): string {
    const arg = this.next();
    const t =
      arg === undefined || arg === "-1" ? this.clock.now : arg === "-2" ? this.clock.start : Number(arg);
    const text = formatDate(format === "" ? "%X" : format, t, 0);
    return encode(text).length < TIME_MAX ? text : "";
  }

  private integer(arg: string | undefined): bigint {
    const n = this.parsed(arg);
    // What does not fit is the nearest number that does.
    if (n >= -MAX - 1n && n <= MAX) return n;
    this.ranges.push(arg!);
    return n > 0n ? MAX : -MAX - 1n;
  }

  private unsigned(arg: string | undefined): bigint {
    const n = this.parsed(arg);
    if (n >= -ALL && n <= ALL) return n & ALL;
    this.ranges.push(arg!);
    return ALL;
  }

  private parsed(arg: string | undefined): bigint {
    if (arg === undefined || arg === "") return 0n;
    if (/^["']/.test(arg)) return BigInt(charCode(arg));
    const m = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(arg);
    if (!m) {
      this.errors.push(`${arg}: invalid number`);
      return 0n;
    }
    if (m[0].length < arg.length) this.errors.push(`${arg}: invalid number`);
    const digits = /^0[0-7]+$/.test(m[2]!) ? `0o${m[2]!.slice(1)}` : m[2]!;
    return m[1] === "-" ? -BigInt(digits) : BigInt(digits);
  }

  private float(arg: string | undefined): number {
    if (arg === undefined || arg === "") return 0;
    if (/^["']/.test(arg)) return charCode(arg);
    const m = /^\s*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf(inity)?|nan)/i.exec(arg);
    if (!m || m[0].length < arg.length) this.errors.push(`${arg}: invalid number`);
    if (!m) return 0;
    if (/inf/i.test(m[0])) return m[0].includes("-") ? -Infinity : Infinity;
    return Number(m[0]);
  }
}

function parse(format: string): (string | RegExpExecArray)[] {
  const out: (string | RegExpExecArray)[] = [];
  let at = 0;
  SPEC.lastIndex = 0;
  for (let m = SPEC.exec(format); m; m = SPEC.exec(format)) {
    if (m.index > at) out.push(format.slice(at, m.index));
    out.push(m);
    at = m.index + m[0].length;
    if (m[0] === "%") break;
  }
  if (at < format.length) out.push(format.slice(at));
  return out;
}

function cut(s: string, precision: number | undefined): string {
  return precision === undefined || precision < 0 ? s : [...s].slice(0, precision).join("");
}

function pad(s: string, width: number, flags: string): string {
  const missing = width - [...s].length;
  if (missing <= 0) return s;
  return flags.includes("-") ? s + " ".repeat(missing) : " ".repeat(missing) + s;
}

function integerText(
  n: bigint,
  base: number,
  flags: string,
  width: number,
  precision: number | undefined,
  signed: boolean,
): string {
  let digits = (n < 0n ? -n : n).toString(base);
  if (precision !== undefined) digits = digits.padStart(precision, "0");
  if (flags.includes("'") && base === 10) digits = digits.replace(/\B(?=(\d{3})+$)/g, ",");
  let prefix = "";
  if (signed) prefix = n < 0n ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  if (flags.includes("#") && n !== 0n)
    prefix += base === 16 ? "0x" : base === 8 && !digits.startsWith("0") ? "0" : "";
  if (flags.includes("0") && !flags.includes("-") && precision === undefined) {
    digits = digits.padStart(width - prefix.length, "0");
  }
  return pad(prefix + digits, width, flags);
}

/** %e, %f and %g as C has them. */
export function floatText(x: number, c: string, flags: string, width: number, precision = 6): string {
  const negative = x < 0 || Object.is(x, -0);
  const sign = negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const upper = c === c.toUpperCase();
  let body = Number.isFinite(x)
    ? magnitude(Math.abs(x), c.toLowerCase(), flags, precision)
    : Number.isNaN(x)
      ? "nan"
      : "inf";
  if (upper) body = body.toUpperCase();
  if (flags.includes("0") && !flags.includes("-") && Number.isFinite(x))
    body = body.padStart(width - sign.length, "0");
  return pad(sign + body, width, flags);
}

function magnitude(x: number, c: string, flags: string, precision: number): string {
  const point = flags.includes("#") && precision === 0 ? "." : "";
  if (c === "f") return fixed(x, precision) + point;
  if (c === "e") return exponential(x, precision).replace("e", `${point}e`);
  const p = precision === 0 ? 1 : precision;
  const scientific = exponential(x, p - 1);
  const e = Number(scientific.split("e")[1]);
  const text = e < -4 || e >= p ? scientific : fixed(x, p - 1 - e);
  if (flags.includes("#") || !text.includes(".")) return text;
  return text.replace(/\.?0+($|e)/, "$1");
}

function fixed(x: number, digits: number): string {
  const places = Math.min(Math.max(digits, 0), 100);
  if (x < 1e21) return halfToEven(x.toFixed(places), x.toFixed(100), places);
  return BigInt(x).toString() + (digits > 0 ? "." + "0".repeat(digits) : "");
}

function exponential(x: number, digits: number): string {
  const places = Math.min(digits, 100);
  const [exact, power] = x.toExponential(100).split("e") as [string, string];
  const up = x.toExponential(places);
  const text = halfToEven(up, exact, places);
  return (text === up ? up : `${text}e${power}`).replace(/e([-+])(\d)$/, "e$10$2");
}

/** JavaScript rounds a half up, C to the even digit. */
function halfToEven(up: string, exact: string, places: number): string {
  const end = exact.indexOf(".") + (places > 0 ? 1 + places : 0);
  const rest = exact.slice(end).replace(".", "");
  const down = exact.slice(0, end);
  return /^50*$/.test(rest) && /[02468]$/.test(down) ? down : up;
}

export function formatPrintf(format: string, args: string[], clock: PrintfClock): Printed {
  return new Printer(args, clock).run(format);
}

const MAX = 2n ** 63n - 1n;
const ALL = 2n ** 64n - 1n;
/** Bash's buffer for a time: one that does not fit is dropped. */
const TIME_MAX = 128;

/** `'x` is x's code; a byte that is no character is itself (text.ts). */
function charCode(arg: string): number {
  const code = arg.codePointAt(1) ?? 0;
  return code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
}

/** In a format an octal escape ends after three digits, and `\c` is no escape. */
function formatEscape(whole: string, c: string): string {
  if (c.length > 1) return `\\x${parseInt(c, 8).toString(16).padStart(2, "0")}`;
  return c === "c" ? "\\\\c" : whole;
}

/** In a format `\'`, `\"` and `\?` are the characters themselves. */
function plainQuotes(s: string): string {
  return s.replace(/\\([\s\S])/g, (m, c: string) => (/["'?]/.test(c) ? c : m));
}
