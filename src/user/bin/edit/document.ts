// document.ts - a text being edited, and the way back through its changes.
//
// Every change is one splice of whole lines, so undoing is splicing back.

/** `col` counts UTF-16 units within the line. */
export interface Pos {
  line: number;
  col: number;
}

interface Change {
  at: number;
  removed: string[];
  added: string[];
}

interface Group {
  changes: Change[];
  before: Pos;
  after: Pos;
}

export const isBefore = (a: Pos, b: Pos): boolean => a.line < b.line || (a.line === b.line && a.col < b.col);

export class Document {
  lines: string[] = [""];
  /** Whether the last line ends with a newline in the file. */
  newline = true;
  private done: Group[] = [];
  private undone: Group[] = [];
  private open: Group | null = null;
  /** The newest group when the text was saved; null is the text as it was read. */
  private savedAt: Group | null = null;

  static from(text: string): Document {
    const doc = new Document();
    doc.newline = text === "" || text.endsWith("\n");
    doc.lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
    return doc;
  }

  /** A text whose last newline begins a last, empty line: one can stand behind everything. */
  static openEnded(text: string): Document {
    const doc = new Document();
    doc.newline = false;
    doc.lines = text.split("\n");
    return doc;
  }

  /** The bytes of the file. */
  get text(): string {
    if (this.isEmpty) return "";
    return this.lines.join("\n") + (this.newline ? "\n" : "");
  }

  get isEmpty(): boolean {
    return this.lines.length === 1 && this.lines[0] === "";
  }

  line(i: number): string {
    return this.lines[i] ?? "";
  }

  get last(): number {
    return this.lines.length - 1;
  }

  get end(): Pos {
    return { line: this.last, col: this.line(this.last).length };
  }

  clamp(p: Pos): Pos {
    const line = Math.max(0, Math.min(this.last, p.line));
    return { line, col: Math.max(0, Math.min(this.line(line).length, p.col)) };
  }

  // ---- changes

  get modified(): boolean {
    return this.modifiedSinceBegin || (this.done.at(-1) ?? null) !== this.savedAt;
  }

  get modifiedSinceBegin(): boolean {
    return (this.open?.changes.length ?? 0) > 0;
  }

  saved(): void {
    this.commit(this.open?.before ?? { line: 0, col: 0 });
    this.savedAt = this.done.at(-1) ?? null;
  }

  /** What follows, up to commit(), is undone in one step. */
  begin(cursor: Pos): void {
    this.open ??= { changes: [], before: { ...cursor }, after: { ...cursor } };
  }

  commit(cursor: Pos): void {
    const group = this.open;
    this.open = null;
    if (!group || group.changes.length === 0) return;
    group.after = { ...cursor };
    this.done.push(group);
    this.undone = [];
  }

  /** Only between begin() and commit(). A text without lines has one that is empty. */
  splice(at: number, count: number, lines: string[]): void {
    const added = lines.length === 0 && count >= this.lines.length ? [""] : lines;
    const removed = this.lines.splice(at, count, ...added);
    this.open!.changes.push({ at, removed, added });
  }

  undo(): Pos | null {
    const group = this.done.pop();
    if (!group) return null;
    for (const c of [...group.changes].reverse()) this.lines.splice(c.at, c.added.length, ...c.removed);
    this.undone.push(group);
    return this.clamp(group.before);
  }

  redo(): Pos | null {
    const group = this.undone.pop();
    if (!group) return null;
    for (const c of group.changes) this.lines.splice(c.at, c.removed.length, ...c.added);
    this.done.push(group);
    return this.clamp(group.after);
  }

  /** Puts text in; where it ends. */
  insert(p: Pos, text: string): Pos {
    const line = this.line(p.line);
    const parts = text.split("\n");
    const tail = line.slice(p.col);
    const end = parts.length - 1;
    const col = (end === 0 ? p.col : 0) + parts[end]!.length;
    parts[0] = line.slice(0, p.col) + parts[0]!;
    parts[end] += tail;
    this.splice(p.line, 1, parts);
    return { line: p.line + end, col };
  }

  between(from: Pos, to: Pos): string {
    if (from.line === to.line) return this.line(from.line).slice(from.col, to.col);
    const middle = this.lines.slice(from.line + 1, to.line);
    return [this.line(from.line).slice(from.col), ...middle, this.line(to.line).slice(0, to.col)].join("\n");
  }

  /** Takes text out; the text. */
  remove(from: Pos, to: Pos): string {
    const text = this.between(from, to);
    const joined = this.line(from.line).slice(0, from.col) + this.line(to.line).slice(to.col);
    this.splice(from.line, to.line - from.line + 1, [joined]);
    return text;
  }
}
