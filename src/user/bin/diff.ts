// diff.ts - diff and cmp.

import { structuredPatch } from "diff";
import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import { formatDate } from "../strftime.ts";
import type { Program } from "../sys.ts";
import { decode } from "../text.ts";
import { type Command, splitLines, utility } from "./command.ts";
import { type Line, type Piece, sideBySide } from "./sideBySide.ts";

interface Side {
  path: string;
  text: string;
  /** The time of a unified header. */
  time: string;
  exists: boolean;
}

async function side(c: Command, path: string, missingIsEmpty: boolean): Promise<Side | null> {
  const st = path === "-" ? null : await attempt(c.sys.stat(path));
  if (st && !st.ok) {
    if (missingIsEmpty) return { path, text: "", time: stamp(0), exists: false };
    await c.warn(`${path}: ${strerror(st.code)}`, 2);
    return null;
  }
  const data = await c.slurp(path);
  if (!data) {
    c.status = 2;
    return null;
  }
  const ns = st?.ok ? st.value.mtimeNs : await c.sys.clockGettime(0);
  return { path, text: decode(data), time: stamp(ns), exists: true };
}

function stamp(ns: number): string {
  const s = Math.floor(ns / 1e9);
  return formatDate("%Y-%m-%d %H:%M:%S.%N %z", s, Math.floor(ns - s * 1e9));
}

/** Lines as they are compared: -i, -b, -w, -B. */
function normalised(c: Command, text: string): string {
  let out = text;
  if (c.has("w")) out = out.replace(/[^\S\n]+/g, "");
  else if (c.has("b")) out = out.replace(/[^\S\n]+/g, " ").replace(/ (?=\n|$)/g, "");
  return c.has("i") ? out.toLowerCase() : out;
}

interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  lines: string[];
}

/** Hunks over the real lines, even when they were compared without their blanks. */
function hunks(c: Command, a: string, b: string, context: number): Hunk[] {
  const [x, y] = [normalised(c, a), normalised(c, b)];
  const patch = structuredPatch("a", "b", x, y, "", "", { context }) as unknown as { hunks: Hunk[] };
  if (x === a && y === b) return patch.hunks;
  const [linesA, linesB] = [a.split("\n"), b.split("\n")];
  return patch.hunks.map((h) => {
    let [i, j] = [h.oldStart - 1, h.newStart - 1];
    const lines = h.lines.map((l) => {
      if (l[0] === "\\") return l;
      if (l[0] === "+") return `+${linesB[j++]}`;
      if (l[0] === " ") j++;
      return `${l[0]}${linesA[i++]}`;
    });
    return { ...h, lines };
  });
}

async function unified(c: Command, a: Side, b: Side, context: number): Promise<void> {
  const labels = c.values("label");
  await c.out(`--- ${labels[0] ?? `${a.path}\t${a.time}`}\n+++ ${labels[1] ?? `${b.path}\t${b.time}`}\n`);
  const range = (start: number, count: number): string =>
    count === 1 ? `${start}` : `${count === 0 ? Math.max(0, start - 1) : start},${count}`;
  const lines = a.text.split("\n");
  for (const h of hunks(c, a.text, b.text, context)) {
    const oldStart = h.oldLines === 0 && h.oldStart === 0 ? 1 : h.oldStart;
    const newStart = h.newLines === 0 && h.newStart === 0 ? 1 : h.newStart;
    const name = c.has("p") ? functionBefore(lines, h.oldStart) : "";
    await c.out(`@@ -${range(oldStart, h.oldLines)} +${range(newStart, h.newLines)} @@${name}\n`);
    for (const l of h.lines) await c.out(`${l}\n`);
  }
}

/** -p: the last line before the hunk that looks like a function's head. */
function functionBefore(lines: string[], start: number): string {
  for (let i = start - 2; i >= 0; i--) {
    if (/^[A-Za-z_$]/.test(lines[i]!)) return ` ${lines[i]!.slice(0, 40).trimEnd()}`;
  }
  return "";
}

async function normal(c: Command, a: Side, b: Side): Promise<void> {
  for (const h of hunks(c, a.text, b.text, 0)) {
    const removed = h.lines.filter((l) => l[0] === "-");
    const added = h.lines.filter((l) => l[0] === "+");
    const span = (start: number, n: number): string => (n <= 1 ? `${start}` : `${start},${start + n - 1}`);
    const kind = removed.length === 0 ? "a" : added.length === 0 ? "d" : "c";
    const from =
      kind === "a"
        ? `${Math.max(0, h.oldStart - (h.oldLines === 0 && h.oldStart > 0 ? 1 : 0))}`
        : span(h.oldStart, removed.length);
    const to =
      kind === "d"
        ? `${Math.max(0, h.newStart - (h.newLines === 0 && h.newStart > 0 ? 1 : 0))}`
        : span(h.newStart, added.length);
    await c.out(`${from}${kind}${to}\n`);
    let last = "";
    for (const l of h.lines) {
      if (l[0] === "\\") {
        await c.out(`${l}\n`);
        continue;
      }
      if (l[0] === "+" && last === "-") await c.out("---\n");
      if (l[0] !== " ") await c.out(`${l[0] === "-" ? "<" : ">"} ${l.slice(1)}\n`);
      last = l[0]!;
    }
  }
}

function linesOf(text: string): Line[] {
  const lines = splitLines(text);
  return lines.map((line, i) => ({ text: line, complete: i < lines.length - 1 || text.endsWith("\n") }));
}

/** Equal and changed pieces of both files, in order. */
function pieces(c: Command, a: string, b: string): Piece[] {
  const [left, right] = [linesOf(a), linesOf(b)];
  const list: Piece[] = [];
  let [i, j] = [0, 0];
  const equal = (count: number): void => {
    if (count > 0)
      list.push({ equal: true, left: left.slice(i, i + count), right: right.slice(j, j + count) });
    [i, j] = [i + count, j + count];
  };
  for (const h of hunks(c, a, b, 0)) {
    // A hunk without old lines stands behind the line it names.
    equal(h.oldLines === 0 ? h.newStart - 1 - j : h.oldStart - 1 - i);
    list.push({ equal: false, left: left.slice(i, i + h.oldLines), right: right.slice(j, j + h.newLines) });
    [i, j] = [i + h.oldLines, j + h.newLines];
  }
  equal(left.length - i);
  return list;
}

async function inColumns(c: Command, a: Side, b: Side): Promise<void> {
  const width = Number(c.value("W") ?? 130);
  if (!(width > 0)) await c.usage(`invalid width '${c.value("W")}'`);
  const tab = Number(c.value("tabsize") ?? 8);
  const [leftOnly, onlyChanges] = [c.has("left-column"), c.has("suppress-common-lines")];
  const layout = { width, tab, expandTabs: c.has("t"), leftOnly, onlyChanges };
  await c.out(sideBySide(pieces(c, a.text, b.text), layout));
}

async function compareFiles(c: Command, pathA: string, pathB: string, announce: boolean): Promise<void> {
  const [a, b] = [await side(c, pathA, c.has("N")), await side(c, pathB, c.has("N"))];
  if (!a || !b) return;
  const same = normalised(c, a.text) === normalised(c, b.text);
  if (same) {
    if (c.has("y") && !c.has("q")) await inColumns(c, a, b);
    if (c.has("s")) await c.out(`Files ${pathA} and ${pathB} are identical\n`);
    return;
  }
  if (c.status === 0) c.status = 1;
  if (c.has("q")) return c.out(`Files ${pathA} and ${pathB} differ\n`);
  if (a.text.includes("\0") || b.text.includes("\0")) {
    if (!c.has("a")) {
      c.status = 2;
      return c.out(`Binary files ${pathA} and ${pathB} differ\n`);
    }
  }
  const context = c.has("U") ? Number(c.value("U")) : c.has("u") ? Number(c.value("u") || 3) : null;
  if (announce) await c.out(`diff ${c.sequence.map((o) => option(o)).join(" ")} ${pathA} ${pathB}\n`);
  if (c.has("y")) await inColumns(c, a, b);
  else if (context !== null) await unified(c, a, b, context);
  else await normal(c, a, b);
}

const SHORT: Record<string, string> = {
  unified: "u",
  "new-file": "N",
  recursive: "r",
  "show-c-function": "p",
  brief: "q",
  "ignore-case": "i",
};

/** As `diff -r` repeats the options it was given. */
function option(o: { name: string; value: string }): string {
  const letter = SHORT[o.name] ?? (o.name.length === 1 ? o.name : null);
  return letter ? `-${letter}${o.value}` : `--${o.name}${o.value === "" ? "" : `=${o.value}`}`;
}

async function isDirectory(c: Command, path: string): Promise<boolean> {
  const st = await attempt(c.sys.stat(path));
  return st.ok && (st.value.mode & 0o170000) === 0o040000;
}

async function compareDirs(c: Command, a: string, b: string): Promise<void> {
  const names = async (dir: string): Promise<string[]> => (await entries(c.sys, dir)).map((e) => e.name);
  const [x, y] = [await names(a), await names(b)];
  for (const name of [...new Set([...x, ...y])].sort()) {
    if (c.values("x").includes(name)) continue;
    const [p, q] = [`${a.replace(/\/+$/, "")}/${name}`, `${b.replace(/\/+$/, "")}/${name}`];
    const missing = !x.includes(name) ? a : !y.includes(name) ? b : null;
    const [dirP, dirQ] = [await isDirectory(c, p), await isDirectory(c, q)];
    if (missing !== null && !c.has("N")) {
      if (c.status === 0) c.status = 1;
      await c.out(`Only in ${missing === a ? b : a}: ${name}\n`);
    } else if (dirP && dirQ) {
      if (c.has("r")) await compareDirs(c, p, q);
      else await c.out(`Common subdirectories: ${p} and ${q}\n`);
    } else if (dirP !== dirQ && missing === null) {
      c.status = Math.max(c.status, 1);
      const kind = (d: boolean): string => (d ? "directory" : "regular file");
      await c.out(`File ${p} is a ${kind(dirP)} while file ${q} is a ${kind(dirQ)}\n`);
    } else if (!dirP && !dirQ) await compareFiles(c, p, q, !c.has("q"));
    else if (c.has("r")) await compareDirs(c, p, q);
  }
}

const diff = utility(
  "diff",
  {
    help: `Usage: diff [OPTION]... FILES
Compare FILES line by line.

  -q, --brief                   report only when files differ
  -s, --report-identical-files  report when two files are the same
  -u, -U NUM, --unified[=NUM]   output NUM (default 3) lines of unified context
  -y, --side-by-side            output in two columns
  -W, --width=NUM               output at most NUM (default 130) columns
      --left-column             output only the left column of common lines
      --suppress-common-lines   do not output common lines
  -p, --show-c-function         show which function each change is in
      --label LABEL             use LABEL instead of file name and timestamp
  -r, --recursive               recursively compare any subdirectories found
  -N, --new-file                treat absent files as empty
  -x, --exclude=PAT             exclude files that match PAT
  -i, --ignore-case             ignore case differences
  -b, --ignore-space-change     ignore changes in the amount of white space
  -w, --ignore-all-space        ignore all white space
  -t, --expand-tabs             expand tabs to spaces in output
  -a, --text                    treat all files as text`,
    options:
      "q,brief s,report-identical-files u,unified? U: p,show-c-function ,label: L: r,recursive N,new-file x:,exclude i,ignore-case b,ignore-space-change w,ignore-all-space B a,text d ,color? t,expand-tabs ,tabsize: T y,side-by-side W:,width ,left-column ,suppress-common-lines ,no-dereference ,git ,no-index",
    usageStatus: 2,
    hint: "diff: Try 'diff --help' for more information.",
    // -u takes no value when short: -upr are three options.
    rewrite: (args) =>
      args.flatMap((a) =>
        /^-[a-zA-Z]*u[a-zA-Z]+$/.test(a)
          ? [`-${a.slice(1).replace("u", "")}`, "-U3"]
          : a === "-L"
            ? ["--label"]
            : [a],
      ),
  },
  async (c) => {
    if (c.operands.length < 2)
      await c.usage(
        c.operands.length === 0 ? "missing operand after 'diff'" : `missing operand after '${c.operands[0]}'`,
      );
    if (c.operands.length > 2) await c.usage(`extra operand ‘${c.operands[2]}’`);
    const [a, b] = c.operands as [string, string];
    const [dirA, dirB] = [await isDirectory(c, a), await isDirectory(c, b)];
    if (dirA && dirB) await compareDirs(c, a, b);
    else if (dirA) await compareFiles(c, `${a}/${b.slice(b.lastIndexOf("/") + 1)}`, b, false);
    else if (dirB) await compareFiles(c, a, `${b}/${a.slice(a.lastIndexOf("/") + 1)}`, false);
    else await compareFiles(c, a, b, false);
  },
);

const cmp = utility(
  "cmp",
  {
    help: "Usage: cmp [OPTION]... FILE1 [FILE2]\nCompare two files byte by byte.\n\n  -l, --verbose       output byte numbers and differing byte values\n  -s, --quiet         suppress all normal output\n  -n, --bytes=LIMIT   compare at most LIMIT bytes",
    options: "l,verbose s,quiet ,silent n:,bytes b",
    usageStatus: 2,
    hint: "cmp: Try 'cmp --help' for more information.",
  },
  async (c) => {
    if (c.operands.length === 0) await c.usage("missing operand after 'cmp'");
    const [p, q = "-"] = c.operands as [string, string?];
    const limit = Number(c.value("n") ?? Infinity);
    const a = (await c.slurp(p))?.subarray(0, limit);
    const b = a && (await c.slurp(q))?.subarray(0, limit);
    if (!a || !b) return 2;
    let line = 1;
    let status = 0;
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      if (a[i] !== b[i]) {
        if (!c.has("l")) {
          if (!c.has("s") && !c.has("silent")) await c.out(`${p} ${q} differ: byte ${i + 1}, line ${line}\n`);
          return 1;
        }
        status = 1;
        await c.out(`${i + 1} ${a[i]!.toString(8).padStart(3)} ${b[i]!.toString(8).padStart(3)}\n`);
      }
      if (a[i] === 10) line++;
    }
    if (a.length === b.length) return status;
    const short = a.length < b.length ? p : q;
    if (!c.has("s") && !c.has("silent"))
      await c.errText(`cmp: EOF on ${short} after byte ${Math.min(a.length, b.length)}, in line ${line}\n`);
    return 1;
  },
);

export const comparing: Record<string, Program> = { diff, cmp };
