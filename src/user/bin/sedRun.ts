// sedRun.ts - the cycle of sed: lines in, commands over the pattern space, lines out.

import { attempt, strerror } from "../errno.ts";
import { decode, encode } from "../text.ts";
import { type Command, linesOf, writeFully } from "./command.ts";
import { type Address, type SedCommand } from "./sedParse.ts";
import { capture } from "./spawn.ts";

interface SourceLine {
  text: string;
  /** False for a last line without newline. */
  complete: boolean;
}

interface Source {
  path: string;
  text: AsyncGenerator<SourceLine>;
}

export class Sed {
  private pattern = "";
  private hold = "";
  private lineNumber = 0;
  private ahead: (SourceLine & { source: Source }) | null = null;
  private complete = true;
  /** A line was printed without its newline: it comes before anything else. */
  private owesNewline = false;
  private appended: (() => Promise<void>)[] = [];
  private readonly readers = new Map<string, AsyncGenerator<SourceLine>>();
  /** Where the current line is from. */
  private current: Source | null = null;
  private readonly separate: boolean;
  private readonly active = new Map<SedCommand, boolean | number>();
  private readonly files = new Map<string, number>();
  private quit: number | null = null;
  private replaced = false;
  private source: Source | null = null;
  private queue: string[];
  out: ((text: string) => Promise<void>) | null = null;

  constructor(
    private readonly c: Command,
    private readonly program: SedCommand[],
    private readonly silent: boolean,
    paths: string[],
  ) {
    this.queue = [...paths];
    this.separate = c.has("s") || c.has("i");
  }

  private async *reader(path: string): AsyncGenerator<SourceLine> {
    const fd = path === "-" ? 0 : await this.open(path);
    if (fd === null) return;
    const first = await attempt(this.c.sys.fstat(fd));
    if (first.ok && (first.value.mode & 0o170000) === 0o040000) {
      await this.c.warn(`read error on ${path}: Is a directory`, 2);
      return;
    }
    yield* linesOf(this.c.sys, fd, this.c.has("z") ? 0 : 10);
    await this.c.close(fd);
  }

  private async open(path: string): Promise<number | null> {
    const r = await attempt(this.c.sys.open(path, 0));
    if (r.ok) return r.value;
    await this.c.warn(`can't read ${path}: ${strerror(r.code)}`, 2);
    return null;
  }

  /** The line after the current one, across files. */
  private async peek(): Promise<(SourceLine & { source: Source }) | null> {
    while (!this.ahead) {
      if (!this.source) {
        const path = this.queue.shift();
        if (path === undefined) return null;
        this.source = { path, text: this.reader(path) };
      }
      const r = await this.source.text.next();
      if (r.done) this.source = null;
      else this.ahead = { ...r.value, source: this.source };
    }
    return this.ahead;
  }

  private async next(): Promise<boolean> {
    const line = await this.peek();
    if (!line) return false;
    this.ahead = null;
    if (this.separate && this.current !== null && this.current !== line.source) {
      this.lineNumber = 0;
      this.active.clear();
    }
    this.current = line.source;
    this.pattern = line.text;
    this.complete = line.complete;
    this.lineNumber++;
    return true;
  }

  private async print(text: string, newline = true): Promise<void> {
    const end = this.c.has("z") ? "\0" : "\n";
    const s = (this.owesNewline ? end : "") + text + (newline ? end : "");
    this.owesNewline = false;
    if (this.out) await this.out(s);
    else await this.c.out(s);
    if (this.c.has("u")) await this.c.flush();
  }

  /** The pattern space ends as its line did. */
  private async printPattern(): Promise<void> {
    await this.print(this.pattern, this.complete);
    this.owesNewline = !this.complete;
  }

  private async isLast(): Promise<boolean> {
    const ahead = await this.peek();
    return ahead === null || (this.separate && ahead.source !== this.current);
  }

  async run(): Promise<number> {
    while (this.quit === null && (await this.next())) {
      this.replaced = false;
      let restart = await this.execute();
      while (restart === "restart" && this.quit === null) restart = await this.execute();
      if (restart !== "deleted" && !this.silent) await this.printPattern();
      await this.flushAppended();
    }
    for (const fd of this.files.values()) await this.c.close(fd);
    return this.quit ?? this.c.status;
  }

  private async flushAppended(): Promise<void> {
    for (const write of this.appended.splice(0)) await write();
  }

  /** `a\\` with nothing behind it adds no more than the newline that is owed. */
  private async printText(text: string): Promise<void> {
    await this.print(text, text !== "");
  }

  private async printFile(path: string): Promise<void> {
    const fd = await attempt(this.c.sys.open(path, 0));
    if (!fd.ok) return;
    const text = decode(await this.c.readAll(fd.value));
    await this.c.close(fd.value);
    if (text !== "") await this.print(text, false);
  }

  /** The next line of a file that is read line by line. */
  private async printLineOf(path: string): Promise<void> {
    let reader = this.readers.get(path);
    if (!reader) {
      const fd = await attempt(this.c.sys.open(path, 0));
      if (!fd.ok) return;
      reader = linesOf(this.c.sys, fd.value);
      this.readers.set(path, reader);
    }
    const line = await reader.next();
    if (!line.done) await this.print(line.value.text);
  }

  private async matches(a: Address): Promise<boolean> {
    switch (a.kind) {
      case "line":
        return this.lineNumber === a.n;
      case "last":
        return this.isLast();
      case "regex":
        a.re.lastIndex = 0;
        return a.re.test(this.pattern);
      case "step":
        return a.step === 0
          ? this.lineNumber === a.first
          : this.lineNumber >= a.first && (this.lineNumber - a.first) % a.step === 0;
      default:
        return false;
    }
  }

  private async selected(cmd: SedCommand): Promise<boolean> {
    if (!cmd.from) return !cmd.negate;
    if (!cmd.to) return (await this.matches(cmd.from)) !== cmd.negate;
    return (await this.inRange(cmd, cmd.from, cmd.to)) !== cmd.negate;
  }

  private async inRange(cmd: SedCommand, from: Address, to: Address): Promise<boolean> {
    const state = this.active.get(cmd);
    if (state !== undefined && state !== false) {
      const end = typeof state === "number" ? this.lineNumber >= state : await this.matches(to);
      if (end) this.active.set(cmd, false);
      return !(typeof state === "number" && this.lineNumber > state);
    }
    const zero = from.kind === "line" && from.n === 0;
    if (zero && state === undefined) {
      this.active.set(cmd, !(await this.matches(to)));
      return true;
    }
    if (!(await this.matches(from))) return false;
    if (to.kind === "line") {
      if (to.n > this.lineNumber) this.active.set(cmd, to.n);
    } else if (to.kind === "plus") {
      if (to.n > 0) this.active.set(cmd, this.lineNumber + to.n);
    } else if (to.kind === "multiple") {
      const end = to.n > 0 ? Math.ceil(this.lineNumber / to.n) * to.n : this.lineNumber;
      if (end > this.lineNumber) this.active.set(cmd, end);
    } else if (to.kind !== "last" || !(await this.isLast())) this.active.set(cmd, true);
    return true;
  }

  private async execute(): Promise<"end" | "deleted" | "restart"> {
    for (let pc = 0; pc < this.program.length; pc++) {
      const cmd = this.program[pc]!;
      if (cmd.name === "}" || cmd.name === ":") continue;
      if (!(await this.selected(cmd))) {
        if (cmd.name === "{") pc = cmd.jump;
        continue;
      }
      const r = await this.command(cmd);
      if (r === "deleted" || r === "restart" || r === "end") return r;
      if (r === "branch") {
        if (cmd.jump < 0) return "end";
        pc = cmd.jump;
      }
      if (this.quit !== null) return "end";
    }
    return "end";
  }

  private async command(cmd: SedCommand): Promise<"end" | "deleted" | "restart" | "branch" | null> {
    switch (cmd.name) {
      case "s":
        return this.substitute(cmd);
      case "p":
        await this.printPattern();
        return null;
      case "P":
        await this.print(this.pattern.split("\n")[0]!);
        return null;
      case "d":
        return "deleted";
      case "D": {
        const at = this.pattern.indexOf("\n");
        if (at < 0) return "deleted";
        this.pattern = this.pattern.slice(at + 1);
        await this.flushAppended();
        return "restart";
      }
      case "n":
        if (await this.isLast()) return this.endAtLast();
        if (!this.silent) await this.printPattern();
        await this.flushAppended();
        await this.next();
        return null;
      case "N":
        return this.appendNext();
      case "h":
        this.hold = this.pattern;
        return null;
      case "H":
        this.hold += `\n${this.pattern}`;
        return null;
      case "g":
        this.pattern = this.hold;
        return null;
      case "G":
        this.pattern += `\n${this.hold}`;
        return null;
      case "x":
        [this.pattern, this.hold] = [this.hold, this.pattern];
        return null;
      default:
        return this.more(cmd);
    }
  }

  /** There is no next line: GNU sed prints the pattern space, and the file ends. */
  private async endAtLast(): Promise<"end" | "deleted"> {
    if ((await this.peek()) === null) this.quit = this.c.status;
    return this.c.has("posix") ? "deleted" : "end";
  }

  private async appendNext(): Promise<"end" | "deleted" | null> {
    if (await this.isLast()) return this.endAtLast();
    const before = this.pattern;
    await this.flushAppended();
    await this.next();
    this.pattern = `${before}\n${this.pattern}`;
    return null;
  }

  private async more(cmd: SedCommand): Promise<"end" | "deleted" | "branch" | null> {
    switch (cmd.name) {
      case "a":
        this.appended.push(() => this.printText(cmd.text));
        return null;
      case "r":
        this.appended.push(() => this.printFile(cmd.text));
        return null;
      case "R":
        this.appended.push(() => this.printLineOf(cmd.text));
        return null;
      case "F":
        await this.print(this.current?.path ?? "-");
        return null;
      case "e":
        if (cmd.text === "") this.pattern = (await this.outputOf(this.pattern)).replace(/\n$/, "");
        else await this.print(await this.outputOf(cmd.text), false);
        return null;
      case "i":
        await this.printText(cmd.text);
        return null;
      case "c":
        if (!cmd.to || cmd.negate || this.active.get(cmd) === false || this.active.get(cmd) === undefined)
          await this.print(cmd.text);
        return "deleted";
      case "b":
        return "branch";
      case "t":
      case "T": {
        const go = this.replaced === (cmd.name === "t");
        this.replaced = false;
        return go ? "branch" : null;
      }
      case "q":
        this.quit = cmd.number;
        return "end";
      case "Q":
        this.quit = cmd.number;
        return "deleted";
      case "=":
        await this.print(String(this.lineNumber));
        return null;
      case "l":
        await this.print(unambiguous(this.pattern));
        return null;
      case "y":
        this.pattern = [...this.pattern].map((ch) => cmd.map!.get(ch) ?? ch).join("");
        return null;
      case "w":
        await this.toFile(cmd.text, `${this.pattern}\n`);
        return null;
      case "W":
        await this.toFile(cmd.text, `${this.pattern.split("\n")[0]}\n`);
        return null;
      case "z":
        this.pattern = "";
        return null;
      default:
        return null;
    }
  }

  private async outputOf(command: string): Promise<string> {
    return (await capture(this.c, ["sh", "-c", command], false)).text;
  }

  private async toFile(path: string, text: string): Promise<void> {
    if (path === "/dev/stdout") return this.print(text, false);
    let fd = this.files.get(path);
    if (fd === undefined) {
      fd = (await this.c.try(this.c.sys.open(path, 0o1101, 0o666), `couldn't open file ${path}`)) ?? -1;
      this.files.set(path, fd);
    }
    if (fd >= 0) await writeFully(this.c.sys, fd, encode(text));
  }

  private async substitute(cmd: SedCommand): Promise<null> {
    const s = cmd.subst!;
    let n = 0;
    let hit = false;
    s.re.lastIndex = 0;
    const result = this.pattern.replace(s.re, (...args: unknown[]) => {
      n++;
      const m = args[0] as string;
      if (n < s.nth || (n > s.nth && !s.global)) return m;
      hit = true;
      const groups = args.slice(
        1,
        args.findIndex((a, i) => i > 0 && typeof a === "number"),
      ) as (string | undefined)[];
      return s.with(m, groups);
    });
    if (!hit) return null;
    this.pattern = result;
    this.replaced = true;
    if (s.run) this.pattern = (await this.outputOf(this.pattern)).replace(/\n$/, "");
    if (s.print) await this.printPattern();
    if (s.file !== null) await this.toFile(s.file, `${this.pattern}\n`);
    return null;
  }
}

function unambiguous(s: string): string {
  const named: Record<string, string> = {
    "\n": "\\n",
    "\t": "\\t",
    "\\": "\\\\",
    "\b": "\\b",
    "\r": "\\r",
    "\f": "\\f",
    "\v": "\\v",
    "\x07": "\\a",
  };
  const text = s.replace(
    /[\x00-\x1f\x7f\\]/g,
    (c) => named[c] ?? `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
  return `${text.replace(/(.{69})(?=.)/g, "$1\\\n")}$`;
}
