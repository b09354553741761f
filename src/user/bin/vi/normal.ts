// normal.ts - one command of normal mode, read key by key.

import type { Pos } from "../edit/document.ts";
import { typeUntilEscape, type ViKey } from "./insert.ts";
import { JUMPS, type Motion, MOTIONS, TAKES_CHAR } from "./motions.ts";
import { type Extent, textObject } from "./objects.ts";
import { extentOf, join, put, remove, removeForChange, rewrite, shift, swapCase, yank } from "./operators.ts";
import { compile, findNext } from "./search.ts";
import { Refused, type State } from "./state.ts";
import { endOfThisWord } from "./words.ts";

/** What a command needs of the screen and of the program around it. */
export interface Around {
  next(): Promise<ViKey>;
  /** A line typed at the bottom; null when it was given up. */
  ask(prompt: string, initial?: string): Promise<string | null>;
  /** Runs an ex command. */
  ex(line: string): Promise<void>;
  /** Scrolls: C-f, C-b, C-d, C-u, C-e, C-y, zt, zz, zb, H, M, L. True when it was one of these. */
  scroll(key: string, n: number | null): boolean;
  /** C-z, C-l, C-g. */
  special(key: string): Promise<boolean>;
}

/** A command as it is read: its register, its count, its keys. */
interface Reading {
  register: string;
  count: number | null;
  key: string;
}

const OPERATORS = new Set(["d", "c", "y", ">", "<", "g~", "gu", "gU"]);
/** Commands that are an operator and a motion in one key. */
const SHORT: Record<string, string> = {
  D: "d$",
  C: "c$",
  Y: "yy",
  x: "dl",
  X: "dh",
  s: "cl",
  S: "cc",
  delete: "dl",
};

const nameOf = (key: ViKey): string => key.text ?? key.name;

export class Normal {
  /** The keys of the last command that changed something, for `.` */
  private last: ViKey[] = [];
  private recorded: ViKey[] = [];
  private ahead: ViKey[] = [];

  constructor(
    private readonly s: State,
    private readonly around: Around,
  ) {}

  private readonly nextKey = async (): Promise<ViKey> => {
    const key = this.ahead.shift() ?? (await this.around.next());
    this.recorded.push(key);
    return key;
  };

  private async next(): Promise<string> {
    return nameOf(await this.nextKey());
  }

  /** Reads a command and does it. */
  async command(): Promise<void> {
    const { s } = this;
    this.recorded = [];
    const before = { ...s.cursor };
    try {
      const reading = await this.read();
      s.doc.begin(before);
      if (s.mode === "normal") await this.perform(reading);
      else await this.visual(reading);
    } finally {
      const changed = s.doc.modifiedSinceBegin;
      if (s.mode !== "visual" && s.mode !== "visual line") s.mode = "normal";
      s.settle();
      s.doc.commit(s.cursor);
      if (changed && this.recorded[0]?.name !== "." && !/^(u|C-r|:)$/.test(nameOf(this.recorded[0]!)))
        this.last = this.recorded;
    }
  }

  /** Forgets what a refused command left to be done. */
  abandon(): void {
    this.ahead = [];
  }

  private async read(first?: string): Promise<Reading> {
    let register = '"';
    let count: number | null = null;
    let key = first ?? (await this.next());
    for (;;) {
      if (key === '"') register = await this.next();
      else if (/^[1-9]$/.test(key) || (key === "0" && count !== null))
        count = (count ?? 0) * 10 + Number(key);
      else break;
      key = await this.next();
    }
    if (/^[gzZ]$/.test(key)) key += await this.next();
    return { register, count, key };
  }

  // ---- moving

  /** Null when the key is no motion. */
  private async motion(key: string, n: number | null): Promise<Motion | null> {
    if (key === "/" || key === "?") return this.search(key, n);
    const mover = MOTIONS[key];
    if (!mover) return null;
    const arg = TAKES_CHAR.has(key) ? await this.next() : "";
    const from = { ...this.s.cursor };
    const m = mover(this.s, n, arg);
    if (JUMPS.has(key)) this.s.marks.set("'", from);
    return m;
  }

  private async search(key: "/" | "?", n: number | null): Promise<Motion> {
    const { s } = this;
    const text = await this.around.ask(key);
    if (text === null) throw new Refused("");
    const end = new RegExp(`(?<!\\\\)\\${key}.*$`);
    const pattern = text.replace(end, "").replaceAll(`\\${key}`, key) || s.sought?.pattern;
    if (pattern === undefined) throw new Refused("E35: No previous regular expression");
    s.sought = { pattern, regex: compile(pattern, s.settings), backward: key === "?" };
    s.marks.set("'", { ...s.cursor });
    let to: Pos = s.cursor;
    for (let i = 0; i < (n ?? 1); i++) to = findNext(s, s.sought, to, s.sought.backward);
    return { to, kind: "exclusive" };
  }

  private moveTo(m: Motion): void {
    this.s.goTo(m.to);
    this.s.wanted = m.wanted ?? null;
  }

  // ---- operators

  /** What an operator is to work on: a motion, a text object, or its own key again for lines. */
  private async extent(op: string, outer: number | null): Promise<Extent> {
    const { s } = this;
    const r = await this.read();
    const n = outer === null && r.count === null ? null : (outer ?? 1) * (r.count ?? 1);
    const again = r.key === op || r.key === op.at(-1) || (op.length === 2 && r.key === op);
    if (again) {
      const to = Math.min(s.doc.last, s.cursor.line + (n ?? 1) - 1);
      return { from: { ...s.cursor }, to: { line: to, col: 0 }, linewise: true };
    }
    if (r.key === "i" || r.key === "a") return textObject(s, r.key === "a", await this.next());
    // cw leaves the blanks behind the word alone.
    if (op === "c" && /^[wW]$/.test(r.key) && /\S/.test(s.line[s.cursor.col] ?? " ")) {
      const to = endOfThisWord(s.doc, s.cursor, r.key === "W", n ?? 1);
      return extentOf(s, { to, kind: "inclusive" }, "e");
    }
    const m = await this.motion(r.key, n);
    if (!m) throw new Refused("");
    return extentOf(s, m, r.key);
  }

  private async operate(op: string, e: Extent, register: string): Promise<void> {
    const { s } = this;
    switch (op) {
      case "d":
        return remove(s, e, register);
      case "y":
        return yank(s, e, register);
      case "c":
        removeForChange(s, e, register);
        await typeUntilEscape(s, this.nextKey, false);
        return;
      case ">":
      case "<":
        return shift(s, e, op === ">" ? 1 : -1);
      case "gu":
        return rewrite(s, e, (t) => t.toLowerCase());
      case "gU":
        return rewrite(s, e, (t) => t.toUpperCase());
      default:
        return rewrite(s, e, swapCase);
    }
  }

  private async perform(r: Reading): Promise<void> {
    const short = SHORT[r.key];
    if (short !== undefined) {
      this.ahead.unshift(...[...short.slice(1)].map((name) => ({ name, text: name })));
      const from = this.recorded.length;
      if (this.s.line === "" && /^(x|X|s|delete)$/.test(r.key) && short[0] === "d") throw new Refused("");
      const e = await this.extent(short[0]!, r.count);
      this.recorded.splice(from, short.length - 1);
      return this.operate(short[0]!, e, r.register);
    }
    if (OPERATORS.has(r.key)) return this.operate(r.key, await this.extent(r.key, r.count), r.register);
    const m = await this.motion(r.key, r.count);
    if (m) return this.moveTo(m);
    if (this.around.scroll(r.key, r.count) || (await this.inserts(r)) || (await this.simple(r))) return;
    if (await this.around.special(r.key)) return;
    throw new Refused("");
  }

  // ---- single commands

  /** Commands that begin to type; true when this was one. */
  private async inserts(r: Reading): Promise<boolean> {
    const { s } = this;
    const { line, col } = s.cursor;
    const indent = s.settings.autoindent ? /^\s*/.exec(s.line)![0] : "";
    const places: Record<string, () => Pos> = {
      i: () => ({ line, col }),
      insert: () => ({ line, col }),
      a: () => s.after(s.cursor),
      I: () => ({ line, col: /^\s*/.exec(s.line)![0].length }),
      A: () => ({ line, col: s.line.length }),
      o: () => s.doc.insert({ line, col: s.line.length }, `\n${indent}`),
      O: () => (s.doc.insert({ line, col: 0 }, `${indent}\n`), { line, col: indent.length }),
      R: () => ({ line, col }),
    };
    const place = places[r.key];
    if (!place) return false;
    s.goTo(place());
    const typed = await typeUntilEscape(s, this.nextKey, r.key === "R");
    if (typed !== null && r.key !== "R" && (r.count ?? 1) > 1) {
      const opens = /[oO]/.test(r.key) ? `\n${indent}${typed}` : typed;
      const end = s.doc.insert(s.line === "" ? s.cursor : s.after(s.cursor), opens.repeat(r.count! - 1));
      s.goTo({ line: end.line, col: Math.max(0, end.col - 1) });
    }
    return true;
  }

  private async simple(r: Reading): Promise<boolean> {
    const { s } = this;
    const n = r.count ?? 1;
    switch (r.key) {
      case "p":
      case "P":
        put(s, r.register, r.key === "P", n);
        return true;
      case "J":
      case "gJ":
        join(s, s.cursor.line, Math.max(2, n), r.key === "J");
        return true;
      case "r":
        await this.replaceChars(n);
        return true;
      case "~":
        this.swapChars(n);
        return true;
      case "m":
        s.marks.set(await this.next(), { ...s.cursor });
        return true;
      case "v":
      case "V":
        s.mode = r.key === "v" ? "visual" : "visual line";
        s.anchor = { ...s.cursor };
        return true;
      case ".":
        this.ahead = this.last.slice();
        return true;
      default:
        return this.outside(r);
    }
  }

  private async outside(r: Reading): Promise<boolean> {
    const { s } = this;
    switch (r.key) {
      case "u":
      case "C-r":
        for (let i = 0; i < (r.count ?? 1); i++) this.travel(r.key === "u");
        return true;
      case ":": {
        const initial = r.count === null ? "" : r.count === 1 ? "." : `.,.+${r.count - 1}`;
        const line = await this.around.ask(":", initial);
        if (line !== null) await this.around.ex(line);
        return true;
      }
      case "&":
        await this.around.ex("s");
        return true;
      case "ZZ":
      case "ZQ":
        await this.around.ex(r.key === "ZZ" ? "x" : "q!");
        return true;
      case "escape":
      case "C-c":
        if (r.key === "C-c") s.message = "Type  :qa!  and press <Enter> to abandon all changes and exit";
        return true;
      default:
        return false;
    }
  }

  private travel(back: boolean): void {
    const { s } = this;
    s.doc.commit(s.cursor);
    const to = back ? s.doc.undo() : s.doc.redo();
    if (!to) s.message = back ? "Already at oldest change" : "Already at newest change";
    else s.goTo(to);
  }

  private async replaceChars(n: number): Promise<void> {
    const { s } = this;
    const key = await this.nextKey();
    if (key.name === "escape" || (key.text === undefined && key.name !== "enter")) return;
    let end = s.cursor;
    for (let i = 0; i < n; i++) {
      if (end.col >= s.line.length) throw new Refused("");
      end = s.after(end);
    }
    const from = s.cursor;
    s.doc.remove(from, end);
    const text = key.text === undefined ? "\n" : key.text.repeat(n);
    const to = s.doc.insert(from, text);
    s.goTo(text === "\n" ? to : { line: to.line, col: Math.max(0, to.col - 1) });
  }

  private swapChars(n: number): void {
    const { s } = this;
    let end = s.cursor;
    for (let i = 0; i < n && end.col < s.line.length; i++) end = s.after(end);
    rewrite(s, { from: s.cursor, to: end, linewise: false }, swapCase);
    s.goTo(end);
  }

  // ---- visual mode

  private selection(): Extent {
    const { s } = this;
    const { line, col } = s.cursor;
    const back = line < s.anchor.line || (line === s.anchor.line && col < s.anchor.col);
    const [from, end] = back ? [s.cursor, s.anchor] : [s.anchor, s.cursor];
    const linewise = s.mode === "visual line";
    return { from: { ...from }, to: linewise ? { ...end } : s.after(end), linewise };
  }

  private async visual(r: Reading): Promise<void> {
    const { s } = this;
    const m = await this.motion(r.key, r.count);
    if (m) return this.moveTo(m);
    if (this.around.scroll(r.key, r.count)) return;
    if (r.key === "v" || r.key === "V") return this.switchVisual(r.key);
    if (r.key === "o") {
      [s.cursor, s.anchor] = [s.anchor, s.cursor];
      return;
    }
    if (r.key === "i" || r.key === "a") {
      const e = textObject(s, r.key === "a", await this.next());
      s.anchor = e.from;
      s.goTo({ line: e.to.line, col: Math.max(0, e.to.col - 1) });
      if (e.linewise) s.mode = "visual line";
      return;
    }
    const e = this.selection();
    s.mode = "normal";
    await this.onSelection(r, e);
  }

  private switchVisual(key: "v" | "V"): void {
    const wanted = key === "v" ? "visual" : "visual line";
    this.s.mode = this.s.mode === wanted ? "normal" : wanted;
  }

  private async onSelection(r: Reading, e: Extent): Promise<void> {
    const { s } = this;
    const lines = { ...e, linewise: true };
    s.marks.set("<", e.from).set(">", e.to);
    switch (r.key) {
      case "x":
      case "delete":
        return remove(s, e, r.register);
      case "D":
      case "X":
        return remove(s, lines, r.register);
      case "s":
        return this.operate("c", e, r.register);
      case "S":
      case "C":
        return this.operate("c", lines, r.register);
      case "Y":
        return yank(s, lines, r.register);
      case "~":
        return rewrite(s, e, swapCase);
      case "u":
      case "U":
        return rewrite(s, e, (t) => (r.key === "u" ? t.toLowerCase() : t.toUpperCase()));
      case "J":
        return join(s, e.from.line, Math.max(2, e.to.line - e.from.line + 1), true);
      default:
        return this.onSelectionMore(r, e);
    }
  }

  private async onSelectionMore(r: Reading, e: Extent): Promise<void> {
    const { s } = this;
    if (r.key === "r") {
      const key = await this.nextKey();
      if (key.text !== undefined) rewrite(s, e, (t) => t.replace(/[^\n]/gu, key.text!));
    } else if (r.key === "p" || r.key === "P") {
      const { text, linewise } = s.register(r.register);
      rewrite(s, e, () => (linewise && !e.linewise ? `\n${text}\n` : text));
    } else if (r.key === ":") {
      const line = await this.around.ask(":", `'<,'>`);
      if (line !== null) await this.around.ex(line);
    } else if (OPERATORS.has(r.key))
      await this.operate(r.key, r.key === ">" || r.key === "<" ? { ...e, linewise: true } : e, r.register);
    else if (!/^(escape|C-c)$/.test(r.key)) throw new Refused("");
  }
}
