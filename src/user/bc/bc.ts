// bc.ts - the command bc.

import { type Command, linesOf, splitLines, utility } from "../bin/command.ts";
import { attempt } from "../errno.ts";
import type { Program } from "../sys.ts";
import { decode } from "../text.ts";
import { BcError } from "./decimal.ts";
import { BcMachine, Quit } from "./machine.ts";
import { BcSyntax, Parser, type Stmt, tokens, Unfinished } from "./parse.ts";

const HELP = `usage: bc [options] [file ...]
  -h  --help         print this usage and exit
  -i  --interactive  force interactive mode
  -l  --mathlib      use the predefined math routines
  -q  --quiet        don't print initial banner
  -s  --standard     non-standard bc constructs are errors
  -w  --warn         warn about non-standard bc constructs
  -v  --version      print version information and exit`;

/** Statements as their lines come: a text that breaks off waits for more. */
class Feed {
  private pending = "";
  private line = 0;

  constructor(
    private readonly c: Command,
    private readonly machine: BcMachine,
    private readonly source: string,
  ) {}

  async take(line: string): Promise<void> {
    this.line++;
    // A backslash at the end of a line joins the next to it.
    this.pending += line.endsWith("\\") ? line.slice(0, -1) : `${line}\n`;
    if (line.endsWith("\\")) return;
    const program = await this.parse();
    if (!program) return;
    this.pending = "";
    await this.run(program);
    await this.c.flush();
  }

  async end(): Promise<void> {
    if (this.pending.trim() !== "") await this.c.errText(`(${this.source}) ${this.line}: syntax error\n`);
  }

  private async parse(): Promise<Stmt[] | null> {
    try {
      const list = tokens(this.pending);
      // quit is obeyed when it is read, wherever it stands.
      if (list.some((t) => t.kind === "name" && t.text === "quit")) throw new Quit();
      return new Parser(list).program();
    } catch (error) {
      if (error instanceof Unfinished) return null;
      if (!(error instanceof BcSyntax)) throw error;
      this.pending = "";
      await this.c.errText(`(${this.source}) ${this.line + Number(error.atNewline)}: ${error.message}\n`);
      return null;
    }
  }

  private async run(program: Stmt[]): Promise<void> {
    try {
      await this.machine.run(program);
    } catch (error) {
      if (error instanceof BcError) return this.c.errText(`Runtime error (func=(main)): ${error.message}\n`);
      // Recursion without end, or a number larger than there is memory.
      if (!(error instanceof RangeError)) throw error;
      await this.c.errText("Runtime error (func=(main)): out of memory\n");
    }
  }
}

const bc = utility(
  "bc",
  { help: HELP, options: "i,interactive l,mathlib q,quiet s,standard w,warn v" },
  async (c) => {
    if (c.has("v")) {
      await c.out("bc (Patchbay) 1.0\n");
      return 0;
    }
    const input = linesOf(c.sys, 0);
    const machine = new BcMachine(
      {
        write: (text) => c.out(text),
        read: async () => {
          const next = await input.next();
          return next.done ? null : next.value.text;
        },
        breathe: () => c.sys.sched_yield(),
      },
      c.has("l"),
    );
    try {
      for (const path of c.operands) {
        const fd = await attempt(c.sys.open(path, 0));
        if (!fd.ok) {
          await c.errText(`File ${path} is unavailable.
`);
          return 1;
        }
        const text = decode(await c.readAll(fd.value));
        await c.close(fd.value);
        const feed = new Feed(c, machine, path);
        for (const line of splitLines(text)) await feed.take(line);
        await feed.end();
      }
      const feed = new Feed(c, machine, "standard_in");
      for (let next = await input.next(); !next.done; next = await input.next())
        await feed.take(next.value.text);
      await feed.end();
    } catch (error) {
      if (!(error instanceof Quit)) throw error;
    }
    return 0;
  },
);

export const calculators: Record<string, Program> = { bc };
