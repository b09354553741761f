// promptLine.ts - one line of text typed at the bottom of the screen.

import { graphemes } from "../../sh/edit/buffer.ts";
import { textWidth } from "../../sh/edit/screen.ts";

export class PromptLine {
  private chars: string[];
  private at: number;
  private recalled: number;

  constructor(
    readonly prompt: string,
    text = "",
    private readonly history: readonly string[] = [],
  ) {
    this.chars = graphemes(text);
    this.at = this.chars.length;
    this.recalled = history.length;
  }

  get text(): string {
    return this.chars.join("");
  }

  private set(text: string): void {
    this.chars = graphemes(text);
    this.at = this.chars.length;
  }

  /** What the row shows, and where the cursor stands in it. */
  row(): { text: string; col: number } {
    return {
      text: this.prompt + this.text,
      col: textWidth(this.prompt + this.chars.slice(0, this.at).join("")),
    };
  }

  insert(text: string): void {
    const parts = graphemes(text);
    this.chars.splice(this.at, 0, ...parts);
    this.at += parts.length;
  }

  /** What a key by name does; false when it is none of this line's. */
  key(name: string): boolean {
    switch (name) {
      case "left":
      case "C-b":
        this.at = Math.max(0, this.at - 1);
        return true;
      case "right":
      case "C-f":
        this.at = Math.min(this.chars.length, this.at + 1);
        return true;
      case "home":
      case "C-a":
        this.at = 0;
        return true;
      case "end":
      case "C-e":
        this.at = this.chars.length;
        return true;
      default:
        return this.editKey(name);
    }
  }

  private editKey(name: string): boolean {
    if (name === "backspace" && this.at > 0) this.chars.splice(--this.at, 1);
    else if (name === "delete" || name === "C-d") this.chars.splice(this.at, 1);
    else if (name === "C-u" || name === "C-k") this.set("");
    else if (name === "C-w") this.set(this.text.replace(/\S+\s*$/, ""));
    else if (name === "up" || name === "down") this.recall(name === "up" ? -1 : 1);
    else return name === "backspace";
    return true;
  }

  private recall(by: number): void {
    const to = this.recalled + by;
    if (to < 0 || to > this.history.length) return;
    this.recalled = to;
    this.set(this.history[to] ?? "");
  }
}
