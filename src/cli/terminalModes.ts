// terminalModes.ts - what the machine's programs have switched on in our terminal.
//
// Bracketed paste, the second screen, a hidden cursor: a machine that ends
// before its programs do would leave them behind.

/** DEC private modes that a terminal begins with; all others are off. */
const ON_AT_FIRST = new Set([7, 25]);

export class TerminalModes {
  #changed = new Map<number, boolean>();
  /** The end of the output so far, when a sequence may go on after it. */
  #rest = "";

  /** Looks at what goes to the terminal. */
  see(output: Uint8Array): void {
    const text = this.#rest + Buffer.from(output).toString("latin1");
    for (const [, modes, set] of text.matchAll(/\x1b\[\?([\d;]+)([hl])/g)) {
      for (const mode of modes.split(";").map(Number)) this.#note(mode, set === "h");
    }
    this.#rest = /\x1b[[?\d;]{0,30}$/.exec(text)?.[0] ?? "";
  }

  #note(mode: number, on: boolean): void {
    if (on === ON_AT_FIRST.has(mode)) this.#changed.delete(mode);
    else this.#changed.set(mode, on);
  }

  /** What puts the terminal back as it was. */
  undo(): string {
    const modes = [...this.#changed].map(([mode, on]) => `\x1b[?${mode}${on ? "l" : "h"}`);
    return `${modes.join("")}\x1b[0m`;
  }
}
