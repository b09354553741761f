// nano.ts - what the keys do.

import { attempt, strerror } from "../../errno.ts";
import type { SysCalls } from "../../sys.ts";
import { Document } from "../edit/document.ts";
import { load, save } from "../edit/file.ts";
import type { Terminal } from "../fullscreen/terminal.ts";
import { Buffer, type Habits } from "./buffer.ts";
import { type Keypress, NanoScreen } from "./screen.ts";
import { HELP, HELP_TEXT, REPLACE, YES_NO } from "./texts.ts";

type Action = (n: Nano) => unknown;

/** Keys by name, as readline names them. */
const KEYS: Record<string, Action> = {
  left: (n) => n.buffer.left(),
  "C-b": (n) => n.buffer.left(),
  right: (n) => n.buffer.right(),
  "C-f": (n) => n.buffer.right(),
  up: (n) => n.buffer.vertical(-1),
  "C-p": (n) => n.buffer.vertical(-1),
  down: (n) => n.buffer.vertical(1),
  "C-n": (n) => n.buffer.vertical(1),
  "page-up": (n) => n.buffer.vertical(-n.page),
  "C-y": (n) => n.buffer.vertical(-n.page),
  "page-down": (n) => n.buffer.vertical(n.page),
  "C-v": (n) => n.buffer.vertical(n.page),
  home: (n) => n.buffer.home(),
  "C-a": (n) => n.buffer.home(),
  end: (n) => n.buffer.endOfLine(),
  "C-e": (n) => n.buffer.endOfLine(),
  "C-left": (n) => n.buffer.previousWord(),
  "C-right": (n) => n.buffer.nextWord(),
  "M-b": (n) => n.buffer.previousWord(),
  "M- ": (n) => n.buffer.previousWord(),
  "M-f": (n) => n.buffer.nextWord(),
  "C-@": (n) => n.buffer.nextWord(),
  "M-\\": (n) => n.buffer.goTo({ line: 0, col: 0 }),
  "M-/": (n) => n.buffer.goTo(n.buffer.doc.end),
  "M-u": (n) => n.travel(true),
  "M-e": (n) => n.travel(false),
  "M-a": (n) => n.say(n.buffer.toggleMark() ? "Mark Set" : "Mark Unset"),
  "M-6": (n) => n.buffer.copy(),
  "M-n": (n) => (n.habits.numbers = !n.habits.numbers),
  "M-i": (n) => (n.habits.autoindent = !n.habits.autoindent),
  "M-w": (n) => n.findAgain(),
  "C-c": (n) => n.location(),
  "C-g": (n) => n.help(),
  f1: (n) => n.help(),
  "C-w": (n) => n.search(),
  "C-\\": (n) => n.replace(),
  "M-r": (n) => n.replace(),
  "C-_": (n) => n.goToLine(),
  "M-g": (n) => n.goToLine(),
  "C-o": (n) => n.writeOut(),
  f3: (n) => n.writeOut(),
  "C-s": (n) => n.writeTo(n.path),
  "C-r": (n) => n.readFile(),
  "C-x": (n) => n.exit(),
  f2: (n) => n.exit(),
  "C-z": (n) => n.screen.terminal.suspend(),
  "C-l": (n) => n.screen.terminal.redraw(),
};

/** Keys that change the text; --view refuses them. */
const CHANGES: Record<string, Action> = {
  enter: (n) => n.buffer.enter(),
  tab: (n) => n.buffer.tab(),
  backspace: (n) => n.buffer.deleteBackward(),
  delete: (n) => n.buffer.deleteForward(),
  "C-d": (n) => n.buffer.deleteForward(),
  "C-k": (n) => n.buffer.cut(),
  "C-u": (n) => n.buffer.paste() || n.say("Cutbuffer is empty"),
};

/** Typed in one run, and undone in one step. */
const TYPING = new Set(["enter", "tab", "backspace", "delete", "C-d"]);

/** A file's last line ends with a newline, typed or not. */
const fileText = (doc: Document): string =>
  doc.text === "" || doc.text.endsWith("\n") ? doc.text : `${doc.text}\n`;

export const countLines = (doc: Document): number => doc.lines.length - (doc.line(doc.last) === "" ? 1 : 0);

export const lines = (count: number): string => `${count} ${count === 1 ? "line" : "lines"}`;

export class Nano {
  readonly buffer: Buffer;
  readonly screen: NanoScreen;
  private status = "";
  private leaving = false;
  private sought = "";

  constructor(
    private readonly sys: SysCalls,
    terminal: Terminal,
    public path: string,
    doc: Document,
    readonly habits: Habits,
    private readonly readOnly: boolean,
  ) {
    this.buffer = new Buffer(doc, habits);
    this.screen = new NanoScreen(terminal, this.buffer, () => ({
      name: this.path || "New Buffer",
      state: this.buffer.doc.modified ? "Modified" : this.readOnly ? "View" : "",
    }));
  }

  get page(): number {
    return Math.max(1, this.screen.rows - 2);
  }

  say(text: string): void {
    this.status = text;
  }

  async run(): Promise<void> {
    while (!this.leaving) {
      const status = this.status;
      await this.screen.draw(status);
      const key = await this.screen.key(() => this.screen.draw(status));
      this.status = "";
      await this.handle(key);
    }
  }

  private async handle(key: Keypress): Promise<void> {
    const name = key.kind === "key" ? key.name : "";
    const typing = key.kind === "text" || TYPING.has(name);
    this.buffer.endRun(typing ? "typing" : name === "C-k" || name === "M-6" ? "cutting" : "other");
    if (this.readOnly && (key.kind !== "key" || CHANGES[name])) this.say("Key is invalid in view mode");
    else if (key.kind === "paste")
      this.buffer.change(() => this.buffer.doc.insert(this.buffer.cursor, key.text));
    else if (key.kind === "text") this.buffer.type(key.text);
    else if (KEYS[name] ?? CHANGES[name]) await (KEYS[name] ?? CHANGES[name])!(this);
    else this.say(`Unbound key: ${name.replace(/^C-(.)/, (_, c: string) => `^${c.toUpperCase()}`)}`);
  }

  travel(back: boolean): void {
    if (this.buffer.travel(back)) this.say(back ? "Undid the last change" : "Redid the change");
    else this.say(back ? "Nothing to undo" : "Nothing to redo");
  }

  location(): void {
    const { doc, cursor, column } = this.buffer;
    const total = doc.lines.length;
    const percent = Math.floor(((cursor.line + 1) * 100) / total);
    this.say(`line ${cursor.line + 1}/${total} (${percent}%), col ${column + 1}`);
  }

  async help(): Promise<void> {
    const doc = Document.openEnded(HELP_TEXT);
    const viewer = new Nano(
      this.sys,
      this.screen.terminal,
      "Help",
      doc,
      { ...this.habits, numbers: false },
      true,
    );
    await viewer.show();
    this.screen.terminal.redraw();
  }

  private async show(): Promise<void> {
    const draw = () => this.screen.draw("", null, HELP);
    const ways: Record<string, number> = { "C-v": 1, "page-down": 1, "C-y": -1, "page-up": -1 };
    for (;;) {
      await draw();
      const key = await this.screen.key(draw);
      const name = key.kind === "key" ? key.name : key.text;
      if (/^(C-[xcg]|q|escape|f2)$/.test(name)) return;
      this.buffer.vertical((ways[name] ?? 0) * this.page || (name === "down" ? 1 : name === "up" ? -1 : 0));
    }
  }

  // ---- searching

  async search(): Promise<void> {
    const old = this.sought === "" ? "" : ` [${this.sought}]`;
    const text = await this.screen.ask(`Search${old}: `);
    if (text === null) return this.say("Cancelled");
    this.sought = text || this.sought;
    this.findAgain();
  }

  findAgain(): void {
    if (this.sought === "") return this.say("No current search pattern");
    const { cursor } = this.buffer;
    const found = this.buffer.find(this.sought, { line: cursor.line, col: cursor.col + 1 });
    if (!found) return this.say(`"${this.sought}" not found`);
    if (found.at.line === cursor.line && found.at.col === cursor.col) this.say("This is the only occurrence");
    else if (found.wrapped) this.say("Search Wrapped");
    this.buffer.goTo(found.at);
  }

  async replace(): Promise<void> {
    if (this.readOnly) return this.say("Key is invalid in view mode");
    const old = this.sought === "" ? "" : ` [${this.sought}]`;
    const wanted = (await this.screen.ask(`Search (to replace)${old}: `)) || this.sought;
    const by = wanted === "" ? null : await this.screen.ask("Replace with: ");
    if (by === null) return this.say("Cancelled");
    this.sought = wanted;
    const count = await this.replaceFrom(wanted, by);
    this.say(count < 0 ? `"${wanted}" not found` : `Replaced ${count} occurrence${count === 1 ? "" : "s"}`);
  }

  /** Through the whole text; -1 when there is nothing to replace. */
  private async replaceFrom(wanted: string, by: string): Promise<number> {
    const { doc } = this.buffer;
    let [count, all] = [-1, false];
    let from = { line: 0, col: 0 };
    for (;;) {
      const found = this.buffer.find(wanted, from);
      if (!found || found.wrapped) return count;
      count = Math.max(0, count);
      const end = { line: found.at.line, col: found.at.col + wanted.length };
      this.buffer.goTo(found.at);
      const answer = all ? "a" : await this.screen.choose("Replace this instance?", "yna", REPLACE);
      if (answer === null) return count;
      all = answer === "a";
      from = end;
      if (answer === "n") continue;
      this.buffer.change(() => {
        doc.remove(found.at, end);
        return (from = doc.insert(found.at, by));
      });
      count++;
    }
  }

  async goToLine(): Promise<void> {
    const text = await this.screen.ask("Enter line number, column number: ");
    if (text === null) return this.say("Cancelled");
    const [line, col] = text.split(/[ ,.:]+/).map(Number);
    if (!Number.isInteger(line)) return this.say("Invalid line or column number");
    this.buffer.goTo({ line: line! - 1, col: (col || 1) - 1 });
  }

  // ---- files

  /** Writes the text; true when the file holds it. */
  async writeTo(path: string): Promise<boolean> {
    if (path === "") return this.writeOut();
    if (this.readOnly) {
      this.say("Key is invalid in view mode");
      return false;
    }
    const { doc } = this.buffer;
    const code = await save(this.sys, path, fileText(doc));
    if (code !== 0) {
      this.say(`Error writing ${path}: ${strerror(code)}`);
      return false;
    }
    if (path === this.path || this.path === "") {
      this.path = path;
      doc.saved();
    }
    this.say(`Wrote ${lines(countLines(doc))}`);
    return true;
  }

  async writeOut(): Promise<boolean> {
    const path = await this.screen.ask("File Name to Write: ", this.path);
    if (path === null || path === "") {
      this.say("Cancelled");
      return false;
    }
    const there = path !== this.path && (await attempt(this.sys.stat(path))).ok;
    const question = `File "${path}" exists; OVERWRITE?`;
    if (there && (await this.screen.choose(question, "yn", YES_NO)) !== "y") {
      this.say("Cancelled");
      return false;
    }
    return this.writeTo(path);
  }

  async readFile(): Promise<void> {
    const path = await this.screen.ask("File to insert [from ./]: ");
    if (path === null || path === "") return this.say("Cancelled");
    const file = await load(this.sys, path);
    if (file.kind === "new") return this.say(`File "${path}" not found`);
    if (file.kind === "failed") return this.say(`Error reading ${path}: ${strerror(file.code)}`);
    this.buffer.change(() => this.buffer.doc.insert(this.buffer.cursor, file.text));
    this.say(`Read ${lines(file.text.split("\n").length - 1)}`);
  }

  async exit(): Promise<void> {
    if (this.buffer.doc.modified) {
      const answer = await this.screen.choose("Save modified buffer?", "yn", YES_NO);
      if (answer === null) return this.say("Cancelled");
      if (answer === "y" && !(await this.writeOut())) return;
    }
    this.leaving = true;
  }
}
