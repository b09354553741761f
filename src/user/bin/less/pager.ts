// pager.ts - shows one text and obeys the keys, until it is told to leave.

import type { Terminal, Wake } from "../fullscreen/terminal.ts";
import { clip } from "../fullscreen/cells.ts";
import { Movement } from "./movement.ts";
import { type Options, toggle } from "./options.ts";
import { isAtEnd, position, promptText, type Where } from "./prompt.ts";
import { Search } from "./search.ts";
import type { Source } from "./source.ts";
import { View } from "./view.ts";

/** Why the pager is left. */
export type Leaving =
  | { kind: "quit" }
  | { kind: "file"; by: number }
  | { kind: "edit"; line: number }
  | { kind: "hangup"; sig: number };

export interface Session {
  terminal: Terminal;
  options: Options;
  /** From 1. */
  file: number;
  files: number;
  /** The text behind `h`. */
  help: Source;
  /** The pattern of the last search, for the next file. */
  search: Search | null;
}

type KeyWake = Extract<Wake, { kind: "text" | "paste" | "key" }>;
const isKey = (wake: Wake): wake is KeyWake =>
  wake.kind === "text" || wake.kind === "paste" || wake.kind === "key";

export class Pager {
  readonly view: View;
  private readonly move: Movement;
  /** Keys that were typed ahead. */
  private ahead: string[] = [];
  private count = "";
  private message = "";
  private first = true;
  private leaving: Leaving | null = null;
  private marks = new Map<string, number>();
  private highlighting = true;
  private endSeen = false;

  constructor(
    private readonly s: Session,
    readonly source: Source,
    keys: string,
  ) {
    this.view = new View(source, s.options, s.terminal.cols);
    this.ahead = [...keys].map((c) => (c === "\r" ? "enter" : c));
    this.move = new Movement(
      this.view,
      () => this.rows,
      (enough) => this.readUntil(enough),
    );
  }

  private get rows(): number {
    return Math.max(1, this.s.terminal.rows - 1);
  }

  async run(): Promise<Leaving> {
    if (this.source.size > 0) await this.source.more();
    for (;;) {
      if (this.leaving) return this.leaving;
      if (this.ahead.length === 0) await this.draw();
      const key = await this.nextKey();
      if (key !== null) await this.handle(key);
    }
  }

  private where(): Where {
    const places = this.view.places(this.rows);
    const { file, files } = this.s;
    return { view: this.view, places, rows: this.rows, file, files, first: this.first };
  }

  private async draw(bottom?: string): Promise<void> {
    const w = this.where();
    const { options, search, terminal } = this.s;
    const shown = options.highlight && this.highlighting ? search : null;
    const rows = w.places.map((p) => this.view.text(p, (plain) => shown?.matches(plain) ?? []));
    while (rows.length < this.rows) rows.push(options.tildes ? "~" : "");
    const message = this.message === "" ? "" : `\x1b[7m${clip(this.message, terminal.cols - 1)}\x1b[27m`;
    const prompt = bottom ?? (message || (this.count === "" ? promptText(w, options) : `:${this.count}`));
    rows.push(prompt);
    this.message = "";
    const plain = prompt.replace(/\x1b\[\d*m/g, "");
    await terminal.paint(rows, { row: terminal.rows - 1, col: Math.min(plain.length, terminal.cols - 1) });
  }

  /** Whether the screen could show more than was read. */
  private get hungry(): boolean {
    return !this.source.ended && this.view.atEnd(this.rows);
  }

  /** The next key; null when something else happened. */
  private async nextKey(): Promise<string | null> {
    const typed = this.ahead.shift();
    if (typed !== undefined) return typed;
    const wake = await this.s.terminal.next(this.hungry ? this.source.fd : -1);
    if (wake.kind === "input") await this.source.more();
    return this.took(wake) ? (this.ahead.shift() ?? null) : null;
  }

  /** Deals with what came; true when there are keys ahead. */
  private took(wake: Wake): boolean {
    if (wake.kind === "hangup") this.leaving = wake;
    else if (wake.kind === "resize") this.view.resize(this.s.terminal.cols);
    else if (isKey(wake)) this.ahead.push(...(wake.kind === "key" ? [wake.name] : wake.text));
    return this.ahead.length > 0;
  }

  /** Reads on until there is enough, the end, or Ctrl-C. Other keys wait. */
  private async readUntil(enough: () => boolean): Promise<void> {
    while (!enough() && !this.source.ended && !this.leaving) {
      const wake = await this.s.terminal.next(this.source.fd);
      if (wake.kind === "input") await this.source.more();
      else if (wake.kind === "key" && wake.name === "C-c") return;
      else this.took(wake);
    }
  }

  // ---- commands

  private async handle(key: string): Promise<void> {
    if (/^\d$/.test(key) && !(key === "0" && this.count === "")) {
      this.count += key;
      return;
    }
    const n = this.count === "" ? null : Number(this.count);
    this.count = "";
    if (!(await this.move.key(key, n))) await this.command(key, n);
    else if (!this.move.moved) await this.stuck();
    this.first = false;
    if (this.hungry) await this.readUntil(() => !this.view.atEnd(this.rows));
    if (this.s.options.quitAtEnd === 2 && isAtEnd(this.where())) this.leaving ??= { kind: "quit" };
  }

  /** Nothing moved: the end, where some options leave. */
  private async stuck(): Promise<void> {
    if (this.s.options.quitAtEnd > 0 && this.endSeen && isAtEnd(this.where())) {
      this.leaving = { kind: "quit" };
      return;
    }
    this.endSeen = true;
    if (!this.s.options.quiet) await this.s.terminal.bell();
  }

  private async command(key: string, n: number | null): Promise<void> {
    switch (key) {
      case "q":
      case "Q":
        this.leaving = { kind: "quit" };
        return;
      case "C-c":
      case "escape":
        return;
      case "Z":
      case ":":
        return this.twoKeys(key);
      case "/":
      case "?":
        return this.ask(key);
      case "n":
      case "N":
        return this.again(key === "N", n ?? 1);
      case "F":
        return this.follow();
      case "C-l":
      case "r":
      case "R":
        this.s.terminal.redraw();
        return;
      case "=":
      case "C-g":
        this.message = position(this.where()) + (isAtEnd(this.where()) ? " (END)" : "");
        return;
      default:
        return this.rareCommand(key);
    }
  }

  private async rareCommand(key: string): Promise<void> {
    switch (key) {
      case "h":
      case "H":
        return this.showHelp();
      case "v":
        if (this.source.name === "") this.message = "Cannot edit standard input";
        else this.leaving = { kind: "edit", line: this.view.top.line };
        return;
      case "-":
        return this.option();
      case "m":
        this.marks.set(await this.oneKey("set mark: "), this.view.top.line);
        return;
      case "'":
        return this.toMark();
      case "M-u":
        this.highlighting = !this.highlighting;
        return;
      case "C-z":
        return this.s.terminal.suspend();
      default:
        return this.s.terminal.bell();
    }
  }

  private async oneKey(prompt: string): Promise<string> {
    for (;;) {
      await this.draw(prompt);
      const key = await this.nextKey();
      if (key !== null || this.leaving) return key ?? "";
    }
  }

  private async twoKeys(first: string): Promise<void> {
    const key = await this.oneKey(first);
    if (first === "Z" ? key === "Z" : /^[qQ]$/.test(key)) this.leaving = { kind: "quit" };
    else if (first === ":" && (key === "n" || key === "p")) this.file(key === "n" ? 1 : -1);
    else if (first === ":" && key === "f") await this.command("=", null);
    else await this.s.terminal.bell();
  }

  private file(by: number): void {
    const to = this.s.file + by;
    if (to < 1) this.message = "No previous file";
    else if (to > this.s.files) this.message = "No next file";
    else this.leaving = { kind: "file", by };
  }

  private async option(): Promise<void> {
    const said = toggle(this.s.options, await this.oneKey("-"));
    this.message = said ?? "There is no such option";
    this.view.setLooks(this.s.options);
  }

  private async toMark(): Promise<void> {
    const mark = await this.oneKey("goto mark: ");
    const line = mark === "^" ? 0 : mark === "$" ? Infinity : this.marks.get(mark);
    if (line === undefined) this.message = "Mark not set";
    else await this.move.toLine(line);
  }

  private async showHelp(): Promise<void> {
    const options = { ...this.s.options, prompt: "HELP -- Press RETURN for more, or q when done" };
    const pager = new Pager({ ...this.s, options, search: null }, this.s.help, "");
    const left = await pager.run();
    if (left.kind === "hangup") this.leaving = left;
    this.view.resize(this.s.terminal.cols);
  }

  // ---- searching

  /** A line typed below the text; null when it was given up. */
  private async typeLine(prompt: string): Promise<string | null> {
    let text = "";
    for (;;) {
      const key = await this.oneKey(prompt + text);
      if (this.leaving || key === "C-c" || key === "C-g" || key === "escape") return null;
      if (key === "enter") return text;
      if (key === "C-u") text = "";
      else if (key === "up") text = this.s.search?.pattern ?? "";
      else if (key === "backspace") {
        if (text === "") return null;
        text = text.slice(0, -1);
      } else if ([...key].length === 1) text += key;
    }
  }

  private async ask(direction: "/" | "?"): Promise<void> {
    const text = await this.typeLine(direction);
    if (text === null) return;
    const old = this.s.search;
    if (text === "" && !old) {
      this.message = "No previous regular expression";
      return;
    }
    const backward = direction === "?";
    const search = text === "" ? old! : Search.parse(text, backward, this.s.options.caseRule);
    if (typeof search === "string") {
      this.message = search;
      return;
    }
    this.s.search = search.backward === backward ? search : search.turned();
    this.highlighting = true;
    await this.find(this.s.search, backward, this.first ? 0 : 1);
  }

  private async again(opposite: boolean, times: number): Promise<void> {
    const search = this.s.search;
    if (!search) {
      this.message = "No previous regular expression";
      return;
    }
    for (let i = 0; i < times; i++) await this.find(search, search.backward !== opposite, 1);
  }

  /** Brings the next line that matches to the top of the screen. */
  private async find(search: Search, backward: boolean, skip: number): Promise<void> {
    const from = this.view.top.line + (backward ? -skip : skip);
    let line = search.lineFrom(this.view, from, backward);
    while (!backward && line < 0 && !this.source.ended) {
      const seen = this.source.count;
      await this.readUntil(() => this.source.count > seen);
      if (this.source.count === seen) break;
      line = search.lineFrom(this.view, Math.max(from, seen - 1), false);
    }
    if (line < 0) this.message = "Pattern not found";
    else await this.move.toMatch(line);
  }

  /** F: the end of a text that grows, until Ctrl-C. */
  private async follow(): Promise<void> {
    await this.readUntil(() => false);
    while (!this.leaving) {
      this.view.toEnd(this.rows);
      await this.draw("\x1b[7mWaiting for data... (interrupt to abort)\x1b[27m");
      const open = !this.source.ended;
      const wake = await this.s.terminal.next(open ? this.source.fd : -1, open ? -1 : 1000);
      if (wake.kind === "input" || wake.kind === "timeout") await this.source.more();
      else if (wake.kind === "key" && /^C-[cx]$/.test(wake.name)) return;
      else if (isKey(wake)) await this.s.terminal.bell();
      else this.took(wake);
    }
  }
}
