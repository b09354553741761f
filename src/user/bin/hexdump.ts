// hexdump.ts - hexdump and hd: the shapes of its options, and formats of the user's.

import { floatText } from "../printf.ts";
import { ansiUnescape } from "../sh/quote.ts";
import { type Command, utility } from "./command.ts";
import { characterText, hex, input, printable } from "./dump.ts";

/** How one row of bytes is written, without its offset. */
interface Shape {
  offset: number;
  row: (row: Uint8Array) => string;
}

/** Items of one size, each in so many columns; what is missing in the last row are blanks. */
function items(size: number, columns: number, text: (value: number) => string): (row: Uint8Array) => string {
  return (row) => {
    let out = "";
    for (let at = 0; at < 16; at += size) {
      let value = 0;
      for (let k = size - 1; k >= 0; k--) value = value * 256 + (row[at + k] ?? 0);
      out += at < row.length ? text(value).padStart(columns) : " ".repeat(columns);
    }
    return out;
  };
}

function canonicalRow(row: Uint8Array): string {
  let bytes = "";
  for (let i = 0; i < 16; i++)
    bytes += `${i % 8 === 0 ? "  " : " "}${i < row.length ? hex(row[i]!, 2) : "  "}`;
  return `${bytes}  |${[...row].map(printable).join("")}|`;
}

const SHAPES: Record<string, Shape> = {
  C: { offset: 8, row: canonicalRow },
  b: { offset: 7, row: items(1, 4, (v) => v.toString(8).padStart(3, "0")) },
  c: { offset: 7, row: items(1, 4, characterText) },
  d: { offset: 7, row: items(2, 8, (v) => String(v).padStart(5, "0")) },
  o: { offset: 7, row: items(2, 8, (v) => v.toString(8).padStart(6, "0")) },
  x: { offset: 7, row: items(2, 8, (v) => hex(v, 4)) },
};
const USUAL: Shape = { offset: 7, row: items(2, 5, (v) => hex(v, 4)) };

/** Rows with their offsets; equal ones after the first are a star. */
async function rows(
  c: Command,
  data: Uint8Array,
  width: number,
  show: (row: Uint8Array, at: number) => Promise<void>,
): Promise<void> {
  let previous = "";
  let starred = false;
  for (let at = 0; at < data.length; at += width) {
    const row = data.subarray(at, at + width);
    const same = row.length === width && row.join() === previous && !c.has("v");
    previous = row.join();
    if (same) {
      if (!starred) await c.out("*\n");
      starred = true;
      continue;
    }
    starred = false;
    await show(row, at);
  }
}

/** One `count/size "text"` of -e. */
interface Unit {
  count: number;
  size: number;
  text: string;
}

const CONVERSION = /%([-+ #0]*)(\d*)(?:\.(\d+))?(_a[dox]|_A[dox]|_[cpu]|[a-zA-Z%])/;

function parseFormat(format: string): Unit[] | null {
  const units: Unit[] = [];
  let rest = format.trim();
  while (rest !== "") {
    const m = /^(\d+)?(?:\/(\d+))?\s*"((?:[^"\\]|\\.)*)"\s*/.exec(rest);
    if (!m) return null;
    const text = ansiUnescape(m[3]!).text;
    const conversion = CONVERSION.exec(text)?.[4];
    const eats = conversion !== undefined && !/^(_[aA]|%)/.test(conversion);
    const usual = conversion === "c" || conversion?.startsWith("_") ? 1 : 4;
    units.push({ count: Number(m[1] ?? 1), size: eats ? Number(m[2] ?? usual) : 0, text });
    rest = rest.slice(m[0].length);
  }
  return units;
}

function written(text: string, bytes: Uint8Array, address: number): string {
  let value = 0;
  for (let k = bytes.length - 1; k >= 0; k--) value = value * 256 + bytes[k]!;
  return text.replace(
    CONVERSION,
    (_m, flags: string, width: string, precision: string | undefined, kind: string) => {
      let body: string;
      if (kind === "%") return "%";
      if (kind.startsWith("_a") || kind.startsWith("_A"))
        body = address.toString(kind[2] === "d" ? 10 : kind[2] === "o" ? 8 : 16);
      else if (kind === "_c") body = characterText(value);
      else if (kind === "_p" || kind === "_u" || kind === "c") body = printable(value);
      else if (/[xX]/.test(kind)) body = value.toString(16);
      else if (kind === "o") body = value.toString(8);
      else if (kind === "s") body = [...bytes].map((b) => String.fromCharCode(b)).join("");
      else if (/[efgEFG]/.test(kind))
        body = floatText(new Float32Array(Uint8Array.from(bytes).buffer)[0]!, kind, "", 0);
      else
        body = String(
          value >= 2 ** (bytes.length * 8 - 1) && /[di]/.test(kind) ? value - 2 ** (bytes.length * 8) : value,
        );
      if (kind === "X") body = body.toUpperCase();
      if (precision !== undefined) body = body.padStart(Number(precision), "0");
      const zero = flags.includes("0") && !flags.includes("-");
      return flags.includes("-")
        ? body.padEnd(Number(width))
        : body.padStart(Number(width), zero ? "0" : " ");
    },
  );
}

async function ownFormat(c: Command, data: Uint8Array, from: number): Promise<number> {
  const units = parseFormat(c.value("e")!);
  if (!units) return c.die(`bad format {${c.value("e")}}`);
  const width = units.reduce((n, u) => n + u.count * u.size, 0);
  if (width === 0) return 0;
  await rows(c, data, width, async (row, start) => {
    let at = 0;
    let line = "";
    for (const { count, size, text } of units)
      for (let k = 0; k < count; k++) {
        if (size > 0 && at >= row.length) continue;
        // The blanks behind the last of several are not written.
        const last = count > 1 && (k === count - 1 || at + size >= row.length);
        line += written(last ? text.trimEnd() : text, row.subarray(at, at + size), from + start + at);
        at += size;
      }
    await c.out(line);
  });
  return 0;
}

const OPTIONS =
  "b,one-byte-octal c,one-byte-char C,canonical d,two-bytes-decimal e:,format n:,length o,two-bytes-octal s:,skip " +
  "v,no-squeezing x,two-bytes-hex";

const HELP = `Usage: hexdump [options] <file>...
Display file contents in hexadecimal, decimal, octal, or ascii.

  -b, --one-byte-octal   one-byte octal display
  -c, --one-byte-char    one-byte character display
  -C, --canonical        canonical hex+ASCII display; what hd does
  -d, --two-bytes-decimal  two-byte decimal display
  -e, --format <format>  format string, such as '16/1 "%02x " "\\n"'
  -n, --length <length>  interpret only length bytes of input
  -o, --two-bytes-octal  two-byte octal display
  -s, --skip <offset>    skip offset bytes from the beginning
  -v, --no-squeezing     output identical lines
  -x, --two-bytes-hex    two-byte hexadecimal display`;

async function dump(c: Command): Promise<number> {
  const got = await input(c, c.value("s"), c.value("n"));
  if (!got) {
    await c.warn("all input file arguments failed");
    return 1;
  }
  const { data, from } = got;
  if (c.has("e")) return ownFormat(c, data, from);
  const letter = Object.keys(SHAPES).find((key) => c.has(key));
  const shape = letter ? SHAPES[letter]! : USUAL;
  await rows(c, data, 16, (row, at) => c.out(`${hex(from + at, shape.offset)}${shape.row(row)}\n`));
  if (data.length > 0) await c.out(`${hex(from + data.length, shape.offset)}\n`);
  return 0;
}

export const hexdump = utility("hexdump", { help: HELP, options: OPTIONS }, dump);

/** hexdump -C by another name. */
export const hd = utility(
  "hd",
  { help: HELP.replace("hexdump", "hd"), options: OPTIONS, rewrite: (args) => ["-C", ...args] },
  dump,
);
