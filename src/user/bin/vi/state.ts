// state.ts - what vi knows: the text, the cursor, registers, marks, options.

import { nextChar, previousChar } from "../edit/columns.ts";
import { Document, type Pos } from "../edit/document.ts";

export interface Register {
  text: string;
  /** Whole lines: put above or below, not into a line. */
  linewise: boolean;
}

export interface Settings {
  number: boolean;
  ignorecase: boolean;
  smartcase: boolean;
  autoindent: boolean;
  expandtab: boolean;
  hlsearch: boolean;
  wrapscan: boolean;
  tabstop: number;
  shiftwidth: number;
}

export type Mode = "normal" | "insert" | "replace" | "visual" | "visual line";

export interface Sought {
  pattern: string;
  regex: RegExp;
  backward: boolean;
}

/** A command that cannot be done: beeps, or says why. It ends the command and what was typed ahead by `.`. */
export class Refused extends Error {}

export class State {
  doc = new Document();
  path = "";
  /** The file that `#` and `:e #` mean. */
  cursor: Pos = { line: 0, col: 0 };
  mode: Mode = "normal";
  /** Where the visual mode began. */
  anchor: Pos = { line: 0, col: 0 };
  /** The column that j and k try to keep; Infinity after $. */
  wanted: number | null = null;
  message = "";
  readOnly = false;
  sought: Sought | null = null;
  /** f, F, t or T and its character, for ; and , */
  lastFind: { key: string; char: string } | null = null;
  readonly marks = new Map<string, Pos>();
  private readonly registers = new Map<string, Register>();
  readonly settings: Settings = {
    number: false,
    ignorecase: false,
    smartcase: false,
    autoindent: false,
    expandtab: false,
    hlsearch: false,
    wrapscan: true,
    tabstop: 8,
    shiftwidth: 8,
  };

  get line(): string {
    return this.doc.line(this.cursor.line);
  }

  goTo(p: Pos): void {
    this.cursor = this.doc.clamp(p);
    this.wanted = null;
  }

  /** In normal mode the cursor stands on a character, never behind the last. */
  settle(): void {
    this.cursor = this.doc.clamp(this.cursor);
    const { line, col } = this.cursor;
    const text = this.line;
    if (this.mode === "normal" && col >= text.length && col > 0)
      this.cursor = { line, col: previousChar(text, text.length) };
  }

  firstNonBlank(line: number): Pos {
    const text = this.doc.line(line);
    const col = /^\s*/.exec(text)![0].length;
    return { line, col: col === text.length && col > 0 ? col - 1 : col };
  }

  after(p: Pos): Pos {
    return { line: p.line, col: nextChar(this.doc.line(p.line), p.col) };
  }

  // ---- registers

  register(name: string): Register {
    const found = this.registers.get(/[+*]/.test(name) ? '"' : name.toLowerCase());
    if (!found || found.text === "") throw new Refused(`E353: Nothing in register ${name}`);
    return found;
  }

  /** A deleted or copied text goes into its register and the unnamed one. */
  store(name: string, value: Register, copied: boolean): void {
    this.registers.set('"', value);
    if (copied && name === '"') this.registers.set("0", value);
    if (/[a-z]/.test(name)) this.registers.set(name, value);
    if (/[A-Z]/.test(name)) this.append(name.toLowerCase(), value);
  }

  private append(name: string, value: Register): void {
    const old = this.registers.get(name);
    const linewise = value.linewise || (old?.linewise ?? false);
    const joint = linewise && old && !old.linewise ? "\n" : "";
    this.registers.set(name, { text: (old?.text ?? "") + joint + value.text, linewise });
  }
}
