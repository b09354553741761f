// grep.ts - grep, egrep, fgrep.

import { Open } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import { escapeRegex, matches } from "../sh/pattern.ts";
import { entries } from "../sh/glob.ts";
import { regexSource } from "../regex.ts";
import { SysError, type Program } from "../sys.ts";
import { type Command, type Line, linesOf, utility } from "./command.ts";

const HELP = `Usage: grep [OPTION]... PATTERNS [FILE]...
Search for PATTERNS in each FILE.

  -E, --extended-regexp     PATTERNS are extended regular expressions
  -F, --fixed-strings       PATTERNS are strings
  -G, --basic-regexp        PATTERNS are basic regular expressions
  -e, --regexp=PATTERNS     use PATTERNS for matching
  -f, --file=FILE           take PATTERNS from FILE
  -i, --ignore-case         ignore case distinctions
  -w, --word-regexp         match only whole words
  -x, --line-regexp         match only whole lines
  -s, --no-messages         suppress error messages
  -v, --invert-match        select non-matching lines
  -m, --max-count=NUM       stop after NUM selected lines
  -b, --byte-offset         print the byte offset with output lines
  -n, --line-number         print line number with output lines
      --line-buffered       flush output on every line
  -H, --with-filename       print file name with output lines
  -h, --no-filename         suppress the file name prefix on output
  -o, --only-matching       show only nonempty parts of lines that match
  -q, --quiet, --silent     suppress all normal output
  -r, --recursive           search directories
  -L, --files-without-match print only names of FILEs with no selected lines
  -l, --files-with-matches  print only names of FILEs with selected lines
  -c, --count               print only a count of selected lines per FILE
  -A, --after-context=NUM   print NUM lines of trailing context
  -B, --before-context=NUM  print NUM lines of leading context
  -C, --context=NUM         print NUM lines of output context
      --include=GLOB        search only files that match GLOB
      --exclude=GLOB        skip files that match GLOB
      --color[=WHEN]        mark the matching strings`;

const OPTIONS =
  "E,extended-regexp F,fixed-strings G,basic-regexp P,perl-regexp e:,regexp f:,file i,ignore-case y w,word-regexp x,line-regexp " +
  "s,no-messages v,invert-match m:,max-count b,byte-offset n,line-number ,line-buffered H,with-filename h,no-filename " +
  "o,only-matching q,quiet ,silent a,text r,recursive R,dereference-recursive L,files-without-match l,files-with-matches " +
  "c,count A:,after-context B:,before-context C:,context ,include: ,exclude: ,exclude-dir: ,color? ,colour? Z,null z,null-data U I T";

class Grep {
  private readonly re: RegExp;
  private readonly quiet: boolean;
  private readonly before: number;
  private readonly after: number;
  private readonly color: boolean;
  private selectedAny = false;
  private failed = false;
  private printedContext = false;

  constructor(
    private readonly c: Command,
    patterns: string[],
    private readonly withName: boolean,
    color: boolean,
  ) {
    const flags = `sug${c.has("i") || c.has("y") ? "i" : ""}`;
    this.re = new RegExp(patterns.map((p) => this.source(p)).join("|"), flags);
    this.quiet = c.has("q") || c.has("silent");
    const context = Number(c.value("C") ?? 0);
    this.before = Number(c.value("B") ?? context);
    this.after = Number(c.value("A") ?? context);
    this.color = color;
  }

  private source(p: string): string {
    const c = this.c;
    const body = c.has("F") ? escapeRegex(p) : c.has("P") ? p : regexSource(p, c.has("E"));
    if (c.has("x")) return `^(?:${body})$`;
    if (c.has("w")) return `(?<![\\p{L}\\p{N}_])(?:${body})(?![\\p{L}\\p{N}_])`;
    return `(?:${body})`;
  }

  private selects(line: string): boolean {
    this.re.lastIndex = 0;
    return this.re.test(line) !== this.c.has("v");
  }

  async path(path: string): Promise<void> {
    const shown = path === "-" ? "(standard input)" : path;
    const fd =
      path === "-" ? { ok: true as const, value: 0 } : await attempt(this.c.sys.open(path, Open.RDONLY));
    if (!fd.ok) return this.complain(`${path}: ${strerror(fd.code)}`);
    try {
      await this.file(fd.value, shown);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      if (e.code === 21 && !this.recursive) await this.complain(`${path}: Is a directory`, false);
      else if (e.code !== 21) await this.complain(`${path}: ${strerror(e.code)}`);
    }
    await this.c.close(fd.value);
  }

  private get recursive(): boolean {
    return this.c.has("r") || this.c.has("R");
  }

  private async complain(text: string, isError = true): Promise<void> {
    if (isError) this.failed = true;
    if (!this.c.has("s")) await this.c.warn(text, 0);
  }

  async walk(path: string): Promise<void> {
    const st = await attempt(this.c.sys.stat(path));
    if (!st.ok) return this.complain(`${path}: ${strerror(st.code)}`);
    if ((st.value.mode & 0o170000) !== 0o040000) return this.path(path);
    const base = path.endsWith("/") ? path : `${path}/`;
    const list = (await entries(this.c.sys, path)).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const e of list) {
      if (this.finished) return;
      if (e.type === 10 && !this.c.has("R")) continue;
      if (e.type === 4) {
        if (!this.c.values("exclude-dir").some((g) => matches(g, e.name))) await this.walk(base + e.name);
      } else if (this.wanted(e.name)) await this.path(base + e.name);
    }
  }

  private wanted(name: string): boolean {
    const include = this.c.values("include");
    if (include.length > 0 && !include.some((g) => matches(g, name))) return false;
    return !this.c.values("exclude").some((g) => matches(g, name));
  }

  get finished(): boolean {
    return this.quiet && this.selectedAny;
  }

  private async file(fd: number, name: string): Promise<void> {
    const c = this.c;
    const max = Number(c.value("m") ?? Infinity);
    const listing = c.has("l") || c.has("L");
    const silent = this.quiet || listing || c.has("c");
    let n = 0;
    let count = 0;
    let offset = 0;
    let owed = 0;
    let kept: { line: Line; n: number; offset: number }[] = [];
    for await (const line of linesOf(c.sys, fd, c.has("z") ? 0 : 10)) {
      n++;
      const at = offset;
      offset += new TextEncoder().encode(line.text).length + 1;
      if (this.selects(line.text)) {
        count++;
        this.selectedAny = true;
        if (this.quiet) return;
        if (!silent) {
          if (kept.length > 0 || this.before > 0 || this.after > 0)
            await this.gap(kept.length === 0 ? n : kept[0]!.n);
          for (const k of kept) await this.print(name, k.line, k.n, k.offset, "-");
          kept = [];
          await this.print(name, line, n, at, ":");
          this.lastPrinted = n;
          owed = this.after;
          if (c.has("line-buffered")) await c.flush();
        }
        if (count >= max) break;
        if (listing) break;
      } else if (owed > 0 && !silent) {
        owed--;
        await this.print(name, line, n, at, "-");
        this.lastPrinted = n;
      } else if (this.before > 0) {
        kept.push({ line, n, offset: at });
        if (kept.length > this.before) kept.shift();
      }
    }
    this.lastPrinted = -1;
    await this.summary(name, count);
  }

  private lastPrinted = -1;

  /** `--` between groups of lines that do not touch. */
  private async gap(next: number): Promise<void> {
    const touches = this.lastPrinted >= 0 && next <= this.lastPrinted + 1;
    if (this.printedContext && !touches && (this.before > 0 || this.after > 0)) await this.c.out("--\n");
    this.printedContext = true;
  }

  private async summary(name: string, count: number): Promise<void> {
    const c = this.c;
    if (this.quiet) return;
    if (c.has("l")) {
      if (count > 0) await c.out(`${this.painted(name, "35")}\n`);
    } else if (c.has("L")) {
      if (count === 0) await c.out(`${this.painted(name, "35")}\n`);
    } else if (c.has("c")) await c.out(`${this.withName ? `${name}:` : ""}${count}\n`);
  }

  private painted(text: string, code: string): string {
    return this.color ? `\x1b[${code}m\x1b[K${text}\x1b[m\x1b[K` : text;
  }

  private async print(name: string, line: Line, n: number, offset: number, mark: string): Promise<void> {
    const c = this.c;
    const sep = this.painted(mark, "36");
    let head = this.withName ? this.painted(name, "35") + sep : "";
    if (c.has("n")) head += this.painted(String(n), "32") + sep;
    if (!c.has("o")) {
      if (c.has("b")) head += this.painted(String(offset), "32") + sep;
      return c.out(`${head}${mark === ":" && !c.has("v") ? this.marked(line.text) : line.text}\n`);
    }
    if (mark !== ":" || c.has("v")) return;
    this.re.lastIndex = 0;
    for (const m of line.text.matchAll(this.re)) {
      if (m[0] === "") continue;
      const at = c.has("b")
        ? `${offset + new TextEncoder().encode(line.text.slice(0, m.index)).length}:`
        : "";
      await c.out(`${head}${at}${this.painted(m[0], "01;31")}\n`);
    }
  }

  private marked(text: string): string {
    if (!this.color) return text;
    return text.replace(this.re, (m) => (m === "" ? "" : this.painted(m, "01;31")));
  }

  get status(): number {
    if (this.failed && !(this.quiet && this.selectedAny)) return 2;
    return this.selectedAny ? 0 : 1;
  }
}

function grepProgram(name: string, implied: string): Program {
  return utility(
    name,
    {
      help: HELP.replace("grep", name),
      options: OPTIONS,
      usageStatus: 2,
      rewrite: (args) => [
        ...(implied ? [implied] : []),
        ...args.flatMap((a) => (/^-\d+$/.test(a) ? ["-C", a.slice(1)] : [a])),
      ],
    },
    async (c) => {
      let patterns = c.values("e").flatMap((p) => p.split("\n"));
      for (const file of c.values("f")) {
        const text = await c.slurpText(file);
        if (text === null) return 2;
        patterns.push(...(text.endsWith("\n") ? text.slice(0, -1) : text).split("\n"));
      }
      let files = c.operands;
      if (!c.has("e") && !c.has("f")) {
        if (files.length === 0) {
          await c.errText(
            `Usage: ${name} [OPTION]... PATTERNS [FILE]...\nTry '${name} --help' for more information.\n`,
          );
          return 2;
        }
        patterns = files[0]!.split("\n");
        files = files.slice(1);
      }
      return search(c, patterns, files);
    },
  );
}

async function search(c: Command, patterns: string[], files: string[]): Promise<number> {
  const recursive = c.has("r") || c.has("R");
  const when = c.has("color") ? c.value("color") || "auto" : (c.value("colour") ?? "never");
  const tty = when === "auto" && (await attempt(c.sys.tcgetattr(1))).ok;
  const withName = c.has("H") || (!c.has("h") && (files.length > 1 || recursive));
  let grep: Grep;
  try {
    grep = new Grep(c, patterns, withName, when === "always" || tty);
  } catch (e) {
    const text = e instanceof SyntaxError ? e.message : String(e);
    await c.warn(text, 0);
    return 2;
  }
  const names = files.length > 0 ? files : recursive ? ["."] : ["-"];
  for (const f of names) {
    if (grep.finished) break;
    await (recursive && f !== "-" ? grep.walk(f) : grep.path(f));
  }
  return grep.status;
}

export const grepFamily: Record<string, Program> = {
  grep: grepProgram("grep", ""),
  egrep: grepProgram("egrep", "-E"),
  fgrep: grepProgram("fgrep", "-F"),
};
