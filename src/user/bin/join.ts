// join.ts - join: lines of two sorted files with equal fields.

import type { Program } from "../sys.ts";
import { type Command, Leave, splitLines, utility } from "./command.ts";

const HELP = `Usage: join [OPTION]... FILE1 FILE2
For each pair of input lines with identical join fields, write a line to standard output.

  -a FILENUM         also print unpairable lines from file FILENUM
  -e STRING          replace missing input fields with STRING
  -i, --ignore-case  ignore differences in case when comparing fields
  -j FIELD           equivalent to '-1 FIELD -2 FIELD'
  -o FORMAT          obey FORMAT while constructing output line
  -t CHAR            use CHAR as input and output field separator
  -v FILENUM         like -a FILENUM, but suppress joined output lines
  -1 FIELD           join on this FIELD of file 1
  -2 FIELD           join on this FIELD of file 2
      --check-order  check that the input is correctly sorted
      --nocheck-order  do not check that the input is correctly sorted
      --header       treat the first line in each file as field headers`;

type Fields = string[];

interface Side {
  name: string;
  number: 1 | 2;
  /** Index of the field that joins. */
  key: number;
  lines: string[];
  rows: Fields[];
  at: number;
  /** Fields of the first line: for -o auto. */
  width: number;
  complained: boolean;
}

function fieldsOf(line: string, separator: string | undefined): Fields {
  if (separator === undefined)
    return line.split(/[ \t]+/).filter((f, i, all) => f !== "" || (i > 0 && i < all.length - 1));
  return separator === "" ? [line] : line.split(separator);
}

class Join {
  private readonly glue: string;
  private readonly format: [0 | 1 | 2, number][] | null;

  constructor(
    private readonly c: Command,
    private readonly left: Side,
    private readonly right: Side,
  ) {
    this.glue = c.value("t") ?? " ";
    this.format = formatOf(c, left, right);
  }

  private key(side: Side, row: Fields): string {
    const text = row[side.key] ?? "";
    return this.c.has("i") ? text.toLowerCase() : text;
  }

  private wants(option: "a" | "v", side: Side): boolean {
    return this.c.values(option).includes(String(side.number));
  }

  private fill(text: string | undefined): string {
    return text === undefined || text === "" ? (this.c.value("e") ?? "") : text;
  }

  private line(a: Fields | null, b: Fields | null): string {
    const key = a?.[this.left.key] ?? b?.[this.right.key] ?? "";
    if (this.format) {
      const cell = ([file, i]: [0 | 1 | 2, number]): string =>
        this.fill(file === 0 ? key : (file === 1 ? a : b)?.[i]);
      return `${this.format.map(cell).join(this.glue)}\n`;
    }
    const others = (row: Fields | null, k: number): Fields => row?.filter((_, i) => i !== k) ?? [];
    return `${[key, ...others(a, this.left.key), ...others(b, this.right.key)].join(this.glue)}\n`;
  }

  /** Takes the next line; complains about one out of order. */
  private async step(side: Side): Promise<void> {
    side.at++;
    const { rows, at } = side;
    const [before, row] = [rows[at - 1], rows[at]];
    if (!before || !row || side.complained || this.c.has("nocheck-order")) return;
    if (this.key(side, before) <= this.key(side, row)) return;
    side.complained = true;
    await this.c.warn(`${side.name}:${at + 1}: is not sorted: ${side.lines[at]}`);
    if (this.c.has("check-order")) throw new Leave(1);
  }

  private async alone(side: Side): Promise<void> {
    if (this.wants("a", side) || this.wants("v", side)) {
      const row = side.rows[side.at]!;
      await this.c.out(side === this.left ? this.line(row, null) : this.line(null, row));
    }
    await this.step(side);
  }

  /** All lines of both files that have this key, each with each. */
  private async pair(key: string): Promise<void> {
    const run = async (side: Side): Promise<Fields[]> => {
      const rows: Fields[] = [];
      for (let row = side.rows[side.at]; row && this.key(side, row) === key; row = side.rows[side.at]) {
        rows.push(row);
        await this.step(side);
      }
      return rows;
    };
    const [a, b] = [await run(this.left), await run(this.right)];
    if (this.c.has("v")) return;
    for (const x of a) for (const y of b) await this.c.out(this.line(x, y));
  }

  async run(): Promise<void> {
    const { left, right } = this;
    if (this.c.has("header")) {
      await this.c.out(this.line(left.rows[0] ?? null, right.rows[0] ?? null));
      left.at = right.at = 1;
    }
    for (;;) {
      const [a, b] = [left.rows[left.at], right.rows[right.at]];
      if (!a && !b) break;
      const order = !a ? 1 : !b ? -1 : compare(this.key(left, a), this.key(right, b));
      if (order === 0) await this.pair(this.key(left, a!));
      else await this.alone(order < 0 ? left : right);
    }
    if (left.complained || right.complained) await this.c.warn("input is not in sorted order");
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function formatOf(c: Command, left: Side, right: Side): [0 | 1 | 2, number][] | null {
  const spec = c.values("o").join(",");
  if (spec === "") return null;
  if (spec === "auto") {
    const all = (side: Side): [1 | 2, number][] =>
      Array.from({ length: side.width }, (_, i): [1 | 2, number] => [side.number, i]).filter(
        ([, i]) => i !== side.key,
      );
    return [[0, 0], ...all(left), ...all(right)];
  }
  return spec.split(/[ ,]+/).map((f) => [Number(f[0]) as 0 | 1 | 2, Number(f.slice(2)) - 1]);
}

async function readSide(c: Command, number: 1 | 2): Promise<Side> {
  const name = c.operands[number - 1]!;
  const text = await c.slurpText(name);
  if (text === null) throw new Leave(1);
  const spec = c.value(String(number)) ?? c.value("j") ?? "1";
  if (!/^[1-9]\d*$/.test(spec)) await c.die(`invalid field number: ‘${spec}’`);
  const lines = splitLines(text);
  const rows = lines.map((l) => fieldsOf(l, c.value("t")));
  return {
    name,
    number,
    key: Number(spec) - 1,
    lines,
    rows,
    at: 0,
    width: rows[0]?.length ?? 0,
    complained: false,
  };
}

const join = utility(
  "join",
  {
    help: HELP,
    options: "a: e: i,ignore-case j: o: t: v: 1: 2: ,check-order ,nocheck-order ,header z,zero-terminated",
  },
  async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    if (c.operands.length === 1) await c.usage(`missing operand after ‘${c.operands[0]}’`);
    if (c.operands.length > 2) await c.usage(`extra operand '${c.operands[2]}'`);
    for (const n of [...c.values("a"), ...c.values("v")])
      if (n !== "1" && n !== "2") await c.die(`invalid field number: ‘${n}’`);
    const tab = c.value("t");
    if (tab !== undefined && [...tab].length > 1 && tab !== "\\0")
      await c.die(`multi-character tab ‘${tab}’`);
    await new Join(c, await readSide(c, 1), await readSide(c, 2)).run();
  },
);

export const joining: Record<string, Program> = { join };
