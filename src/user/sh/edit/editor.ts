// editor.ts - the line editor: keys to actions, as readline's emacs mode.

import { attempt } from "../../errno.ts";
import { columns } from "../../columns.ts";
import { rawModes } from "../../rawMode.ts";
import { encode } from "../../text.ts";
import type { Completion } from "../completion.ts";
import type { Input, Typed } from "../input.ts";
import { complete } from "../late.ts";
import { type Shell, writeAll } from "../shell.ts";
import { alphanumeric, Buffer } from "./buffer.ts";
import { type Key, Keys } from "./keys.ts";
import type { KernelLog } from "./kernelLog.ts";
import { Screen, textWidth } from "./screen.ts";
import { Search } from "./search.ts";

const PASTE_ON = "\x1b[?2004h";
const PASTE_OFF = "\x1b[?2004l";

export class Editor implements Input {
  private readonly line = new Buffer();
  private readonly screen = new Screen();
  private readonly keys: Keys;
  private prompt = "";
  /** The last line of the prompt: the ones above are printed once. */
  private head = "";
  private lastKey = "";
  private search: Search | null = null;
  /** Position in the history; its length means the new line. */
  private at = 0;
  private edits = new Map<number, string>();
  /** Commands typed ahead by C-o. */
  private operateNext: number | null = null;
  private lastArgs = 0;

  constructor(
    private readonly sh: Shell,
    private readonly log: KernelLog | null,
  ) {
    this.keys = new Keys(sh.sys, () => this.waitForInput());
  }

  private write(text: string): Promise<void> {
    return writeAll(this.sh.sys, this.sh.terminal, encode(text));
  }

  private async draw(): Promise<void> {
    const s = this.search;
    const out = s
      ? this.screen.draw(s.prompt, [...s.line], s.column)
      : this.screen.draw(this.head, this.line.chars, this.line.at);
    if (out !== "") await this.write(out);
  }

  async resize(): Promise<void> {
    const size = await attempt(this.sh.sys.winsize(this.sh.terminal));
    if (!size.ok || size.value.cols === 0) return;
    this.screen.cols = size.value.cols;
    this.sh.vars.set("COLUMNS", String(size.value.cols));
    this.sh.vars.set("LINES", String(size.value.rows));
  }

  /** Sleeps until a key or a kernel message comes; messages make the line move down. */
  private async waitForInput(): Promise<"ready" | "signal"> {
    for (;;) {
      const r = this.log ? await this.log.wait(this.sh.sys, 0) : ("input" as const);
      if (r === "message") {
        this.screen.forget();
        await this.draw();
      } else return r === "signal" ? "signal" : "ready";
    }
  }

  /** A new size draws the line again; a trap's command runs at once, as in bash, and the line follows it. */
  private async afterSignal(): Promise<void> {
    const { sh } = this;
    if (sh.windowChanged) {
      sh.windowChanged = false;
      await this.resize();
      await this.draw();
    }
    if (sh.traps.pending.length === 0) return;
    await this.rawMode(false);
    for (let name = sh.traps.take(); name !== null; name = sh.traps.take()) await sh.hooks.runTrap(sh, name);
    await this.rawMode(true);
    this.screen.forget();
    await this.draw();
  }

  async read(prompt: string, _before: string): Promise<Typed> {
    await this.resize();
    this.sh.windowChanged = false;
    this.begin(prompt);
    await this.rawMode(true);
    const above = prompt.slice(0, prompt.length - this.head.length);
    await this.write(PASTE_ON + above);
    await this.draw();
    const result = await this.loop();
    await this.write(this.screen.leave(this.head, result.kind === "end" ? [] : this.line.chars) + PASTE_OFF);
    await this.rawMode(false);
    return result;
  }

  private begin(prompt: string): void {
    this.prompt = prompt;
    this.head = prompt.slice(prompt.lastIndexOf("\n") + 1);
    this.line.reset();
    this.screen.forget();
    this.search = null;
    this.edits.clear();
    const lines = this.sh.history.lines;
    this.at = lines.length;
    if (this.operateNext !== null && this.operateNext < lines.length) {
      this.at = this.operateNext;
      this.line.set(lines[this.at]!);
    }
    this.operateNext = null;
  }

  private async rawMode(on: boolean): Promise<void> {
    const sh = this.sh;
    const modes = on ? await attempt(sh.sys.tcgetattr(sh.terminal)) : null;
    if (modes?.ok) {
      sh.cookedModes = modes.value;
      await attempt(sh.sys.tcsetattr(sh.terminal, 1, rawModes(modes.value)));
    } else if (!on && sh.cookedModes) await attempt(sh.sys.tcsetattr(sh.terminal, 1, sh.cookedModes));
  }

  private async loop(): Promise<Typed> {
    for (;;) {
      const key = await this.keys.next();
      if (key.kind === "end") return { kind: "end" };
      if (key.kind === "signal") {
        if (this.sh.interrupted) return { kind: "interrupt" };
        await this.afterSignal();
        if (this.sh.flow) return { kind: "line", text: "" };
        continue;
      }
      const done = await this.handle(key);
      if (done) return done;
      await this.draw();
    }
  }

  private async handle(key: Key & { kind: "text" | "paste" | "key" }): Promise<Typed | null> {
    if (this.search && (await this.searchKey(key))) return null;
    const name = key.kind === "key" ? key.name : "";
    this.line.endRun(/^(C-k|C-u|C-w|M-d|M-backspace)$/.test(name), key.kind === "text");
    if (key.kind !== "key") {
      this.line.insert(key.text);
      this.lastKey = "";
      return null;
    }
    const done = await this.action(name);
    this.lastKey = name;
    return done;
  }

  private async action(name: string): Promise<Typed | null> {
    switch (name) {
      case "enter":
        this.line.at = this.line.chars.length;
        await this.draw();
        return { kind: "line", text: this.line.text };
      case "C-o": {
        this.operateNext = this.at + 1;
        const text = this.line.text;
        return { kind: "line", text };
      }
      case "C-c":
        await this.write("^C");
        return { kind: "interrupt" };
      case "C-d":
        if (this.line.chars.length === 0) return { kind: "end" };
        this.line.delete(this.line.at, this.line.at + 1);
        return null;
      case "tab":
        await this.tab();
        return null;
      case "C-l":
        this.screen.forget();
        await this.write("\x1b[H\x1b[2J");
        return null;
      case "C-v":
      case "C-q":
        this.line.insert(await this.keys.literal());
        return null;
      case "C-r":
      case "C-s":
        this.search = new Search(this.sh.history.lines, name === "C-r");
        return null;
      default:
        return this.edit(name);
    }
  }

  private edit(name: string): null {
    const l = this.line;
    switch (name) {
      case "C-a":
      case "home":
        l.at = l.lineStart();
        break;
      case "C-e":
      case "end":
        l.at = l.lineEnd();
        break;
      case "C-b":
      case "left":
        l.move(-1);
        break;
      case "C-f":
      case "right":
        l.move(1);
        break;
      case "M-b":
      case "C-left":
        l.at = l.wordLeft(alphanumeric);
        break;
      case "M-f":
      case "C-right":
        l.at = l.wordRight();
        break;
      case "backspace":
        l.delete(l.at - 1, l.at);
        break;
      case "delete":
        l.delete(l.at, l.at + 1);
        break;
      case "C-k":
        l.kill(l.at, l.at === l.lineEnd() ? l.at + 1 : l.lineEnd(), false);
        break;
      case "C-u":
        l.kill(l.lineStart(), l.at, true);
        break;
      case "C-w":
        l.kill(
          l.wordLeft((c) => !/\s/.test(c)),
          l.at,
          true,
        );
        break;
      case "M-backspace":
        l.kill(l.wordLeft(alphanumeric), l.at, true);
        break;
      case "M-d":
        l.kill(l.at, l.wordRight(), false);
        break;
      default:
        this.editMore(name);
    }
    return null;
  }

  private editMore(name: string): void {
    const l = this.line;
    switch (name) {
      case "C-y":
        l.yank();
        break;
      case "M-y":
        if (this.lastKey === "C-y" || this.lastKey === "M-y") l.yankPop();
        break;
      case "C-t":
        l.transpose();
        break;
      case "C-_":
        l.undo();
        break;
      case "M-u":
        l.changeWord((s) => s.toUpperCase());
        break;
      case "M-l":
        l.changeWord((s) => s.toLowerCase());
        break;
      case "M-c":
        l.changeWord((s) => s.toLowerCase().replace(/[\p{L}\p{N}]/u, (c) => c.toUpperCase()));
        break;
      case "M-.":
      case "M-_":
        this.lastArgument();
        break;
      case "C-p":
      case "up":
        this.vertical(-1);
        break;
      case "C-n":
      case "down":
        this.vertical(1);
        break;
      case "M-<":
        this.recall(0);
        break;
      case "M->":
        this.recall(this.sh.history.lines.length);
        break;
    }
  }

  /** Between the rows of a command of several lines, else through the history. */
  private vertical(by: number): void {
    const l = this.line;
    const start = l.lineStart();
    if (by < 0 && start > 0) {
      const column = l.at - start;
      const above = l.chars.lastIndexOf("\n", start - 2) + 1;
      l.at = Math.min(above + column, start - 1);
    } else if (by > 0 && l.lineEnd() < l.chars.length) {
      const column = l.at - start;
      l.at = l.lineEnd() + 1;
      l.at = Math.min(l.at + column, l.lineEnd());
    } else this.recall(this.at + by);
  }

  private recall(to: number): void {
    const lines = this.sh.history.lines;
    if (to < 0 || to > lines.length || to === this.at) return;
    this.edits.set(this.at, this.line.text);
    this.at = to;
    this.line.set(this.edits.get(to) ?? lines[to] ?? "");
  }

  /** M-. puts in the last word of the command before; again, of the one before that. */
  private lastArgument(): void {
    const lines = this.sh.history.lines;
    const repeated = this.lastKey === "M-." || this.lastKey === "M-_";
    const word = (n: number): string => (lines.at(-n) ?? "").trim().split(/\s+/).at(-1) ?? "";
    if (repeated) {
      const old = [...word(this.lastArgs)].length;
      this.line.delete(this.line.at - old, this.line.at);
    }
    this.lastArgs = repeated ? Math.min(this.lastArgs + 1, lines.length) : 1;
    this.line.insert(word(this.lastArgs));
  }

  /** True when the key belonged to the search. */
  private async searchKey(key: Key & { kind: "text" | "paste" | "key" }): Promise<boolean> {
    const s = this.search!;
    if (key.kind !== "key") {
      s.type(key.text);
      return true;
    }
    if (key.name === "C-r" || key.name === "C-s") s.again(key.name === "C-r");
    else if (key.name === "backspace") s.rub();
    else {
      this.search = null;
      if (key.name === "C-g" || key.name === "C-c") {
        if (key.name === "C-c") return false;
        return true;
      }
      if (s.found >= 0 && s.found < this.sh.history.lines.length) {
        this.edits.set(this.at, this.line.text);
        this.at = s.found;
        this.line.set(s.line, s.column);
      }
      return key.name === "escape";
    }
    return true;
  }

  // ---- completion

  private async tab(): Promise<void> {
    const before = this.line.before;
    const c = await complete(this.sh, before);
    if (c.candidates.length === 0) return this.write("\x07");
    const from = this.line.at - [...before.slice(c.start)].length;
    if (c.replacement !== before.slice(c.start)) return this.line.replaceBefore(from, c.replacement);
    if (c.candidates.length > 1) {
      if (this.lastKey === "tab") await this.list(c);
      else await this.write("\x07");
    }
  }

  private async list(c: Completion): Promise<void> {
    const names = c.candidates.map((x) => x.shown);
    await this.write(this.screen.leave(this.head, this.line.chars));
    if (names.length > 100 && !(await this.confirm(names.length))) return this.showPromptAgain();
    await this.write(
      columns(
        names.map((text) => ({ text, width: textWidth(text) })),
        this.screen.cols,
      ),
    );
    await this.showPromptAgain();
  }

  private async confirm(count: number): Promise<boolean> {
    await this.write(`Display all ${count} possibilities? (y or n)`);
    const key = await this.keys.next();
    await this.write("\r\n");
    return key.kind === "text" && /^[yY ]/.test(key.text);
  }

  private async showPromptAgain(): Promise<void> {
    await this.write(this.prompt.slice(0, this.prompt.length - this.head.length));
  }
}
