// xterm.ts - the only importer of xterm.js: a terminal on a page.
//
// Leaving with the keyboard (WCAG 2.1.2): Esc, then Tab or Shift+Tab. Escape is
// held back for a moment, so that the shell never sees the one that leaves.
import "@xterm/xterm/css/xterm.css";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal, type ITheme } from "@xterm/xterm";
import type { Screen } from "../state/typist.svelte.ts";

const ESC_HOLD_MS = 1500;

const LIGHT: ITheme = {
  background: "#fbfaf7",
  foreground: "#23272b",
  cursor: "#0d6b63",
  cursorAccent: "#fbfaf7",
  selectionBackground: "#b9dcd7",
  black: "#23272b",
  red: "#a8322b",
  green: "#2d6a35",
  yellow: "#7a5a00",
  blue: "#2858a6",
  magenta: "#8a3a86",
  cyan: "#0d6b63",
  white: "#5f666d",
  brightBlack: "#5f666d",
  brightRed: "#b3261e",
  brightGreen: "#22702d",
  brightYellow: "#755600",
  brightBlue: "#1d4fa3",
  brightMagenta: "#8a2b86",
  brightCyan: "#0a665e",
  brightWhite: "#23272b",
};

const DARK: ITheme = {
  background: "#15191c",
  foreground: "#dfe3e4",
  cursor: "#5fc9bb",
  cursorAccent: "#15191c",
  selectionBackground: "#2f5450",
  black: "#15191c",
  red: "#f0857b",
  green: "#86c98d",
  yellow: "#dcb865",
  blue: "#8db4f2",
  magenta: "#d49bd1",
  cyan: "#5fc9bb",
  white: "#c9cfd1",
  brightBlack: "#8b9499",
  brightRed: "#ff9d94",
  brightGreen: "#9fdda6",
  brightYellow: "#efce82",
  brightBlue: "#aac8f8",
  brightMagenta: "#e5b4e2",
  brightCyan: "#7edccf",
  brightWhite: "#ffffff",
};

export interface TerminalEvents {
  keys(data: string): void;
  resized(rows: number, cols: number): void;
}

export class XtermScreen implements Screen {
  #terminal: Terminal;
  #fit = new FitAddon();
  #cleanup: (() => void)[] = [];
  #listeners = new Set<() => void>();

  constructor(place: HTMLElement, events: TerminalEvents) {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.#terminal = new Terminal({
      allowProposedApi: false,
      convertEol: false,
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      fontFamily: getComputedStyle(place).getPropertyValue("--mono"),
      fontSize: 13,
      lineHeight: 1.3,
      // Text from the machine is data: a link in it opens nothing.
      linkHandler: { activate: () => undefined },
      macOptionIsMeta: true,
      minimumContrastRatio: 4.5,
      rightClickSelectsWord: true,
      scrollback: 5000,
      theme: dark.matches ? DARK : LIGHT,
    });
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.open(place);
    this.#terminal.textarea?.setAttribute("aria-label", "Terminal. Escape, then Tab leaves it.");
    this.#terminal.attachCustomKeyEventHandler(this.#keyFilter(events));
    this.#terminal.onData((data) => events.keys(data));
    this.#terminal.onResize(({ rows, cols }) => events.resized(rows, cols));
    this.#terminal.onWriteParsed(() => this.#listeners.forEach((listener) => listener()));
    const recolour = () => (this.#terminal.options.theme = dark.matches ? DARK : LIGHT);
    dark.addEventListener("change", recolour);
    this.#cleanup.push(() => dark.removeEventListener("change", recolour));
    this.#followSize(place);
  }

  get size(): { rows: number; cols: number } {
    return { rows: this.#terminal.rows, cols: this.#terminal.cols };
  }

  set screenReaderMode(on: boolean) {
    this.#terminal.options.screenReaderMode = on;
  }

  write(data: Uint8Array, shown?: () => void): void {
    this.#terminal.write(data, shown);
  }

  focus(): void {
    this.#terminal.focus();
  }

  cursorLine(): string {
    const { active } = this.#terminal.buffer;
    const line = active.getLine(active.baseY + active.cursorY);
    const behind = line?.translateToString(true, active.cursorX) ?? "";
    return behind === "" ? (line?.translateToString(false, 0, active.cursorX) ?? "") : "";
  }

  /** Everything on the screen and above it, for tests and for copying. */
  text(): string {
    const { active } = this.#terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, i) => {
      const line = active.getLine(i);
      return (line?.isWrapped ? "" : "\n") + (line?.translateToString(true) ?? "");
    });
    return lines.join("").trimStart();
  }

  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  dispose(): void {
    this.#cleanup.forEach((undo) => undo());
    this.#terminal.dispose();
  }

  #followSize(place: HTMLElement): void {
    const observer = new ResizeObserver(() => this.#fit.fit());
    observer.observe(place);
    this.#fit.fit();
    this.#cleanup.push(() => observer.disconnect());
  }

  /** False means: not for the machine, the browser may have the key. */
  #keyFilter(events: TerminalEvents): (event: KeyboardEvent) => boolean {
    let held: ReturnType<typeof setTimeout> | null = null;
    let sent = false;
    const release = () => {
      if (held === null) return;
      clearTimeout(held);
      held = null;
      if (!sent) events.keys("\x1b");
    };
    return (event) => {
      if (event.type !== "keydown") return true;
      if (event.key === "Escape" && !event.ctrlKey && !event.altKey && !event.metaKey) {
        release();
        // An editor that fills the screen waits for it: it gets this one too.
        sent = this.#terminal.buffer.active.type === "alternate";
        if (sent) events.keys("\x1b");
        held = setTimeout(release, ESC_HOLD_MS);
        return false;
      }
      if (event.key === "Tab" && held !== null) {
        clearTimeout(held);
        held = null;
        return false;
      }
      if (event.key !== "Shift") release();
      return !this.#isClipboardKey(event);
    };
  }

  /** Ctrl+C copies when there is a selection, and interrupts when there is none. */
  #isClipboardKey(event: KeyboardEvent): boolean {
    if (!event.ctrlKey || event.altKey) return false;
    const key = event.key.toLowerCase();
    return key === "v" || (key === "c" && this.#terminal.hasSelection());
  }
}
