// textTools.ts - comm, paste, fold, column.

import type { Program } from "../sys.ts";
import { ansiUnescape } from "../sh/quote.ts";
import { splitLines, utility } from "./command.ts";
import { cut } from "./cut.ts";
import { tr } from "./tr.ts";
import { uniq } from "./uniq.ts";

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
