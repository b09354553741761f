// movement.ts - the keys that move through the text.

import type { View } from "./view.ts";

type ReadUntil = (enough: () => boolean) => Promise<void>;

const FORWARD_LINE = new Set(["e", "C-e", "j", "C-n", "enter", "down", "J"]);
const BACKWARD_LINE = new Set(["y", "C-y", "k", "C-k", "C-p", "up", "K"]);
const FORWARD_SCREEN = new Set(["f", "C-f", "C-v", " ", "page-down", "z"]);
const BACKWARD_SCREEN = new Set(["b", "C-b", "M-v", "page-up", "w"]);

export class Movement {
  /** Whether the last key moved anything. */
  moved = true;
  /** Rows of d and u; a number before them is kept. */
  private half: number | null = null;

  constructor(
    private readonly view: View,
    private readonly rows: () => number,
    private readonly readUntil: ReadUntil,
  ) {}

  /** True when the key was one of these; `n` is the number before it. */
  async key(key: string, n: number | null): Promise<boolean> {
    const screen = this.rows();
    this.moved = true;
    if (FORWARD_LINE.has(key)) await this.down(n ?? 1);
    else if (BACKWARD_LINE.has(key)) this.up(n ?? 1);
    else if (FORWARD_SCREEN.has(key)) await this.down(n ?? screen);
    else if (BACKWARD_SCREEN.has(key)) this.up(n ?? screen);
    else return this.far(key, n);
    return true;
  }

  private async far(key: string, n: number | null): Promise<boolean> {
    const half = Math.max(1, Math.floor(this.rows() / 2));
    if (/^(C-)?[du]$/.test(key) && n !== null) this.half = n;
    switch (key) {
      case "d":
      case "C-d":
        await this.down(this.half ?? half);
        return true;
      case "u":
      case "C-u":
        this.up(this.half ?? half);
        return true;
      case "g":
      case "<":
      case "M-<":
      case "home":
        await this.toLine((n ?? 1) - 1);
        return true;
      case "G":
      case ">":
      case "M->":
      case "end":
        await this.toLine(n === null ? Infinity : n - 1);
        return true;
      default:
        return this.across(key, n);
    }
  }

  private async across(key: string, n: number | null): Promise<boolean> {
    if (key === "p" || key === "%") {
      await this.readUntil(() => false);
      await this.toLine(Math.floor(((this.view.source.count - 1) * Math.min(100, n ?? 0)) / 100));
    } else if (key === "left" || key === "right") {
      const by = n ?? 40;
      this.view.shift = Math.max(0, this.view.shift + (key === "left" ? -by : by));
      if (this.view.shift > 0 && !this.view.looks.chop)
        this.view.setLooks({ ...this.view.looks, chop: true });
    } else return false;
    return true;
  }

  private up(by: number): void {
    this.moved = this.view.up(by) > 0;
  }

  private async down(by: number): Promise<void> {
    const wanted = this.view.top.line + this.rows() + by;
    await this.readUntil(() => this.view.source.count > wanted);
    this.moved = this.view.down(by, this.rows()) > 0;
  }

  /** Infinity is the end. */
  async toLine(line: number): Promise<void> {
    await this.readUntil(() => this.view.source.count > line + this.rows());
    if (line === Infinity) this.view.toEnd(this.rows());
    else this.view.goTo(line, this.rows());
  }

  async toMatch(line: number): Promise<void> {
    await this.readUntil(() => this.view.source.count > line + this.rows());
    this.view.top = { line, row: 0 };
  }
}
