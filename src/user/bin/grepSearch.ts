// grepSearch.ts - the search of grep: files, lines that are selected, and how they are printed.

import { Errno, Open } from "../../../kernel-as/abi.ts";
import { attempt, strerror } from "../errno.ts";
import { entries } from "../sh/glob.ts";
import { matches } from "../sh/pattern.ts";
import { SysError } from "../sys.ts";
import { encode } from "../text.ts";
import { type Command, type Line, linesOf } from "./command.ts";

/** How much of a file is looked at to see whether it is text. */
const LOOKED_AT = 32768;

export interface GrepStyle {
  re: RegExp;
  withName: boolean;
  color: boolean;
  before: number;
  after: number;
  max: number;
  recursive: boolean;
  /** What becomes of a file that is no text. */
  binary: "binary" | "text" | "without-match";
  directories: "read" | "skip" | "recurse";
}

export class Grep {
  private readonly re: RegExp;
  private readonly quiet: boolean;
  private readonly before: number;
  private readonly after: number;
  private readonly end: string;
  private selectedAny = false;
  private failed = false;
  private printedContext = false;

  constructor(
    private readonly c: Command,
    private readonly style: GrepStyle,
  ) {
    this.re = style.re;
    this.before = style.before;
    this.after = style.after;
    this.quiet = c.has("q") || c.has("silent");
    this.end = c.has("z") ? "\0" : "\n";
  }

  private selects(line: string): boolean {
    this.re.lastIndex = 0;
    return this.re.test(line) !== this.c.has("v");
  }

  async path(path: string): Promise<void> {
    const shown = path === "-" ? (this.c.value("label") ?? "(standard input)") : path;
    const fd =
      path === "-" ? { ok: true as const, value: 0 } : await attempt(this.c.sys.open(path, Open.RDONLY));
    if (!fd.ok) return this.complain(`${path}: ${strerror(fd.code)}`);
    try {
      await this.file(fd.value, shown);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      if (e.code === Errno.EISDIR && this.style.directories === "read")
        await this.complain(`${path}: Is a directory`, false);
      else if (e.code !== Errno.EISDIR) await this.complain(`${path}: ${strerror(e.code)}`);
    }
    await this.c.close(fd.value);
  }

  private async complain(text: string, isError = true): Promise<void> {
    if (isError) this.failed = true;
    if (!this.c.has("s")) await this.c.warn(text, 0);
  }

  async walk(path: string): Promise<void> {
    const st = await attempt(this.c.sys.stat(path || "."));
    if (!st.ok) return this.complain(`${path}: ${strerror(st.code)}`);
    if ((st.value.mode & 0o170000) !== 0o040000) return this.path(path);
    const base = path.endsWith("/") || path === "" ? path : `${path}/`;
    const list = (await entries(this.c.sys, path || ".")).sort((a, b) => (a.name < b.name ? -1 : 1));
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
    const { max } = this.style;
    if (max === 0) return;
    const listing = c.has("l") || c.has("L");
    const silent = this.quiet || listing || c.has("c");
    let n = 0;
    let count = 0;
    let offset = 0;
    let owed = 0;
    let kept: { line: Line; n: number; offset: number }[] = [];
    let binary = this.style.binary !== "text" && !c.has("z") && (await this.looksBinary(fd));
    if (binary && this.style.binary === "without-match") return this.summary(name, 0);
    for await (const line of linesOf(c.sys, fd, c.has("z") ? 0 : 10)) {
      n++;
      const at = offset;
      offset += encode(line.text).length + 1;
      binary ||= this.style.binary !== "text" && /[\ud800-\udfff]/u.test(line.text);
      if (this.selects(line.text)) {
        count++;
        this.selectedAny = true;
        if (this.quiet) return;
        if (!silent && binary) {
          await c.warn(`${name}: binary file matches`, 0);
          return;
        }
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

  /** A file with a NUL at its beginning is no text. A pipe cannot be looked at beforehand. */
  private async looksBinary(fd: number): Promise<boolean> {
    const start = await attempt(this.c.sys.lseek(fd, 0, 1));
    if (!start.ok) return false;
    const first = await this.c.sys.read(fd, LOOKED_AT);
    await this.c.sys.lseek(fd, start.value, 0);
    return first.includes(0);
  }

  private lastPrinted = -1;

  /** `--` between groups of lines that do not touch. */
  private async gap(next: number): Promise<void> {
    const touches = this.lastPrinted >= 0 && next <= this.lastPrinted + 1;
    const separator = this.c.has("no-group-separator") ? null : (this.c.value("group-separator") ?? "--");
    if (this.printedContext && !touches && separator !== null && (this.before > 0 || this.after > 0))
      await this.c.out(`${this.painted(separator, "36")}\n`);
    this.printedContext = true;
  }

  private async summary(name: string, count: number): Promise<void> {
    const c = this.c;
    if (this.quiet) return;
    const after = c.has("Z") ? "\0" : "\n";
    if (c.has("l") || c.has("L")) {
      if (count > 0 === c.has("l")) await c.out(this.painted(name, "35") + after);
    } else if (c.has("c")) await c.out(`${this.style.withName ? this.named(name, ":") : ""}${count}\n`);
  }

  private named(name: string, mark: string): string {
    return this.painted(name, "35") + (this.c.has("Z") ? "\0" : this.painted(mark, "36"));
  }

  private painted(text: string, code: string): string {
    return this.style.color ? `\x1b[${code}m\x1b[K${text}\x1b[m\x1b[K` : text;
  }

  private async print(name: string, line: Line, n: number, offset: number, mark: string): Promise<void> {
    const c = this.c;
    const sep = this.painted(mark, "36");
    const tab = c.has("T") && (this.style.withName || c.has("n") || c.has("b")) ? "\t" : "";
    let head = this.style.withName ? this.named(name, mark) : "";
    if (c.has("n")) head += this.painted(String(n), "32") + sep;
    if (!c.has("o")) {
      if (c.has("b")) head += this.painted(String(offset), "32") + sep;
      const text = mark === ":" && !c.has("v") ? this.marked(line.text) : line.text;
      return c.out(head + tab + text + this.end);
    }
    if (mark !== ":" || c.has("v")) return;
    this.re.lastIndex = 0;
    for (const m of line.text.matchAll(this.re)) {
      if (m[0] === "") continue;
      const at = c.has("b") ? `${offset + encode(line.text.slice(0, m.index)).length}:` : "";
      await c.out(head + at + tab + this.painted(m[0], "01;31") + this.end);
    }
  }

  private marked(text: string): string {
    if (!this.style.color) return text;
    return text.replace(this.re, (m) => (m === "" ? "" : this.painted(m, "01;31")));
  }

  get status(): number {
    if (this.failed && !(this.quiet && this.selectedAny)) return 2;
    return this.selectedAny ? 0 : 1;
  }
}
