// sort.ts - sort.

import { attempt, strerror } from "../errno.ts";
import { decode, encode } from "../text.ts";
import { type Command, utility, writeFully } from "./command.ts";

interface SortKey {
  from: [number, number];
  to: [number, number] | null;
  flags: string;
}

const KEY_FLAGS = "bdfghiMnrRV";

/** Throws what is wrong with the key's specification. */
function parseKey(spec: string): SortKey {
  let rest = spec;
  const number = (where: string): number => {
    const digits = /^\d+/.exec(rest)?.[0];
    if (digits === undefined)
      throw new KeyError(`invalid number ${where}: invalid count at start of ‘${rest}’`);
    rest = rest.slice(digits.length);
    return Number(digits);
  };
  const position = (where: string, character: number): [number, number] => {
    const field = number(where);
    if (field === 0) throw new KeyError(`field number is zero: invalid field specification ‘${spec}’`);
    if (!rest.startsWith(".")) return [field, character];
    rest = rest.slice(1);
    return [field, number("after '.'")];
  };
  const letters = (): string => {
    const found = new RegExp(`^[${KEY_FLAGS}]*`).exec(rest)![0];
    rest = rest.slice(found.length);
    return found;
  };
  const from = position("at field start", 1);
  if (from[1] === 0) throw new KeyError(`character offset is zero: invalid field specification ‘${spec}’`);
  let flags = letters();
  let to: SortKey["to"] = null;
  if (rest.startsWith(",")) {
    rest = rest.slice(1);
    to = position("after ','", 0);
    flags += letters();
  }
  if (rest !== "") throw new KeyError(`stray character in field spec: invalid field specification ‘${spec}’`);
  return { from, to, flags };
}

class KeyError extends Error {}

/** The part of a line that a key compares. */
function keyText(line: string, key: SortKey, separator: string | undefined): string {
  const fields = separator === undefined ? (line.match(/\s*\S+/g) ?? []) : line.split(separator);
  const glue = separator ?? "";
  const [f, ch] = key.from;
  if (key.to === null) {
    const text = fields.slice(f - 1).join(glue);
    return (key.flags.includes("b") ? text.trimStart() : text).slice(ch - 1);
  }
  const [tf, tc] = key.to;
  const picked = fields.slice(f - 1, tf);
  if (picked.length === 0) return "";
  if (tc > 0 && picked.length === tf - f + 1) picked[picked.length - 1] = picked.at(-1)!.slice(0, tc);
  const text = picked.join(glue);
  return (key.flags.includes("b") ? text.trimStart() : text).slice(ch - 1);
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

function human(s: string): number {
  const m = /^\s*(-?\d*\.?\d*)([KMGTPE]?)/i.exec(s);
  return Number(m?.[1] || 0) * 1024 ** " KMGTPE".indexOf((m?.[2] ?? "").toUpperCase() || " ");
}

function versionParts(s: string): (string | number)[] {
  return (s.match(/\d+|\D+/g) ?? []).map((p) => (/^\d/.test(p) ? Number(p) : p));
}

export function compareVersions(a: string, b: string): number {
  const [x, y] = [versionParts(a), versionParts(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [p, q] = [x[i], y[i]];
    if (p === undefined) return -1;
    if (q === undefined) return 1;
    if (p === q) continue;
    if (typeof p === "number" && typeof q === "number") return p - q;
    return String(p) < String(q) ? -1 : 1;
  }
  return 0;
}

function compareBy(flags: string): (a: string, b: string) => number {
  if (flags.includes("n")) return (a, b) => leadingNumber(a) - leadingNumber(b);
  if (flags.includes("g")) return (a, b) => (parseFloat(a) || 0) - (parseFloat(b) || 0);
  if (flags.includes("h")) return (a, b) => human(a) - human(b);
  if (flags.includes("V")) return compareVersions;
  if (flags.includes("R")) return (a, b) => shuffled(a) - shuffled(b);
  if (flags.includes("M"))
    return (a, b) =>
      MONTHS.indexOf(a.trim().slice(0, 3).toUpperCase()) - MONTHS.indexOf(b.trim().slice(0, 3).toUpperCase());
  const shape = (s: string): string => {
    let t = flags.includes("b") ? s.trimStart() : s;
    if (flags.includes("i")) t = t.replace(/[\x00-\x1f\x7f]/g, "");
    if (flags.includes("d")) t = t.replace(/[^A-Za-z0-9\s]/g, "");
    return flags.includes("f") ? t.toUpperCase() : t;
  };
  return (a, b) => order(shape(a), shape(b));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function leadingNumber(s: string): number {
  return Number(/^\s*(-?\d*\.?\d*)/.exec(s)?.[1] || 0) || 0;
}

const globalFlags = (c: Command): string => [...KEY_FLAGS].filter((f) => c.has(f)).join("");

/** Two ways of comparing at once make no sense. */
async function checkFlags(c: Command, flags: string): Promise<void> {
  const both = [...flags].filter((f) => "ghMnRV".includes(f) || (f === "d" && /[ghMnRV]/.test(flags)));
  const different = [...new Set(both)].sort();
  if (different.length > 1) await c.die(`options '-${different.join("")}' are incompatible`, 2);
}

/** Every line gets a number that depends on its text alone. */
function shuffled(text: string): number {
  let hash = 2166136261;
  for (const c of encode(text)) hash = Math.imul(hash ^ c, 16777619);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}

async function parseKeys(c: Command): Promise<SortKey[]> {
  try {
    return c.values("k").map(parseKey);
  } catch (e) {
    if (!(e instanceof KeyError)) throw e;
    return c.die(e.message, 2);
  }
}

function comparator(c: Command, keys: SortKey[]): (a: string, b: string) => number {
  const global = globalFlags(c);
  const separator = c.value("t") === "\\0" ? "\0" : c.value("t");
  const steps = keys.map((k) => {
    const flags = k.flags.replace("b", "") === "" ? k.flags + global : k.flags;
    const compare = compareBy(flags);
    const sign = flags.includes("r") ? -1 : 1;
    return (a: string, b: string) => sign * compare(keyText(a, k, separator), keyText(b, k, separator));
  });
  const whole = compareBy(global);
  const sign = c.has("r") ? -1 : 1;
  return (a, b) => {
    for (const step of steps) {
      const d = step(a, b);
      if (d !== 0) return d;
    }
    const d = steps.length === 0 ? sign * whole(a, b) : 0;
    if (d !== 0 || c.has("s") || c.has("u")) return d;
    return sign * order(a, b);
  };
}

async function input(c: Command, path: string): Promise<string | null> {
  const fd = await c.open(path);
  if (fd === null) return null;
  const data = await attempt(c.readAll(fd));
  await c.close(fd);
  if (data.ok) return decode(data.value);
  await c.warn(`read failed: ${path}: ${strerror(data.code)}`);
  return null;
}

const SORTS = [["general-numeric"], ["human-numeric"], ["month"], ["numeric"], ["random"], ["version"]];

export const sort = utility(
  "sort",
  {
    help: `Usage: sort [OPTION]... [FILE]...
Write sorted concatenation of all FILE(s) to standard output.

  -b, --ignore-leading-blanks  ignore leading blanks
  -d, --dictionary-order       consider only blanks and alphanumeric characters
  -f, --ignore-case            fold lower case to upper case characters
  -g, --general-numeric-sort   compare according to general numerical value
  -h, --human-numeric-sort     compare human readable numbers (e.g., 2K 1G)
  -M, --month-sort             compare (unknown) < 'JAN' < ... < 'DEC'
  -n, --numeric-sort           compare according to string numerical value
  -r, --reverse                reverse the result of comparisons
  -R, --random-sort            shuffle, but group identical keys; the same order every time
      --sort=WORD              general-numeric, human-numeric, month, numeric, random, version
  -V, --version-sort           natural sort of (version) numbers within text
  -c, --check                  check for sorted input; do not sort
  -C, --check=quiet            like -c, but do not report the first bad line
  -i, --ignore-nonprinting     consider only printable characters
  -k, --key=KEYDEF             sort via a key; KEYDEF gives location and type
  -o, --output=FILE            write result to FILE instead of standard output
  -s, --stable                 stabilize sort by disabling last-resort comparison
  -t, --field-separator=SEP    use SEP instead of non-blank to blank transition
  -m, --merge                  merge already sorted files
  -u, --unique                 output only the first of an equal run
  -z, --zero-terminated        line delimiter is NUL, not newline
  -S, -T, --parallel           accepted: everything is sorted in memory`,
    options:
      "b,ignore-leading-blanks d,dictionary-order f,ignore-case g,general-numeric-sort h,human-numeric-sort i,ignore-nonprinting M,month-sort " +
      "n,numeric-sort r,reverse R,random-sort V,version-sort c,check? C S:,buffer-size: T:,temporary-directory: ,parallel: ,sort: ,debug k:,key o:,output s,stable t:,field-separator u,unique z,zero-terminated m,merge",
    usageStatus: 2,
    cannotOpen: (path, why) => `cannot read: ${path}: ${why}`,
  },
  async (c) => {
    const keys = await parseKeys(c);
    const mode = await c.choose("sort", SORTS);
    if (mode)
      c.override(mode[0] === "m" ? "M" : mode === "random" ? "R" : mode === "version" ? "V" : mode[0]!, "");
    for (const flags of [globalFlags(c), ...keys.map((k) => k.flags)]) await checkFlags(c, flags);
    if (c.value("t") === "") await c.die("empty tab", 2);
    if ([...(c.value("t") ?? "")].length > 1 && c.value("t") !== "\\0")
      await c.die(`multi-character tab ‘${c.value("t")}’`, 2);
    if ((c.has("c") || c.has("C")) && c.operands.length > 1)
      await c.die(`extra operand ‘${c.operands[1]}’ not allowed with -${c.has("c") ? "c" : "C"}`, 2);
    const end = c.has("z") ? "\0" : "\n";
    const lines: string[] = [];
    for (const path of c.inputs) {
      const text = await input(c, path);
      if (text === null) return 2;
      const part = text.split(end);
      if (part.at(-1) === "") part.pop();
      for (const line of part) lines.push(line);
    }
    const compare = comparator(c, keys);
    if (c.value("c")) c.override("C", "");
    if (c.has("c") || c.has("C")) {
      const at = lines.findIndex((l, i) => i > 0 && compare(lines[i - 1]!, l) > (c.has("u") ? -1 : 0));
      if (at < 0) return 0;
      if (!c.has("C"))
        await c.warn(`${c.inputs[0] === "-" ? "-" : c.inputs[0]}:${at + 1}: disorder: ${lines[at]}`);
      return 1;
    }
    lines.sort(compare);
    const kept = c.has("u") ? lines.filter((l, i) => i === 0 || compare(lines[i - 1]!, l) !== 0) : lines;
    const text = kept.map((l) => l + end).join("");
    const file = c.value("o");
    if (file === undefined) return void (await c.out(text));
    const fd = await c.try(c.sys.open(file, 0o1101, 0o666), `open failed: ${file}`);
    if (fd === null) return 2;
    await writeFully(c.sys, fd, encode(text));
    return 0;
  },
);
