// screen.ts - draws the prompt and the line with ANSI, knowing where they wrap.

import stringWidth from "string-width";
import { graphemes } from "./buffer.ts";

interface Position {
  row: number;
  col: number;
}

const ANSI = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]/g;

/** Columns of one character; control characters are shown as ^X. */
export function widthOf(c: string): number {
  if (c < "\x7f" && c >= " ") return 1;
  if (c < " " || c === "\x7f") return 2;
  return stringWidth(c);
}

export function textWidth(s: string): number {
  return graphemes(s.replace(ANSI, "")).reduce((n, c) => n + widthOf(c), 0);
}

function visible(s: string): string {
  return s.replace(/[\x00-\x09\x0b-\x1f\x7f]/g, (c) => `^${String.fromCharCode(c.charCodeAt(0) ^ 64)}`);
}

const sideways = (columns: number): string =>
  columns === 0 ? "" : columns > 0 ? `\x1b[${columns}C` : `\x1b[${-columns}D`;

export class Screen {
  cols = 80;
  /** Row of the cursor, counted from the prompt's first row. */
  private row = 0;
  /**
   * Columns from the prompt's beginning to the cursor, while all that is drawn
   * is in one row; null when not. Output without a newline at its end may stand
   * before the prompt, so in one row the cursor moves by so many columns, and
   * never to the left edge.
   */
  private col: number | null = 0;
  private drawn: { prompt: string; text: string; at: number } | null = null;

  /** Nothing is on the screen: the next draw begins where the cursor is. */
  forget(): void {
    this.row = 0;
    this.col = 0;
    this.drawn = null;
  }

  /** Where the cursor ends after `s` from `p`; a full row goes on in the next. */
  private advance(p: Position, s: string): Position {
    let { row, col } = p;
    for (const c of graphemes(s)) {
      if (c === "\n") {
        row++;
        col = 0;
        continue;
      }
      const w = widthOf(c);
      if (col + w > this.cols) {
        row++;
        col = 0;
      }
      col += w;
    }
    return { row, col };
  }

  /** The bytes that bring the screen up to date. */
  draw(prompt: string, chars: readonly string[], at: number): string {
    const text = chars.join("");
    const quick = this.appended(prompt, text, chars, at);
    if (quick !== null) return quick;
    const origin = this.advance({ row: 0, col: 0 }, prompt.replace(ANSI, ""));
    const cursor = this.wrapped(this.advance(origin, chars.slice(0, at).join("")));
    const end = this.wrapped(this.advance(origin, text));
    let out = this.row > 0 ? `\x1b[${this.row}A` : "";
    out += (this.col === null ? "\r" : sideways(-this.col)) + `\x1b[J${prompt}${visible(text)}`;
    // A row that is exactly full leaves the terminal's cursor on it.
    if (end.col === 0 && end.row > 0 && !text.endsWith("\n") && text !== "") out += "\r\n";
    if (end.row > cursor.row) out += `\x1b[${end.row - cursor.row}A`;
    this.col = end.row === 0 ? cursor.col : null;
    out += this.col === null ? `\r${sideways(cursor.col)}` : sideways(cursor.col - end.col);
    this.row = cursor.row;
    this.drawn = { prompt, text, at };
    return out;
  }

  private wrapped(p: Position): Position {
    return p.col >= this.cols ? { row: p.row + 1, col: 0 } : p;
  }

  /** The usual case: one more plain character at the end of the line. */
  private appended(prompt: string, text: string, chars: readonly string[], at: number): string | null {
    const d = this.drawn;
    if (!d || d.prompt !== prompt || at !== chars.length || d.at !== chars.length - 1) return null;
    if (!text.startsWith(d.text) || text.length !== d.text.length + 1) return null;
    const c = text.at(-1)!;
    if (c < " " || c > "~") return null;
    const end = this.advance(this.advance({ row: 0, col: 0 }, prompt.replace(ANSI, "")), text);
    if (end.row !== this.row || end.col >= this.cols) return null;
    this.drawn = { prompt, text, at };
    if (this.col !== null) this.col = end.col;
    return c;
  }

  /** Moves below everything drawn, for output that follows. */
  leave(prompt: string, chars: readonly string[]): string {
    const origin = this.advance({ row: 0, col: 0 }, prompt.replace(ANSI, ""));
    const end = this.wrapped(this.advance(origin, chars.join("")));
    const down = end.row - this.row;
    this.forget();
    return `${down > 0 ? `\x1b[${down}B` : ""}\r\n`;
  }
}
