// search.ts - C-r: incremental search in the history.

export class Search {
  query = "";
  /** Index in the history of the line found; -1 when none was. */
  found: number;
  failed = false;

  constructor(
    private readonly lines: readonly string[],
    private backward: boolean,
  ) {
    this.found = backward ? lines.length : -1;
  }

  get prompt(): string {
    const direction = this.backward ? "reverse-" : "";
    return `(${this.failed ? "failed " : ""}${direction}i-search)\`${this.query}': `;
  }

  get line(): string {
    return this.lines[this.found] ?? "";
  }

  /** Where in the line the query begins. */
  get column(): number {
    return Math.max(0, this.backward ? this.line.lastIndexOf(this.query) : this.line.indexOf(this.query));
  }

  /** Character by character: the last line that had some of it stays. */
  type(text: string): void {
    for (const c of text) {
      this.query += c;
      this.look(this.found, true);
    }
  }

  rub(): void {
    this.query = this.query.slice(0, -1);
    this.look(this.backward ? this.lines.length - 1 : 0, true);
  }

  /** C-r or C-s again: the next line. */
  again(backward: boolean): void {
    this.backward = backward;
    this.look(this.found + (backward ? -1 : 1), false);
  }

  private look(from: number, stay: boolean): void {
    const step = this.backward ? -1 : 1;
    const start = Math.max(0, Math.min(this.lines.length - 1, from));
    for (let i = start; i >= 0 && i < this.lines.length; i += step) {
      if (!this.lines[i]!.includes(this.query)) continue;
      if (!stay && this.lines[i] === this.line) continue;
      this.found = i;
      this.failed = false;
      return;
    }
    this.failed = true;
  }
}
