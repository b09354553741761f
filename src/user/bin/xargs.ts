// xargs.ts - xargs: words of its input as arguments of commands.

import { attempt, strerror } from "../errno.ts";
import { ansiUnescape } from "../sh/quote.ts";
import type { Program } from "../sys.ts";
import { decode, encode } from "../text.ts";
import { decodeStatus } from "../waitStatus.ts";
import { type Command, Leave, utility } from "./command.ts";
import { exec } from "./spawn.ts";

/** A command line may be so long, each word with the NUL behind it. */
const LONGEST = 131072;

interface Items {
  /** The items of each input line. */
  lines: string[][];
  /** What was wrong after them. */
  error: string | null;
}

function separated(text: string, delimiter: string): Items {
  const items = text.split(delimiter);
  if (items.at(-1) === "") items.pop();
  return { lines: items.map((item) => [item]), error: null };
}

/** Words as xargs reads them: blanks separate, quotes and backslashes protect. */
function quotedWords(text: string, whole: boolean, end: string | undefined): Items {
  const lines: string[][] = [];
  for (const line of text.split("\n")) {
    const words: string[] = [];
    let word: string | null = null;
    for (let at = 0; at < line.length; at++) {
      const c = line[at]!;
      if (c === " " || c === "\t") {
        if (whole && word !== null) word += c;
        else if (word !== null) {
          words.push(word);
          word = null;
        }
      } else if (c === "\\") word = (word ?? "") + (line[++at] ?? "");
      else if (c === "'" || c === '"') {
        const close = line.indexOf(c, at + 1);
        if (close < 0) {
          if (words.length > 0) lines.push(words);
          return {
            lines,
            error: `unmatched ${c === "'" ? "single" : "double"} quote; by default quotes are special to xargs unless you use the -0 option`,
          };
        }
        word = (word ?? "") + line.slice(at + 1, close);
        at = close;
      } else word = (word ?? "") + c;
    }
    if (word !== null) words.push(word);
    const stop = end === undefined ? -1 : words.indexOf(end);
    if (stop >= 0) words.length = stop;
    if (words.length > 0) lines.push(words);
    if (stop >= 0) break;
  }
  return { lines, error: null };
}

async function number(c: Command, option: string, least: number): Promise<number | null> {
  const text = c.value(option);
  if (text === undefined || text === "") return null;
  if (!/^-?\d+$/.test(text)) await c.usage(`invalid number "${text}" for -${option} option`);
  if (Number(text) < least) await c.usage(`value ${text} for -${option} option should be >= ${least}`);
  return Number(text);
}

async function delimiterOf(c: Command): Promise<string | null> {
  if (c.has("0")) return "\0";
  const text = c.value("d");
  if (text === undefined) return null;
  const meant = ansiUnescape(text).text;
  if ([...meant].length === 1 || /^\\0*$/.test(text)) return meant || "\0";
  return c.die(
    `Invalid input delimiter specification ${text}: the delimiter must be either a single character or an escape sequence starting with \\.`,
  );
}

/** The arguments of each command, as many in one as the options allow. */
function* batches(words: string[], fixed: number, most: number, size: number): Generator<string[]> {
  let batch: string[] = [];
  let used = fixed;
  for (const word of words) {
    const length = encode(word).length + 1;
    if (batch.length > 0 && (batch.length >= most || used + length > size)) {
      yield batch;
      batch = [];
      used = fixed;
    }
    batch.push(word);
    used += length;
  }
  if (batch.length > 0) yield batch;
}

class Runner {
  private readonly running = new Map<number, string>();
  status = 0;

  constructor(
    private readonly c: Command,
    private readonly most: number,
  ) {}

  async run(argv: string[]): Promise<void> {
    const { c } = this;
    if (c.has("t") && !c.has("p")) await c.errText(`${argv.join(" ")}\n`);
    if (c.has("p") && !(await this.agreed(argv))) return;
    while (this.most > 0 && this.running.size >= this.most) await this.wait();
    await c.flush();
    const stdin = c.has("o") ? "/dev/tty" : c.has("a") ? null : "/dev/null";
    const pid = await c.sys.fork((sys) => exec(sys, c.name, argv, stdin, c.env));
    this.running.set(pid, argv[0]!);
    if (this.most === 1) await this.wait();
  }

  private async agreed(argv: string[]): Promise<boolean> {
    await this.c.errText(`${argv.join(" ")}?...`);
    const fd = await attempt(this.c.sys.open("/dev/tty", 0));
    if (!fd.ok) return this.c.die(`failed to open /dev/tty for reading: ${strerror(fd.code)}`);
    const answer = decode(await this.c.sys.read(fd.value, 1024));
    await this.c.close(fd.value);
    return /^[yY]/.test(answer);
  }

  private async wait(): Promise<void> {
    const ended = await this.c.sys.wait4(-1, 0);
    const name = ended ? this.running.get(ended.pid) : undefined;
    if (!ended || name === undefined) return;
    this.running.delete(ended.pid);
    const how = decodeStatus(ended.status);
    if (how.kind === "signaled") return this.stop(`${name}: terminated by signal ${how.signal}`, 125);
    const code = how.kind === "exited" ? how.code : 0;
    if (code === 255) return this.stop(`${name}: exited with status 255; aborting`, 124);
    if (code === 126 || code === 127) throw new Leave(code);
    if (code !== 0) this.status = 123;
  }

  private async stop(why: string, status: number): Promise<never> {
    await this.c.warn(why);
    throw new Leave(status);
  }

  async waitForAll(): Promise<void> {
    while (this.running.size > 0) await this.wait();
  }
}

async function input(c: Command): Promise<string> {
  const path = c.value("a");
  if (path === undefined) return (await c.slurpText("-")) ?? "";
  const fd = await attempt(c.sys.open(path, 0));
  if (!fd.ok) return c.die(`Cannot open input file ‘${path}’: ${strerror(fd.code)}`);
  const text = decode(await c.readAll(fd.value));
  await c.close(fd.value);
  return text;
}

async function runAll(c: Command): Promise<number> {
  const most = (await number(c, "n", 1)) ?? Infinity;
  const perLine = (await number(c, "L", 1)) ?? (await number(c, "l", 1)) ?? (c.has("l") ? 1 : null);
  const size = (await number(c, "s", 1)) ?? LONGEST;
  const runner = new Runner(c, (await number(c, "P", 0)) ?? 1);
  const delimiter = await delimiterOf(c);
  const mark = c.value("I") ?? (c.has("i") ? c.value("i") || "{}" : null);
  const text = await input(c);
  const items =
    delimiter === null ? quotedWords(text, mark !== null, c.value("E")) : separated(text, delimiter);
  const command = c.operands.length > 0 ? c.operands : ["echo"];
  if (mark !== null) {
    for (const item of items.lines.flat()) await runner.run(command.map((a) => a.replaceAll(mark, item)));
  } else {
    const fixed = command.reduce((n, word) => n + encode(word).length + 1, 0);
    const groups: string[][] = [];
    if (perLine === null) groups.push(items.lines.flat());
    else
      for (let at = 0; at < items.lines.length; at += perLine)
        groups.push(items.lines.slice(at, at + perLine).flat());
    if (items.lines.length === 0 && items.error === null && !c.has("r")) await runner.run(command);
    for (const words of groups)
      for (const batch of batches(words, fixed, most, size)) await runner.run([...command, ...batch]);
  }
  await runner.waitForAll();
  if (items.error !== null) await c.die(items.error);
  return runner.status;
}

export const xargs: Program = utility(
  "xargs",
  {
    help: `Usage: xargs [OPTION]... COMMAND [INITIAL-ARGS]...
Run COMMAND with arguments INITIAL-ARGS and more arguments read from input.

  -0, --null                   items are separated by a null, not whitespace
  -a, --arg-file=FILE          read arguments from FILE, not standard input
  -d, --delimiter=CHARACTER    items in input stream are separated by CHARACTER
  -E END                       a word END ends the input
  -I R                         replace R in INITIAL-ARGS with names read from input
  -L, --max-lines=MAX-LINES    use at most MAX-LINES non-blank input lines per command line
  -n, --max-args=MAX-ARGS      use at most MAX-ARGS arguments per command line
  -o, --open-tty               the terminal is the commands' standard input
  -p, --interactive            prompt before running commands
  -P, --max-procs=MAX-PROCS    run at most MAX-PROCS processes at a time; 0: all
  -r, --no-run-if-empty        if there are no arguments, do not run COMMAND
  -s, --max-chars=MAX-CHARS    limit length of command line to MAX-CHARS
  -t, --verbose                print commands before executing them`,
    options:
      "0,null a:,arg-file d:,delimiter E: I: i? l? L:,max-lines n:,max-args o,open-tty p,interactive P:,max-procs " +
      "r,no-run-if-empty t,verbose x,exit s:,max-chars",
    posix: true,
  },
  runAll,
);
