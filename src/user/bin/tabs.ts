// tabs.ts - expand and unexpand.

import type { Program } from "../sys.ts";
import { type Command, linesOf, utility } from "./command.ts";

/** Where the next stop behind a column is; null behind the last of a list. */
type Stops = (column: number) => number | null;

async function stops(c: Command): Promise<Stops> {
  const spec = c.value("t") ?? "8";
  const list = spec.split(/[ ,]+/).filter((s) => s !== "");
  const odd = list.find((s) => !/^\d+$/.test(s));
  if (odd !== undefined) return c.die(`tab size contains invalid character(s): ‘${odd.replace(/^\d+/, "")}’`);
  const numbers = list.map(Number);
  if (numbers.includes(0)) return c.die("tab size cannot be 0");
  if (numbers.some((n, i) => i > 0 && n <= numbers[i - 1]!)) return c.die("tab sizes must be ascending");
  if (numbers.length === 1) return (column) => (Math.floor(column / numbers[0]!) + 1) * numbers[0]!;
  return (column) => numbers.find((n) => n > column) ?? null;
}

function expandLine(line: string, next: Stops, initial: boolean): string {
  let out = "";
  let column = 0;
  for (const [i, ch] of [...line].entries()) {
    if (ch !== "\t" || (initial && /[^ \t]/.test(line.slice(0, i)))) {
      out += ch;
      column += ch === "\b" ? -1 : 1;
      continue;
    }
    const width = (next(column) ?? column + 1) - column;
    out += " ".repeat(width);
    column += width;
  }
  return out;
}

/** Runs of blanks that reach a stop become tabs; a single space before one stays. */
function unexpandLine(line: string, next: Stops, all: boolean): string {
  let [out, column, pending, start] = ["", 0, "", 0];
  const flush = (): void => {
    out += pending;
    pending = "";
  };
  let leading = true;
  for (const ch of line) {
    const blank = ch === " " || ch === "\t";
    if (!blank || !(leading || all)) {
      flush();
      leading &&= blank;
      out += ch;
      column += 1;
      start = column;
      continue;
    }
    const stop = next(column);
    column = ch === "\t" ? (stop ?? column + 1) : column + 1;
    pending += ch;
    if (stop !== null && column === stop) {
      out += pending === " " && column - start === 1 ? " " : "\t";
      pending = "";
      start = column;
    }
  }
  return out + pending;
}

function program(
  name: string,
  options: string,
  help: string,
  change: (line: string, next: Stops, c: Command) => string,
): Program {
  const info = {
    help,
    options,
    rewrite: (args: string[]) => args.map((a) => (/^-\d[\d,]*$/.test(a) ? `-t${a.slice(1)}` : a)),
  };
  return utility(name, info, async (c) => {
    const next = await stops(c);
    for (const path of c.inputs) {
      const fd = await c.open(path);
      if (fd === null) continue;
      for await (const { text, complete } of linesOf(c.sys, fd))
        await c.out(change(text, next, c) + (complete ? "\n" : ""));
      await c.close(fd);
    }
  });
}

export const tabs: Record<string, Program> = {
  expand: program(
    "expand",
    "i,initial t:,tabs",
    "Usage: expand [OPTION]... [FILE]...\nConvert tabs in each FILE to spaces.\n\n  -i, --initial    do not convert tabs after non blanks\n  -t, --tabs=N     have tabs N characters apart, not 8\n  -t, --tabs=LIST  use comma separated list of tab positions",
    (line, next, c) => expandLine(line, next, c.has("i")),
  ),
  unexpand: program(
    "unexpand",
    "a,all ,first-only t:,tabs",
    "Usage: unexpand [OPTION]... [FILE]...\nConvert blanks in each FILE to tabs.\n\n  -a, --all         convert all blanks, instead of just initial blanks\n      --first-only  convert only leading sequences of blanks\n  -t, --tabs=N      have tabs N characters apart instead of 8 (enables -a)",
    (line, next, c) => unexpandLine(line, next, (c.has("a") || c.has("t")) && !c.has("first-only")),
  ),
};
