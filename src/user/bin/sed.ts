// sed.ts - sed: the program text to commands, and the cycle that runs them.

import { attempt, strerror } from "../errno.ts";
import { decode, encode } from "../text.ts";
import { type Command, linesOf, utility, writeFully } from "./command.ts";
import { type Address, parseSed, type SedCommand, SedError } from "./sedParse.ts";

interface Source {
  path: string;
  text: AsyncGenerator<{ text: string; complete: boolean }>;
}

class Sed {
  private pattern = "";
  private hold = "";
  private lineNumber = 0;
  private ahead: { text: string; complete: boolean } | null = null;
  private complete = true;
  private appended: { text: string; file: boolean }[] = [];
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
  }

  private async *reader(path: string): AsyncGenerator<{ text: string; complete: boolean }> {
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
  private async peek(): Promise<{ text: string; complete: boolean } | null> {
    while (!this.ahead) {
      if (!this.source) {
        const path = this.queue.shift();
        if (path === undefined) return null;
        this.source = { path, text: this.reader(path) };
      }
      const r = await this.source.text.next();
      if (r.done) this.source = null;
      else this.ahead = r.value;
    }
    return this.ahead;
  }

  private async next(): Promise<boolean> {
    const line = await this.peek();
    if (!line) return false;
    this.ahead = null;
    this.pattern = line.text;
    this.complete = line.complete;
    this.lineNumber++;
    return true;
  }

  private async print(text: string, newline = true): Promise<void> {
    const s = text + (newline ? (this.c.has("z") ? "\0" : "\n") : "");
    if (this.out) await this.out(s);
    else await this.c.out(s);
    if (this.c.has("u")) await this.c.flush();
  }

  async run(): Promise<number> {
    while (this.quit === null && (await this.next())) {
      this.replaced = false;
      let restart = await this.execute();
      while (restart === "restart" && this.quit === null) restart = await this.execute();
      if (restart !== "deleted" && !this.silent)
        await this.print(this.pattern, this.complete || (await this.peek()) !== null);
      await this.flushAppended();
    }
    for (const fd of this.files.values()) await this.c.close(fd);
    return this.quit ?? this.c.status;
  }

  private async flushAppended(): Promise<void> {
    for (const a of this.appended) {
      if (!a.file) {
        await this.print(a.text);
        continue;
      }
      const fd = await attempt(this.c.sys.open(a.text, 0));
      if (!fd.ok) continue;
      const text = decode(await this.c.readAll(fd.value));
      await this.c.close(fd.value);
      await this.print(text, false);
    }
    this.appended = [];
  }

  private async matches(a: Address): Promise<boolean> {
    switch (a.kind) {
      case "line":
        return this.lineNumber === a.n;
      case "last":
        return (await this.peek()) === null;
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
    } else if (to.kind !== "last" || (await this.peek()) !== null) this.active.set(cmd, true);
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
        await this.print(this.pattern);
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
        if ((await this.peek()) === null) return this.c.has("posix") ? "deleted" : "end";
        if (!this.silent) await this.print(this.pattern);
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

  private async appendNext(): Promise<"end" | null> {
    const line = await this.peek();
    if (!line) {
      // GNU sed prints the pattern space when there is no next line.
      this.quit = this.c.status;
      return "end";
    }
    const before = this.pattern;
    await this.flushAppended();
    await this.next();
    this.pattern = `${before}\n${this.pattern}`;
    return null;
  }

  private async more(cmd: SedCommand): Promise<"end" | "deleted" | "branch" | null> {
    switch (cmd.name) {
      case "a":
        this.appended.push({ text: cmd.text, file: false });
        return null;
      case "r":
        this.appended.push({ text: cmd.text, file: true });
        return null;
      case "i":
        await this.print(cmd.text);
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
      case "z":
        this.pattern = "";
        return null;
      default:
        return null;
    }
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
    if (s.print) await this.print(this.pattern);
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

export const sed = utility(
  "sed",
  {
    help: `Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...

  -n, --quiet, --silent      suppress automatic printing of pattern space
  -e script, --expression=script
                             add the script to the commands to be executed
  -f script-file, --file=script-file
                             add the contents of script-file
  -E, -r, --regexp-extended  use extended regular expressions in the script
  -i[SUFFIX], --in-place[=SUFFIX]
                             edit files in place (makes backup if SUFFIX supplied)
  -s, --separate             consider files as separate
  -u, --unbuffered           flush the output buffers more often
  -z, --null-data            separate lines by NUL characters`,
    writeError: "couldn't flush stdout",
    writeErrorStatus: 4,
    options:
      "n,quiet ,silent e:,expression f:,file E,regexp-extended r i?,in-place s,separate u,unbuffered z,null-data ,posix ,debug l:",
  },
  async (c) => {
    const parts: string[] = [];
    for (const o of c.sequence) {
      if (o.name === "expression") parts.push(o.value);
      else if (o.name === "file") {
        const text = await c.slurpText(o.value);
        if (text === null) return 1;
        parts.push(text.replace(/\n$/, ""));
      }
    }
    let files = c.operands;
    if (parts.length === 0) {
      if (files.length === 0) {
        await c.errText(`${c.info.help}\n`);
        return 1;
      }
      parts.push(files[0]!);
      files = files.slice(1);
    }
    let script = parts.join("\n");
    let silent = c.has("n") || c.has("silent");
    if (script.startsWith("#n\n")) {
      silent = true;
      script = script.slice(3);
    }
    try {
      const program = (): SedCommand[] => parseSed(script, c.has("E") || c.has("r"));
      if (c.has("i")) return await inPlace(c, program, silent, files);
      return await new Sed(c, program(), silent, files.length > 0 ? files : ["-"]).run();
    } catch (e) {
      if (!(e instanceof SedError)) throw e;
      await c.errText(`sed: -e expression #1, char ${e.position}: ${e.message}\n`);
      return 1;
    }
  },
);

async function inPlace(
  c: Command,
  program: () => SedCommand[],
  silent: boolean,
  files: string[],
): Promise<number> {
  if (files.length === 0) await c.die("no input files");
  for (const path of files) {
    const st = await attempt(c.sys.stat(path));
    if (!st.ok) {
      await c.warn(`can't read ${path}: ${strerror(st.code)}`, 2);
      continue;
    }
    let text = "";
    const s = new Sed(c, program(), silent, [path]);
    s.out = async (piece) => void (text += piece);
    const status = await s.run();
    const suffix = c.value("i");
    if (suffix) await c.sys.rename(path, suffix.includes("*") ? suffix.replaceAll("*", path) : path + suffix);
    const fd = await c.try(c.sys.open(path, 0o1101, st.value.mode & 0o7777), `couldn't open file ${path}`);
    if (fd === null) continue;
    await writeFully(c.sys, fd, encode(text));
    await c.sys.close(fd);
    if (status !== 0) return status;
  }
  return c.status;
}
