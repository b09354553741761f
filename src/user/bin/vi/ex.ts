// ex.ts - the commands behind the colon.

import { attempt, strerror } from "../../errno.ts";
import type { SysCalls } from "../../sys.ts";
import { encode } from "../../text.ts";
import { Document } from "../edit/document.ts";
import { load, save } from "../edit/file.ts";
import { remove, shift, yank } from "./operators.ts";
import { type Range, readRange } from "./range.ts";
import { set } from "./settings.ts";
import { Refused, type State } from "./state.ts";
import { compile } from "./search.ts";
import { parseSubstitution, splitAt, substitute, type Substitution } from "./substitute.ts";

/** What ex commands need of the program around them. */
export interface Host {
  sys: SysCalls;
  /** Runs a command of the shell on the terminal. */
  shell(command: string): Promise<void>;
  confirm(line: number, from: number, to: number): Promise<"yes" | "no" | "all" | "last" | "quit">;
  leave(status: number): void;
  /** The files named on the command line, and which of them this is. */
  files: string[];
  file: number;
}

interface Command {
  range: Range;
  bang: boolean;
  arg: string;
}

const CHANGED = "E37: No write since last change (add ! to override)";

/** Full names; what may be left out is in brackets. */
const NAMES = [
  "w[rite]",
  "wq",
  "x[it]",
  "exi[t]",
  "q[uit]",
  "qa[ll]",
  "wa[ll]",
  "wqa[ll]",
  "xa[ll]",
  "e[dit]",
  "r[ead]",
  "s[ubstitute]",
  "g[lobal]",
  "v[global]",
  "d[elete]",
  "y[ank]",
  "j[oin]",
  "m[ove]",
  "co[py]",
  "t",
  "se[t]",
  "noh[lsearch]",
  "f[ile]",
  "n[ext]",
  "N[ext]",
  "prev[ious]",
  "norm[al]",
  "u[ndo]",
  "red[o]",
  "sh[ell]",
  "h[elp]",
  "p[rint]",
];

function fullName(typed: string): string | null {
  for (const entry of NAMES) {
    const [, least, rest = ""] = /^([^[]*)(?:\[(.*)\])?$/.exec(entry)!;
    if (typed.startsWith(least!) && `${least}${rest}`.startsWith(typed)) return `${least}${rest}`;
  }
  return null;
}

export class Ex {
  private last: Substitution | null = null;

  constructor(
    private readonly s: State,
    private readonly host: Host,
  ) {}

  async run(line: string): Promise<void> {
    const { range, rest } = readRange(this.s, line);
    const text = rest.trim();
    if (text === "") {
      if (range.given > 0) this.s.goTo(this.s.firstNonBlank(range.to));
      return;
    }
    const [, typed, bang, arg] = /^([A-Za-z]+|[<>!=&])(!?)\s*([\s\S]*)$/.exec(text) ?? [];
    if (typed === undefined) throw new Refused(`E492: Not an editor command: ${line}`);
    // s/x/y/ and g/x/d have their arguments right behind them.
    const own = /^[sgv](?![A-Za-z])/.test(typed + (arg ?? "")) ? typed[0]! : typed;
    const name = fullName(own) ?? (/^[<>!=&]$/.test(own) ? own : null);
    if (name === null) throw new Refused(`E492: Not an editor command: ${line}`);
    await this.dispatch(name, { range, bang: bang === "!", arg: arg ?? "" });
  }

  private async dispatch(name: string, c: Command): Promise<void> {
    if (await this.fileCommand(name, c)) return;
    const { s } = this;
    const lines = { from: { line: c.range.from, col: 0 }, to: { line: c.range.to, col: 0 }, linewise: true };
    switch (name) {
      case "substitute":
      case "&":
        return this.substitute(c);
      case "global":
      case "vglobal":
        return this.global(c, name === "vglobal" || c.bang);
      case "delete":
        return remove(s, lines, c.arg || '"');
      case "yank":
        return yank(s, lines, c.arg || '"');
      case ">":
      case "<":
        return shift(s, lines, name === ">" ? 1 : -1);
      case "move":
      case "copy":
      case "t":
        return this.transfer(c, name === "move");
      case "set":
        return set(s, c.arg);
      case "nohlsearch":
        s.settings.hlsearch = false;
        return;
      default:
        return this.rare(name, c);
    }
  }

  private async rare(name: string, c: Command): Promise<void> {
    const { s } = this;
    switch (name) {
      case "join": {
        const count = Math.max(2, c.range.to - c.range.from + 1);
        const parts = s.doc.lines.slice(c.range.from, c.range.from + count);
        s.doc.splice(c.range.from, parts.length, [parts.map((t, i) => (i ? t.trimStart() : t)).join(" ")]);
        return s.goTo(s.firstNonBlank(c.range.from));
      }
      case "undo":
      case "redo": {
        s.doc.commit(s.cursor);
        const to = name === "undo" ? s.doc.undo() : s.doc.redo();
        if (to) s.goTo(to);
        return;
      }
      case "=":
        s.message = String(c.range.given > 0 ? c.range.to + 1 : s.doc.lines.length);
        return;
      case "print":
        s.message = s.doc.line(c.range.to);
        return s.goTo(s.firstNonBlank(c.range.to));
      case "!":
        return this.host.shell(c.arg);
      case "shell":
        return this.host.shell("");
      case "help":
        return this.host.shell("man vi");
      default:
        throw new Refused(`E319: Sorry, the command is not available in this version: ${name}`);
    }
  }

  // ---- files

  private async fileCommand(name: string, c: Command): Promise<boolean> {
    const { s } = this;
    switch (name) {
      case "write":
      case "wall":
        await this.write(c);
        return true;
      case "wq":
      case "wqall":
        await this.write(c);
        this.host.leave(0);
        return true;
      case "xit":
      case "exit":
      case "xall":
        if (s.doc.modified || c.arg !== "") await this.write(c);
        this.host.leave(0);
        return true;
      case "quit":
      case "qall":
        if (s.doc.modified && !c.bang) throw new Refused(CHANGED);
        this.host.leave(0);
        return true;
      case "edit":
        if (s.doc.modified && !c.bang) throw new Refused(CHANGED);
        await this.open(c.arg || s.path);
        return true;
      case "next":
      case "Next":
      case "previous":
        await this.argument(name === "next" ? 1 : -1, c);
        return true;
      case "read":
        await this.read(c);
        return true;
      case "file":
        if (c.arg !== "") s.path = c.arg;
        s.message = this.describe();
        return true;
      default:
        return false;
    }
  }

  private async argument(by: number, c: Command): Promise<void> {
    const { s, host } = this;
    const to = host.file + by;
    if (to >= host.files.length) throw new Refused("E165: Cannot go beyond last file");
    if (to < 0) throw new Refused("E164: Cannot go before first file");
    if (s.doc.modified && !c.bang) throw new Refused(CHANGED);
    host.file = to;
    await this.open(host.files[to]!);
  }

  async open(path: string): Promise<void> {
    const { s } = this;
    const file = path === "" ? { kind: "new" as const } : await load(this.host.sys, path);
    if (file.kind === "failed") {
      const why = file.code === 21 ? "is a directory" : `[${strerror(file.code)}]`;
      throw new Refused(`"${path}" ${why}`);
    }
    s.path = path;
    s.doc = file.kind === "text" ? Document.from(file.text) : new Document();
    s.readOnly = file.kind === "text" && !(await attempt(this.host.sys.access(path, 2))).ok;
    s.marks.clear();
    s.goTo({ line: 0, col: 0 });
    if (path !== "") s.message = file.kind === "new" ? `"${path}" [New]` : this.size(path, s.doc, file.text);
  }

  private size(path: string, doc: Document, text: string): string {
    const notes = (this.s.readOnly ? "[readonly] " : "") + (doc.newline || doc.isEmpty ? "" : "[noeol] ");
    return `"${path}" ${notes}${doc.isEmpty ? 0 : doc.lines.length}L, ${encode(text).length}B`;
  }

  private describe(): string {
    const { s } = this;
    const name = s.path === "" ? "[No Name]" : `"${s.path}"`;
    const count = s.doc.isEmpty
      ? "--No lines in buffer--"
      : `line ${s.cursor.line + 1} of ${s.doc.lines.length}`;
    return `${name}${s.doc.modified ? " [Modified]" : ""} ${count}`;
  }

  private async write(c: Command): Promise<void> {
    const { s } = this;
    const path = c.arg.replace(/^%$/, s.path) || s.path;
    if (path === "") throw new Refused("E32: No file name");
    if (path.startsWith(">>") || path.startsWith("!")) throw new Refused("E488: Trailing characters");
    const other = path !== s.path;
    const there = (await attempt(this.host.sys.stat(path))).ok;
    if (other && there && !c.bang) throw new Refused("E13: File exists (add ! to override)");
    if (!other && s.readOnly && !c.bang)
      throw new Refused("E45: 'readonly' option is set (add ! to override)");
    const part = c.range.given === 2;
    const doc = part
      ? Document.from(`${s.doc.lines.slice(c.range.from, c.range.to + 1).join("\n")}\n`)
      : s.doc;
    const code = await save(this.host.sys, path, doc.text);
    if (code === 28) throw new Refused(`E514: Write error (file system full?): "${path}"`);
    if (code !== 0) throw new Refused(`"${path}" E212: Can't open file for writing: ${strerror(code)}`);
    if (s.path === "") s.path = path;
    if (!part && path === s.path) s.doc.saved();
    s.message = `${this.size(path, doc, doc.text)
      .replace("[readonly] ", "")
      .replace('" ', there ? '" ' : '" [New] ')} written`;
  }

  private async read(c: Command): Promise<void> {
    const { s } = this;
    const file = await load(this.host.sys, c.arg || s.path);
    if (file.kind !== "text") throw new Refused(`E484: Can't open file ${c.arg || s.path}`);
    const added = Document.from(file.text).lines;
    const at = c.range.given > 0 ? c.range.to + 1 : s.cursor.line + 1;
    s.doc.splice(at, 0, added);
    s.goTo(s.firstNonBlank(at));
  }

  // ---- many lines

  private async substitute(c: Command): Promise<void> {
    const { s } = this;
    const what = parseSubstitution(s, c.arg, this.last);
    this.last = what;
    const { times, lines } = await substitute(s, what, c.range, (...at) => this.host.confirm(...at));
    if (times > 2) s.message = `${times} substitutions on ${lines} ${lines === 1 ? "line" : "lines"}`;
  }

  /** :g finds its lines first; each is then where its command works. */
  private async global(c: Command, inverse: boolean): Promise<void> {
    const { s } = this;
    const [pattern = "", command = "p"] = splitAt(c.arg, 2);
    const regex = compile(pattern || s.sought?.pattern || "", s.settings, "");
    const whole = c.range.given === 0;
    const [from, to] = whole ? [0, s.doc.last] : [c.range.from, c.range.to];
    const hits: number[] = [];
    for (let i = from; i <= to; i++) if (regex.test(s.doc.line(i)) !== inverse) hits.push(i);
    if (hits.length === 0) throw new Refused(`E486: Pattern not found: ${pattern}`);
    let moved = 0;
    for (const line of hits) {
      const before = s.doc.lines.length;
      s.goTo({ line: line + moved, col: 0 });
      await this.run(command === "" ? "p" : command);
      moved += s.doc.lines.length - before;
    }
  }

  private transfer(c: Command, move: boolean): void {
    const { s } = this;
    const { range } = readRange(s, c.arg);
    const target = c.arg.trim() === "0" ? 0 : range.to + 1;
    const { from, to } = c.range;
    if (move && target > from && target <= to)
      throw new Refused("E134: Cannot move a range of lines into itself");
    const lines = s.doc.lines.slice(from, to + 1);
    s.doc.splice(target, 0, lines);
    if (move) s.doc.splice(target <= from ? from + lines.length : from, lines.length, []);
    s.goTo(s.firstNonBlank((move && target > from ? target - lines.length : target) + lines.length - 1));
  }
}
