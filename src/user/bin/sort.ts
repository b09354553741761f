// sort.ts - sort.

import { encode } from "../text.ts";
import { type Command, splitLines, utility, writeFully } from "./command.ts";

interface SortKey {
  from: [number, number];
  to: [number, number] | null;
  flags: string;
}

function parseKey(spec: string): SortKey | null {
  const m = /^(\d+)(?:\.(\d+))?([bdfghiMnrRV]*)(?:,(\d+)(?:\.(\d+))?([bdfghiMnrRV]*))?$/.exec(spec);
  if (!m) return null;
  return {
    from: [Number(m[1]), Number(m[2] ?? 1)],
    to: m[4] ? [Number(m[4]), Number(m[5] ?? 0)] : null,
    flags: m[3]! + (m[6] ?? ""),
  };
}

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

function compareVersions(a: string, b: string): number {
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
  if (flags.includes("M"))
    return (a, b) =>
      MONTHS.indexOf(a.trim().slice(0, 3).toUpperCase()) - MONTHS.indexOf(b.trim().slice(0, 3).toUpperCase());
  const shape = (s: string): string => {
    let t = flags.includes("b") ? s.trimStart() : s;
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

function comparator(c: Command, keys: SortKey[]): (a: string, b: string) => number {
  const global = "bdfghiMnrRV"
    .split("")
    .filter((f) => c.has(f))
    .join("");
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
  -V, --version-sort           natural sort of (version) numbers within text
  -c, --check                  check for sorted input; do not sort
  -k, --key=KEYDEF             sort via a key; KEYDEF gives location and type
  -o, --output=FILE            write result to FILE instead of standard output
  -s, --stable                 stabilize sort by disabling last-resort comparison
  -t, --field-separator=SEP    use SEP instead of non-blank to blank transition
  -u, --unique                 output only the first of an equal run`,
    options:
      "b,ignore-leading-blanks d,dictionary-order f,ignore-case g,general-numeric-sort h,human-numeric-sort i M,month-sort " +
      "n,numeric-sort r,reverse R,random-sort V,version-sort c,check? C k:,key o:,output s,stable t:,field-separator u,unique z m",
    usageStatus: 2,
    cannotOpen: (path, why) => `cannot read: ${path}: ${why}`,
  },
  async (c) => {
    const keys: SortKey[] = [];
    for (const spec of c.values("k")) {
      const key = parseKey(spec);
      if (!key) await c.die(`invalid number at field start: invalid count at start of ‘${spec}’`, 2);
      keys.push(key!);
    }
    const lines: string[] = [];
    for (const path of c.inputs) {
      const text = await c.slurpText(path);
      if (text === null) return 2;
      for (const l of splitLines(text)) lines.push(l);
    }
    const compare = comparator(c, keys);
    if (c.has("c") || c.has("C")) {
      const at = lines.findIndex((l, i) => i > 0 && compare(lines[i - 1]!, l) > (c.has("u") ? -1 : 0));
      if (at < 0) return 0;
      if (!c.has("C"))
        await c.warn(`${c.inputs[0] === "-" ? "-" : c.inputs[0]}:${at + 1}: disorder: ${lines[at]}`);
      return 1;
    }
    lines.sort(compare);
    const kept = c.has("u") ? lines.filter((l, i) => i === 0 || compare(lines[i - 1]!, l) !== 0) : lines;
    const text = kept.map((l) => `${l}\n`).join("");
    const file = c.value("o");
    if (file === undefined) return void (await c.out(text));
    const fd = await c.try(c.sys.open(file, 0o1101, 0o666), `open failed: ${file}`);
    if (fd === null) return 2;
    await writeFully(c.sys, fd, encode(text));
    return 0;
  },
);
