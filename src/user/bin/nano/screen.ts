// screen.ts - nano's dialogue: draws the text, and asks below it.

import { clip } from "../fullscreen/cells.ts";
import { PromptLine } from "../fullscreen/promptLine.ts";
import type { Terminal, Wake } from "../fullscreen/terminal.ts";
import type { Buffer } from "./buffer.ts";
import { LINE, MAIN } from "./texts.ts";
import { type Shortcuts, shortcutRows, statusRow, TextArea, titleRow } from "./view.ts";

export type Keypress = Extract<Wake, { kind: "text" | "paste" | "key" }>;

/** The editor is to end: what is not saved must be rescued. */
export class HungUp extends Error {
  constructor(readonly sig: number) {
    super(`signal ${sig}`);
  }
}

export class NanoScreen {
  private readonly area: TextArea;

  constructor(
    readonly terminal: Terminal,
    private readonly buffer: Buffer,
    private readonly title: () => { name: string; state: string },
  ) {
    this.area = new TextArea(() => buffer.doc, buffer.habits);
  }

  /** Rows for the text. */
  get rows(): number {
    return Math.max(1, this.terminal.rows - 4);
  }

  /** Draws everything; `question` takes the place of the status and has the cursor. */
  async draw(
    status: string,
    question: { text: string; col: number } | null = null,
    keys: Shortcuts = MAIN,
  ): Promise<void> {
    const { cols, rows } = this.terminal;
    const { name, state } = this.title();
    this.area.follow(this.buffer.cursor, this.rows);
    const text = this.area.draw(this.buffer.cursor, this.buffer.selection, this.rows, cols);
    const bottom = question
      ? `\x1b[7m${clip(question.text, cols).padEnd(cols)}\x1b[27m`
      : statusRow(status, cols);
    const cursor = question
      ? { row: this.rows + 1, col: Math.min(cols - 1, question.col) }
      : { row: text.row + 1, col: text.col };
    const all = [titleRow(name, state, cols), ...text.rows, bottom, ...shortcutRows(keys, cols)];
    await this.terminal.paint(all.slice(0, rows), cursor);
  }

  /** The next key; `again` draws when the window has another size. */
  async key(again: () => Promise<void>): Promise<Keypress> {
    for (;;) {
      const wake = await this.terminal.next();
      if (wake.kind === "hangup") throw new HungUp(wake.sig);
      if (wake.kind === "resize") await again();
      else if (wake.kind === "key" || wake.kind === "text" || wake.kind === "paste") return wake;
    }
  }

  /** A line typed below the text; null when it was cancelled. */
  async ask(prompt: string, initial = "", history: readonly string[] = []): Promise<string | null> {
    const line = new PromptLine(prompt, initial, history);
    for (;;) {
      const draw = () => this.draw("", line.row(), LINE);
      await draw();
      const key = await this.key(draw);
      if (key.kind !== "key") line.insert(key.text.replace(/\n/g, ""));
      else if (key.name === "enter") return line.text;
      else if (key.name === "C-c" || key.name === "escape") return null;
      else if (!line.key(key.name)) await this.terminal.bell();
    }
  }

  /** One of these letters, or null. */
  async choose(question: string, letters: string, keys: Shortcuts): Promise<string | null> {
    for (;;) {
      const draw = () => this.draw("", { text: question, col: question.length }, keys);
      await draw();
      const key = await this.key(draw);
      if (key.kind === "key" && key.name === "C-c") return null;
      const letter = key.kind === "text" ? key.text.toLowerCase() : "";
      if (letter !== "" && letters.includes(letter)) return letter;
    }
  }
}
