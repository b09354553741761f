// split.ts - split: a file in pieces.

import { attempt, strerror } from "../errno.ts";
import type { Program } from "../sys.ts";
import { concat } from "../text.ts";
import { type Command, parseSize, utility, writeFully } from "./command.ts";

const HELP = `Usage: split [OPTION]... [FILE [PREFIX]]
Output pieces of FILE to PREFIXaa, PREFIXab, ...; default size is 1000 lines, and default PREFIX is 'x'.

  -a, --suffix-length=N        generate suffixes of length N (default 2)
      --additional-suffix=SUF  append an additional SUFFIX to file names
  -b, --bytes=SIZE             put SIZE bytes per output file
  -C, --line-bytes=SIZE        put at most SIZE bytes of records per output file
  -d                           use numeric suffixes starting at 0, not alphabetic
  -x                           use hex suffixes starting at 0, not alphabetic
  -l, --lines=NUMBER           put NUMBER lines/records per output file
  -n, --number=CHUNKS          generate CHUNKS output files: N or l/N
      --verbose                print a diagnostic just before each output file is opened`;

const OPTIONS =
  "a:,suffix-length ,additional-suffix: b:,bytes C:,line-bytes d ,numeric-suffixes? x ,hex-suffixes? e,elide-empty-files l:,lines n:,number ,verbose";

function* bySize(data: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

function* lines(data: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < data.length;) {
    const end = data.indexOf(10, at);
    const next = end < 0 ? data.length : end + 1;
    yield data.subarray(at, next);
    at = next;
  }
}

/** Whole lines, as many as `full` says fit; a line that fits nowhere is cut by `limit`. */
function* byLines(data: Uint8Array, count: number, limit: number): Generator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for (const line of lines(data)) {
    if (held.length > 0 && (held.length >= count || size + line.length > limit)) {
      yield concat(held);
      [held, size] = [[], 0];
    }
    if (line.length > limit) {
      yield* bySize(line, limit);
      continue;
    }
    held.push(line);
    size += line.length;
  }
  if (held.length > 0) yield concat(held);
}

/** N pieces of equal size; with whole lines a piece ends at the first line end behind its share. */
function* byNumber(data: Uint8Array, n: number, wholeLines: boolean): Generator<Uint8Array> {
  const share = Math.floor(data.length / n);
  let at = 0;
  for (let i = 1; i <= n; i++) {
    let end = i === n ? data.length : Math.max(at, i * share);
    if (wholeLines && i < n && end > at && data[end - 1] !== 10) {
      const next = data.indexOf(10, end);
      end = next < 0 ? data.length : next + 1;
    }
    yield data.subarray(at, end);
    at = end;
  }
}

const OUT_OF_RANGE = ": Numerical result out of range";

async function pieces(c: Command, data: Uint8Array): Promise<Generator<Uint8Array>> {
  const size = async (option: string, what: string): Promise<number> => {
    const text = c.value(option)!;
    const n = parseSize(text);
    const range = n === 0 ? OUT_OF_RANGE : "";
    return n === null || n < 1 ? c.die(`invalid number of ${what}: ‘${text}’${range}`) : n;
  };
  if (c.has("b")) return bySize(data, await size("b", "bytes"));
  if (c.has("C")) return byLines(data, Infinity, await size("C", "bytes"));
  if (c.has("n")) {
    const m = /^(l\/)?(\d+)$/.exec(c.value("n")!);
    const range = Number(m?.[2]) === 0 ? OUT_OF_RANGE : "";
    if (!m || range !== "") await c.die(`invalid number of chunks: ‘${c.value("n")}’${range}`);
    return byNumber(data, Number(m![2]), m![1] !== undefined);
  }
  return byLines(data, c.has("l") ? await size("l", "lines") : 1000, Infinity);
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** The suffix of the n-th file; null when all of this length are used up. Without -a it grows: az, … yz, zaaa. */
function suffix(c: Command, n: number): string | null {
  const digits =
    c.has("x") || c.has("hex-suffixes")
      ? "0123456789abcdef"
      : c.has("d") || c.has("numeric-suffixes")
        ? "0123456789"
        : LETTERS;
  const base = digits.length;
  const given = c.value("a");
  const start = Number((c.value("numeric-suffixes") ?? c.value("hex-suffixes")) || 0);
  let left = n + start;
  let [width, lead] = [Number(given ?? 2), ""];
  for (; given === undefined && left >= (base - 1) * base ** (width - 1); width++) {
    left -= (base - 1) * base ** (width - 1);
    lead += digits.at(-1)!;
  }
  if (left >= base ** width) return null;
  let text = "";
  for (let i = 0; i < width; i++, left = Math.floor(left / base)) text = digits[left % base]! + text;
  return lead + text;
}

const split = utility(
  "split",
  {
    help: HELP,
    options: OPTIONS,
    rewrite: (args) => args.map((a) => (/^-\d+$/.test(a) ? `-l${a.slice(1)}` : a)),
  },
  async (c) => {
    if (c.operands.length > 2) await c.usage(`extra operand ‘${c.operands[2]}’`);
    const [path = "-", prefix = "x"] = c.operands;
    const fd = path === "-" ? { ok: true as const, value: 0 } : await attempt(c.sys.open(path, 0));
    if (!fd.ok) return c.die(`cannot open '${path}' for reading: ${strerror(fd.code)}`);
    const data = await attempt(c.readAll(fd.value));
    if (!data.ok) return c.die(`${path}: ${strerror(data.code)}`);
    let n = 0;
    for (const piece of await pieces(c, data.value)) {
      if (piece.length === 0 && c.has("e")) continue;
      const end = suffix(c, n++);
      if (end === null) return c.die("output file suffixes exhausted");
      await write(c, `${prefix}${end}${c.value("additional-suffix") ?? ""}`, piece);
    }
    return 0;
  },
);

async function write(c: Command, name: string, data: Uint8Array): Promise<void> {
  if (c.has("verbose")) await c.out(`creating file '${name}'\n`);
  const fd = await attempt(c.sys.open(name, 0o1101, 0o666));
  if (!fd.ok) return c.die(`${name}: ${strerror(fd.code)}`);
  await writeFully(c.sys, fd.value, data);
  await c.close(fd.value);
}

export const splitting: Record<string, Program> = { split };
