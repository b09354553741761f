// vi.ts - the program around the commands: keys, the bottom row, scrolling.

import type { SysCalls } from "../../sys.ts";
import { PromptLine } from "../fullscreen/promptLine.ts";
import type { Terminal, Wake } from "../fullscreen/terminal.ts";
import { isBefore } from "../edit/document.ts";
import { Ex, type Host } from "./ex.ts";
import type { ViKey } from "./insert.ts";
import { type Around, Normal } from "./normal.ts";
import type { Extent } from "./objects.ts";
import { ViView } from "./screen.ts";
import { Refused, type State } from "./state.ts";

/** The editor is to end: what is not saved must be rescued. */
export class HungUp extends Error {
  constructor(readonly sig: number) {
    super(`signal ${sig}`);
  }
}

const MODES: Record<string, string> = {
  insert: "-- INSERT --",
  replace: "-- REPLACE --",
  visual: "-- VISUAL --",
  "visual line": "-- VISUAL LINE --",
};

export class Vi implements Around, Host {
  private readonly commands: Ex;
  private readonly normal: Normal;
  private readonly view: ViView;
  private readonly history: Record<string, string[]> = { ":": [], "/": [], "?": [] };
  /** Typed together with the key before. */
  private typed: ViKey[] = [];
  private left: number | null = null;
  private asking: { text: string; col: number } | null = null;
  file = 0;

  constructor(
    readonly sys: SysCalls,
    private readonly terminal: Terminal,
    private readonly s: State,
    readonly files: string[],
    private readonly runShell: (command: string) => Promise<void>,
  ) {
    this.commands = new Ex(s, this);
    this.normal = new Normal(s, this);
    this.view = new ViView(s);
  }

  leave(status: number): void {
    this.left = status;
  }

  async run(): Promise<number> {
    while (this.left === null) await this.guarded(() => this.normal.command());
    return this.left;
  }

  /** What is refused is said below; a silent refusal beeps. */
  private async guarded(what: () => Promise<void>): Promise<void> {
    try {
      await what();
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      this.normal.abandon();
      this.typed = [];
      this.s.message = e.message;
      if (e.message === "") await this.terminal.bell();
    }
  }

  async ex(line: string): Promise<void> {
    await this.commands.run(line);
  }

  /** `+command` and the settings of ~/.vimrc; mistakes are said. */
  async startWith(line: string): Promise<void> {
    await this.guarded(async () => {
      this.s.doc.begin(this.s.cursor);
      await this.commands.run(line);
      this.s.settle();
      this.s.doc.commit(this.s.cursor);
    });
  }

  // ---- keys

  private async draw(): Promise<void> {
    const { rows, cols } = this.terminal;
    this.view.resize(rows - 1, cols);
    const { rows: text, row, col } = this.view.draw(this.selection());
    const bottom = this.asking
      ? this.asking.text
      : this.view.status(this.s.message || (MODES[this.s.mode] ?? ""));
    const cursor = this.asking ? { row: rows - 1, col: Math.min(cols - 1, this.asking.col) } : { row, col };
    await this.terminal.paint([...text, bottom], cursor);
  }

  private selection(): Extent | null {
    const { mode, cursor, anchor } = this.s;
    if (mode !== "visual" && mode !== "visual line") return null;
    const [from, to] = isBefore(cursor, anchor) ? [cursor, anchor] : [anchor, cursor];
    return { from, to: this.s.after(to), linewise: mode === "visual line" };
  }

  private async wake(): Promise<Extract<Wake, { kind: "text" | "paste" | "key" }>> {
    for (;;) {
      const wake = await this.terminal.next();
      if (wake.kind === "hangup") throw new HungUp(wake.sig);
      if (wake.kind === "key" || wake.kind === "text" || wake.kind === "paste") return wake;
      await this.draw();
    }
  }

  /** Typed characters come one by one; a paste is one text. */
  async next(): Promise<ViKey> {
    const ahead = this.typed.shift();
    if (ahead !== undefined) return ahead;
    if (this.s.mode !== "insert" && this.s.mode !== "replace") this.s.settle();
    await this.draw();
    const key = await this.wake();
    this.s.message = "";
    if (key.kind === "key") return this.plain(key.name);
    if (key.kind === "paste") return { name: "paste", text: key.text };
    this.typed = [...key.text].map((c) => ({ name: c, text: c }));
    return this.typed.shift()!;
  }

  /** There is no Alt here: it is Escape, and then a key that came quickly. */
  private plain(name: string): ViKey {
    if (!name.startsWith("M-")) return { name };
    const rest = name.slice(2);
    this.typed = [rest.length === 1 ? { name: rest, text: rest } : { name: rest }];
    return { name: "escape" };
  }

  async ask(prompt: string, initial = ""): Promise<string | null> {
    const history = (this.history[prompt] ??= []);
    const line = new PromptLine(prompt, initial, history);
    try {
      return await this.askKeys(line, history);
    } finally {
      this.asking = null;
    }
  }

  private async askKeys(line: PromptLine, history: string[]): Promise<string | null> {
    for (;;) {
      this.asking = line.row();
      const { name, text } = await this.next();
      if (text !== undefined) line.insert(text.replace(/\n/g, ""));
      else if (name === "enter") {
        if (line.text !== "" && history.at(-1) !== line.text) history.push(line.text);
        return line.text;
      } else if (/^(escape|C-c)$/.test(name) || (name === "backspace" && line.text === "")) return null;
      else if (!line.key(name)) await this.terminal.bell();
    }
  }

  async confirm(line: number, from: number, to: number): Promise<"yes" | "no" | "all" | "last" | "quit"> {
    const answers = {
      y: "yes",
      n: "no",
      a: "all",
      l: "last",
      q: "quit",
      escape: "quit",
      "C-c": "quit",
    } as const;
    this.s.goTo({ line, col: from });
    for (;;) {
      const text = `replace "${this.s.line.slice(from, to)}" (y/n/a/q/l)?`;
      this.asking = { text, col: text.length };
      const { name } = await this.next();
      this.asking = null;
      if (name in answers) return answers[name as keyof typeof answers];
    }
  }

  // ---- the screen

  scroll(key: string, n: number | null): boolean {
    const { view, s } = this;
    const half = n ?? Math.max(1, Math.floor(view.height / 2));
    const page = Math.max(1, view.height - 2) * (n ?? 1);
    const pages: Record<string, number> = { "C-f": page, "page-down": page, "C-b": -page, "page-up": -page };
    const halves: Record<string, number> = { "C-d": half, "C-u": -half };
    const lines: Record<string, number> = { "C-e": n ?? 1, "C-y": -(n ?? 1) };
    const by = pages[key] ?? halves[key] ?? lines[key];
    if (by !== undefined) this.scrollBy(by, halves[key] !== undefined);
    else if (/^[HML]$/.test(key)) this.toShown(key, n ?? 1);
    else if (/^z(t|z|b|enter|\.|-)$/.test(key))
      view.place(/^z(t|enter)$/.test(key) ? "top" : /^z[z.]$/.test(key) ? "middle" : "bottom");
    else return false;
    s.settle();
    return true;
  }

  private scrollBy(by: number, withCursor: boolean): void {
    const { view, s } = this;
    const top = Math.max(0, Math.min(s.doc.last, view.top + by));
    if (top === view.top && s.cursor.line === (by < 0 ? 0 : s.doc.last)) throw new Refused("");
    const moved = withCursor ? by : 0;
    if (!withCursor || view.lastShown() < s.doc.last || by < 0) view.top = top;
    const line = Math.max(view.top, Math.min(view.lastShown(), s.cursor.line + moved));
    s.goTo(withCursor || line !== s.cursor.line ? s.firstNonBlank(line) : s.cursor);
  }

  private toShown(key: string, n: number): void {
    const { view, s } = this;
    const [first, last] = [view.top, view.lastShown()];
    const middle = Math.floor((first + last) / 2);
    const line = key === "H" ? first + n - 1 : key === "L" ? last - n + 1 : middle;
    s.goTo(s.firstNonBlank(Math.max(first, Math.min(last, line))));
  }

  async special(key: string): Promise<boolean> {
    if (key === "C-z") await this.terminal.suspend();
    else if (key === "C-l") this.terminal.redraw();
    else if (key === "C-g") await this.ex("f");
    else return false;
    return true;
  }

  async shell(command: string): Promise<void> {
    await this.terminal.lend(() => this.runShell(command));
  }
}
