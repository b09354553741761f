// textTools.ts - cut, tr, uniq, comm, paste, fold, column.

import type { Program } from "../sys.ts";
import { ansiUnescape } from "../sh/quote.ts";
import { splitLines, utility } from "./command.ts";
import { cut } from "./cut.ts";

const CLASSES: Record<string, RegExp> = {
  alpha: /[A-Za-z]/,
  digit: /\d/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[ \t\n\v\f\r]/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  print: /[ -~]/,
  graph: /[!-~]/,
  cntrl: /[\x00-\x1f\x7f]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** The characters of a tr set, in order. */
function trSet(spec: string, length: number): string[] {
  const out: string[] = [];
  const text = ansiUnescape(spec.replace(/\\([[\]-])/g, "\\x5c$1")).text;
  const chars = [...text];
  for (let i = 0; i < chars.length;) {
    const rest = chars.slice(i).join("");
    const cls = /^\[:(\w+):\]/.exec(rest);
    const repeat = /^\[(.)\*(\d*)\]/su.exec(rest);
    const equal = /^\[=(.)=\]/su.exec(rest);
    if (cls && CLASSES[cls[1]!]) {
      for (let b = 0; b < 128; b++)
        if (CLASSES[cls[1]!]!.test(String.fromCharCode(b))) out.push(String.fromCharCode(b));
      i += cls[0].length;
    } else if (repeat) {
      const n = repeat[2]
        ? parseInt(repeat[2], repeat[2].startsWith("0") ? 8 : 10)
        : Math.max(0, length - out.length);
      for (let k = 0; k < n; k++) out.push(repeat[1]!);
      i += [...repeat[0]].length;
    } else if (equal) {
      out.push(equal[1]!);
      i += 5;
    } else if (chars[i + 1] === "-" && chars[i + 2] !== undefined) {
      const [a, b] = [chars[i]!.codePointAt(0)!, chars[i + 2]!.codePointAt(0)!];
      for (let p = a; p <= b; p++) out.push(String.fromCodePoint(p));
      i += 3;
    } else out.push(chars[i++]!);
  }
  return out;
}

const tr = utility(
  "tr",
  {
    help: `Usage: tr [OPTION]... STRING1 [STRING2]
Translate, squeeze, and/or delete characters from standard input, writing to standard output.

  -c, -C, --complement    use the complement of STRING1
  -d, --delete            delete characters in STRING1, do not translate
  -s, --squeeze-repeats   replace each sequence of a repeated character by one
  -t, --truncate-set1     first truncate STRING1 to length of STRING2`,
    options: "c,complement C d,delete s,squeeze-repeats t,truncate-set1",
    posix: true,
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    const [one, two] = c.operands as [string, string | undefined];
    const del = c.has("d");
    if (two === undefined && !del && !c.has("s")) {
      await c.errText(
        `tr: missing operand after ‘${one}’\nTwo strings must be given when translating.\nTry 'tr --help' for more information.\n`,
      );
      return 1;
    }
    const complement = c.has("c") || c.has("C");
    const set1 = trSet(one, 0);
    const set2 = two === undefined ? [] : trSet(two, set1.length);
    const inSet1 = new Set(set1);
    const chosen = (ch: string): boolean => inSet1.has(ch) !== complement;
    const map = new Map<string, string>();
    if (!complement && !del)
      set1.forEach((ch, i) => {
        if (set2.length > 0 && !(c.has("t") && i >= set2.length)) map.set(ch, set2[i] ?? set2.at(-1)!);
      });
    const translate = (ch: string): string =>
      complement && set2.length > 0 ? (inSet1.has(ch) ? ch : set2.at(-1)!) : (map.get(ch) ?? ch);
    const squeezed = c.has("s") ? new Set(two === undefined ? null : set2) : null;
    let last = "";
    for (;;) {
      const chunk = await c.sys.read(0, 65536);
      if (chunk.length === 0) return 0;
      let out = "";
      for (const ch of new TextDecoder().decode(chunk)) {
        if (del && chosen(ch)) continue;
        const t = del ? ch : translate(ch);
        const squeeze = squeezed && (two === undefined ? chosen(t) : squeezed.has(t));
        if (squeeze && t === last) continue;
        out += t;
        last = t;
      }
      await c.out(out);
      await c.flush();
    }
  },
);

const uniq = utility(
  "uniq",
  {
    help: `Usage: uniq [OPTION]... [INPUT [OUTPUT]]
Filter adjacent matching lines from INPUT (or standard input).

  -c, --count           prefix lines by the number of occurrences
  -d, --repeated        only print duplicate lines, one for each group
  -D                    print all duplicate lines
  -f, --skip-fields=N   avoid comparing the first N fields
  -i, --ignore-case     ignore differences in case when comparing
  -s, --skip-chars=N    avoid comparing the first N characters
  -u, --unique          only print unique lines
  -w, --check-chars=N   compare no more than N characters in lines`,
    options: "c,count d,repeated D f:,skip-fields i,ignore-case s:,skip-chars u,unique w:,check-chars",
  },
  async (c) => {
    const key = (line: string): string => {
      let s = line;
      for (let n = Number(c.value("f") ?? 0); n > 0; n--) s = s.replace(/^\s*\S+/, "");
      s = s.slice(Number(c.value("s") ?? 0));
      if (c.has("w")) s = s.slice(0, Number(c.value("w")));
      return c.has("i") ? s.toLowerCase() : s;
    };
    let group: string[] = [];
    const emit = async (): Promise<void> => {
      if (group.length === 0) return;
      const many = group.length > 1;
      if ((c.has("d") && !many) || (c.has("u") && many) || (c.has("D") && !many)) return;
      for (const line of c.has("D") ? group : group.slice(0, 1)) {
        await c.out(`${c.has("c") ? `${String(group.length).padStart(7)} ` : ""}${line}\n`);
      }
    };
    for await (const line of c.lines(c.operands.length > 0 ? [c.operands[0]!] : ["-"])) {
      if (group.length > 0 && key(group[0]!) !== key(line)) {
        await emit();
        group = [];
      }
      group.push(line);
    }
    await emit();
  },
);

const comm = utility(
  "comm",
  {
    help: `Usage: comm [OPTION]... FILE1 FILE2
Compare sorted files FILE1 and FILE2 line by line.

  -1    suppress column 1 (lines unique to FILE1)
  -2    suppress column 2 (lines unique to FILE2)
  -3    suppress column 3 (lines that appear in both files)
      --nocheck-order       do not check that the input is correctly sorted
      --output-delimiter=STR  separate columns with STR`,
    options: "1 2 3 ,check-order ,nocheck-order ,output-delimiter: z",
  },
  async (c) => {
    if (c.operands.length < 2)
      await c.usage(c.operands.length === 0 ? "missing operand" : `missing operand after ‘${c.operands[0]}’`);
    const [a, b] = [await c.slurpText(c.operands[0]!), await c.slurpText(c.operands[1]!)];
    if (a === null || b === null) return 1;
    const [x, y] = [splitLines(a), splitLines(b)];
    const tab = c.value("output-delimiter") ?? "\t";
    const indent = [0, c.has("1") ? 0 : 1, (c.has("1") ? 0 : 1) + (c.has("2") ? 0 : 1)];
    const show = (column: 1 | 2 | 3, line: string): Promise<void> =>
      c.has(String(column)) ? Promise.resolve() : c.out(`${tab.repeat(indent[column - 1]!)}${line}\n`);
    for (let i = 0, j = 0; i < x.length || j < y.length;) {
      if (j >= y.length || (i < x.length && x[i]! < y[j]!)) await show(1, x[i++]!);
      else if (i >= x.length || y[j]! < x[i]!) await show(2, y[j++]!);
      else {
        await show(3, x[i++]!);
        j++;
      }
    }
    return 0;
  },
);

const paste = utility(
  "paste",
  {
    help: "Usage: paste [OPTION]... [FILE]...\nWrite lines consisting of the sequentially corresponding lines from each FILE.\n\n  -d, --delimiters=LIST  reuse characters from LIST instead of TABs\n  -s, --serial           paste one file at a time",
    options: "d:,delimiters s,serial",
  },
  async (c) => {
    const delimiters = [...ansiUnescape(c.value("d") ?? "\t").text];
    const files: string[][] = [];
    const stdin = c.inputs.includes("-") ? splitLines((await c.slurpText("-")) ?? "") : [];
    const dashes = c.inputs.filter((p) => p === "-").length;
    for (const [k, path] of c.inputs.entries()) {
      // Several dashes take the lines of standard input in turn.
      const turn = c.inputs.slice(0, k).filter((p) => p === "-").length;
      const text = path === "-" ? "" : await c.slurpText(path);
      if (text === null) return 1;
      files.push(path === "-" ? stdin.filter((_, i) => i % dashes === turn) : splitLines(text));
    }
    const rows = c.has("s")
      ? files
      : Array.from({ length: Math.max(0, ...files.map((f) => f.length)) }, (_, i) =>
          files.map((f) => f[i] ?? ""),
        );
    for (const row of rows) {
      await c.out(
        `${row.map((s, i) => (i === 0 ? s : (delimiters[(i - 1) % delimiters.length] ?? "") + s)).join("")}\n`,
      );
    }
    return 0;
  },
);

const fold = utility(
  "fold",
  {
    help: "Usage: fold [OPTION]... [FILE]...\nWrap input lines in each FILE.\n\n  -s, --spaces       break at spaces\n  -w, --width=WIDTH  use WIDTH columns instead of 80",
    options: "s,spaces w:,width b",
  },
  async (c) => {
    const width = Number(c.value("w") ?? 80);
    for await (const line of c.lines()) {
      let rest = line;
      while (rest.length > width) {
        const space = c.has("s") ? rest.slice(0, width).lastIndexOf(" ") + 1 : 0;
        const at = space > 0 ? space : width;
        await c.out(`${rest.slice(0, at)}\n`);
        rest = rest.slice(at);
      }
      await c.out(`${rest}\n`);
    }
  },
);

const column = utility(
  "column",
  {
    help: "Usage: column [OPTION]... [FILE]...\nColumnate lists.\n\n  -t, --table            create a table\n  -s, --separator=CHARS  possible table delimiters",
    options: "t,table s:,separator o:,output-separator",
  },
  async (c) => {
    const lines: string[] = [];
    for await (const l of c.lines()) if (l.trim() !== "") lines.push(l);
    if (!c.has("t")) return c.out(lines.map((l) => `${l}\n`).join(""));
    const sep = c.value("s");
    const rows = lines.map((l) =>
      sep ? l.split(new RegExp(`[${sep.replace(/[\\\]^-]/g, "\\$&")}]`)) : l.trim().split(/\s+/),
    );
    const widths: number[] = [];
    for (const r of rows) r.forEach((s, i) => (widths[i] = Math.max(widths[i] ?? 0, s.length)));
    const glue = c.value("o") ?? "  ";
    for (const r of rows)
      await c.out(`${r.map((s, i) => (i === r.length - 1 ? s : s.padEnd(widths[i]!))).join(glue)}\n`);
  },
);

export const textTools: Record<string, Program> = { cut, tr, uniq, comm, paste, fold, column };
