// buffer.ts - the line being edited: characters as people see them, and the cursor.

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function graphemes(s: string): string[] {
  if (/^[\x20-\x7e\n]*$/.test(s)) return [...s];
  return Array.from(segmenter.segment(s), (g) => g.segment);
}

interface Snapshot {
  chars: string[];
  at: number;
}

export class Buffer {
  chars: string[] = [];
  at = 0;
  /** Killed text, newest last. */
  ring: string[] = [];
  private undoStack: Snapshot[] = [];
  /** Consecutive kills grow one entry of the ring. */
  private killing = false;
  private typing = false;

  get text(): string {
    return this.chars.join("");
  }

  get before(): string {
    return this.chars.slice(0, this.at).join("");
  }

  set(text: string, at?: number): void {
    this.chars = graphemes(text);
    this.at = Math.min(at ?? this.chars.length, this.chars.length);
  }

  reset(): void {
    this.set("");
    this.undoStack = [];
    this.endRun();
  }

  /** Before each key: what breaks a run of kills or of typing. */
  endRun(kill = false, type = false): void {
    if (!kill) this.killing = false;
    if (!type) this.typing = false;
  }

  private save(): void {
    this.undoStack.push({ chars: [...this.chars], at: this.at });
  }

  undo(): void {
    const s = this.undoStack.pop();
    if (s) Object.assign(this, s);
  }

  insert(text: string): void {
    if (!this.typing) this.save();
    this.typing = true;
    const after = this.chars.slice(this.at).join("");
    const head = graphemes(this.before + text);
    this.chars = [...head, ...graphemes(after)];
    this.at = head.length;
  }

  /** Replaces the characters from `from` to the cursor. */
  replaceBefore(from: number, text: string): void {
    this.save();
    const parts = graphemes(text);
    this.chars.splice(from, this.at - from, ...parts);
    this.at = from + parts.length;
  }

  move(by: number): void {
    this.at = Math.max(0, Math.min(this.chars.length, this.at + by));
  }

  /** Start of the physical line the cursor is on. */
  lineStart(): number {
    return this.at === 0 ? 0 : this.chars.lastIndexOf("\n", this.at - 1) + 1;
  }

  lineEnd(): number {
    const i = this.chars.indexOf("\n", this.at);
    return i < 0 ? this.chars.length : i;
  }

  delete(from: number, to: number): void {
    if (to <= from) return;
    this.save();
    this.chars.splice(from, to - from);
    if (this.at > from) this.at = Math.max(from, this.at - (to - from));
  }

  kill(from: number, to: number, backward: boolean): void {
    if (to <= from) return;
    const text = this.chars.slice(from, to).join("");
    this.delete(from, to);
    this.at = from;
    if (this.killing && this.ring.length > 0) {
      const last = this.ring.pop()!;
      this.ring.push(backward ? text + last : last + text);
    } else this.ring.push(text);
    this.killing = true;
  }

  yank(): void {
    const text = this.ring.at(-1);
    if (text !== undefined) {
      this.save();
      this.typing = true;
      this.insert(text);
      this.typing = false;
    }
  }

  /** Instead of what was just yanked, the entry before it. */
  yankPop(): void {
    if (this.ring.length < 2) return;
    const now = graphemes(this.ring.at(-1)!).length;
    this.ring.unshift(this.ring.pop()!);
    this.delete(this.at - now, this.at);
    this.yank();
  }

  wordLeft(isWord: (c: string) => boolean): number {
    let i = this.at;
    while (i > 0 && !isWord(this.chars[i - 1]!)) i--;
    while (i > 0 && isWord(this.chars[i - 1]!)) i--;
    return i;
  }

  wordRight(): number {
    let i = this.at;
    while (i < this.chars.length && !alphanumeric(this.chars[i]!)) i++;
    while (i < this.chars.length && alphanumeric(this.chars[i]!)) i++;
    return i;
  }

  changeWord(change: (s: string) => string): void {
    const to = this.wordRight();
    this.save();
    const text = this.chars.slice(this.at, to).join("");
    const parts = graphemes(change(text));
    this.chars.splice(this.at, to - this.at, ...parts);
    this.at += parts.length;
  }

  transpose(): void {
    if (this.at === 0 || this.chars.length < 2) return;
    this.save();
    if (this.at === this.chars.length) this.at--;
    const [a, b] = [this.chars[this.at - 1]!, this.chars[this.at]!];
    this.chars.splice(this.at - 1, 2, b, a);
    this.at++;
  }
}

export function alphanumeric(c: string): boolean {
  return /[\p{L}\p{N}_]/u.test(c);
}
