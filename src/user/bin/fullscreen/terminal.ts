// terminal.ts - the whole terminal, for a program that draws every row of it.
//
// Keys come from /dev/tty, so standard input may be a pipe. Whatever happens,
// close() gives the terminal back as it was.

import { Open } from "../../../../kernel-as/abi.ts";
import { attempt } from "../../errno.ts";
import { rawModes } from "../../rawMode.ts";
import { type Key, Keys } from "../../sh/edit/keys.ts";
import type { SysCalls } from "../../sys.ts";
import { encode } from "../../text.ts";
import { writeFully } from "../command.ts";

/** The keys of a terminal, and what else can wake a program that waits for one. */
export type Wake =
  | Exclude<Key, { kind: "end" | "signal" }>
  /** The window has another size; everything is to be drawn again. */
  | { kind: "resize" }
  /** The program is to end: a signal, or the terminal is gone. */
  | { kind: "hangup"; sig: number }
  /** The watched descriptor has something to read. */
  | { kind: "input" }
  | { kind: "timeout" };

const SIGHUP = 1;
const SIGTERM = 15;
const SIGTSTP = 20;
const SIGWINCH = 28;

export interface Style {
  /** The alternate screen: what was there comes back at the end. */
  alternate: boolean;
  /** A paste arrives as one text. */
  paste?: boolean;
}

export class Terminal {
  rows = 24;
  cols = 80;
  private readonly keys: Keys;
  private shown: string[] = [];
  private resized = false;
  private deadly = 0;

  private constructor(
    private readonly sys: SysCalls,
    private readonly fd: number,
    private readonly before: Uint8Array,
    private readonly style: Style,
  ) {
    this.keys = new Keys(sys, () => this.keyOrSignal(), fd);
  }

  /** Null when there is no terminal to take. */
  static async open(sys: SysCalls, style: Style): Promise<Terminal | null> {
    const fd = await attempt(sys.open("/dev/tty", Open.RDWR | Open.CLOEXEC));
    if (!fd.ok) return null;
    const modes = await attempt(sys.tcgetattr(fd.value));
    if (!modes.ok) {
      await sys.close(fd.value);
      return null;
    }
    const terminal = new Terminal(sys, fd.value, modes.value, style);
    await sys.sigaction(SIGWINCH, () => (terminal.resized = true));
    for (const sig of [SIGHUP, SIGTERM]) await sys.sigaction(sig, (s) => (terminal.deadly = s));
    await terminal.enter();
    return terminal;
  }

  async write(text: string): Promise<void> {
    await attempt(writeFully(this.sys, this.fd, encode(text)));
  }

  private async enter(): Promise<void> {
    await attempt(this.sys.tcsetattr(this.fd, 1, rawModes(this.before)));
    await this.measure();
    // Without a second screen, what is there is scrolled away rather than drawn over.
    const clear = this.style.alternate ? "\x1b[?1049h\x1b[H\x1b[2J" : "\n".repeat(this.rows);
    await this.write(clear + (this.style.paste ? "\x1b[?2004h" : ""));
    this.shown = [];
  }

  private async leave(): Promise<void> {
    const away = this.style.alternate ? "\x1b[?1049l" : `\x1b[${this.rows};1H\x1b[K`;
    await this.write(`${this.style.paste ? "\x1b[?2004l" : ""}\x1b[0m\x1b[?25h${away}`);
    await attempt(this.sys.tcsetattr(this.fd, 1, this.before));
  }

  async close(): Promise<void> {
    await this.leave();
    await attempt(this.sys.close(this.fd));
  }

  /** Ctrl-Z: the shell goes on until it brings the program back. */
  async suspend(): Promise<void> {
    await this.leave();
    await this.sys.kill(0, SIGTSTP);
    await this.enter();
  }

  /** Gives the terminal to something else for a while. */
  async lend(use: () => Promise<void>): Promise<void> {
    await this.leave();
    await use();
    await this.enter();
  }

  private async measure(): Promise<void> {
    const size = await attempt(this.sys.winsize(this.fd));
    if (size.ok && size.value.rows > 0) this.rows = size.value.rows;
    if (size.ok && size.value.cols > 0) this.cols = size.value.cols;
    this.resized = false;
  }

  /** Forgets what the screen shows: the next paint draws all of it. */
  redraw(): void {
    this.shown = [];
  }

  /** Shows these rows; only those that changed are written. */
  async paint(rows: readonly string[], cursor: { row: number; col: number } | null): Promise<void> {
    let out = "\x1b[?25l";
    for (let i = 0; i < this.rows; i++) {
      const row = rows[i] ?? "";
      if (this.shown[i] === row) continue;
      out += `\x1b[${i + 1};1H\x1b[0m\x1b[K${row}`;
      this.shown[i] = row;
    }
    out += "\x1b[0m";
    if (cursor) out += `\x1b[${cursor.row + 1};${cursor.col + 1}H\x1b[?25h`;
    await this.write(out);
  }

  bell(): Promise<void> {
    return this.write("\x07");
  }

  /** In the middle of a key: a signal there is noted and looked at after it. */
  private async keyOrSignal(): Promise<"ready" | "signal"> {
    for (;;) {
      const r = await attempt(this.sys.poll([{ fd: this.fd, events: 1, revents: 0 }], -1));
      if (r.ok) return "ready";
      if (this.deadly !== 0) return "signal";
    }
  }

  /**
   * Sleeps until there is a key, or something to read from `watched`, or
   * `timeoutMs` have passed.
   */
  async next(watched = -1, timeoutMs = -1): Promise<Wake> {
    if (!this.keys.waiting) {
      const wake = await this.wait(watched, timeoutMs);
      if (wake) return wake;
    }
    const key = await this.keys.next();
    if (key.kind === "end" || key.kind === "signal") return { kind: "hangup", sig: this.deadly || SIGHUP };
    return key;
  }

  /** Null: there is a key. */
  private async wait(watched: number, timeoutMs: number): Promise<Wake | null> {
    for (;;) {
      if (this.deadly !== 0) return { kind: "hangup", sig: this.deadly };
      if (this.resized) {
        await this.measure();
        this.redraw();
        return { kind: "resize" };
      }
      const fds = [{ fd: this.fd, events: 1, revents: 0 }];
      if (watched >= 0) fds.push({ fd: watched, events: 1, revents: 0 });
      const r = await attempt(this.sys.poll(fds, timeoutMs));
      if (!r.ok) continue;
      if (r.value === 0) return { kind: "timeout" };
      if (fds[0]!.revents !== 0) return null;
      return { kind: "input" };
    }
  }
}
