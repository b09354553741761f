// traps.ts - `trap`: what to run on a signal, on exit, on errors.
//
// A handler only queues its signal; the command runs between two commands.

import { signalNumber, signalName } from "../signals.ts";
import type { SysCalls } from "../sys.ts";
import type { Options } from "./options.ts";

/** Signals that an interactive shell ignores or catches for itself. */
export const INTERACTIVE = [2, 3, 15, 20, 21, 22];

const NONE: number[] = [];

export const PSEUDO = ["EXIT", "ERR", "DEBUG", "RETURN"];

/** What of a shell the traps need. */
export interface TrapOwner {
  sys: SysCalls;
  opts: Options;
  interactive: boolean;
  interrupted: boolean;
}

export class Traps {
  /** By name without SIG; an empty command means ignored. */
  actions = new Map<string, string>();
  pending: number[] = [];
  /** The parent's traps, shown by `trap -p` in a subshell until it sets one. */
  inherited: Map<string, string> | null = null;
  /** $BASH_COMMAND */
  command = "";
  running = 0;
  /** Signals that the parent caught; a child must put them back to default. */
  reset: number[] = [];

  constructor(private readonly sh: TrapOwner) {}

  forChild(child: TrapOwner): Traps {
    const t = new Traps(child);
    t.reset = this.toReset();
    t.inherited = new Map(this.inherited ?? this.actions);
    for (const [name, command] of this.actions) {
      if (command === "") t.actions.set(name, "");
      else if (name === "ERR" && this.sh.opts.errtrace) t.actions.set(name, command);
      else if ((name === "DEBUG" || name === "RETURN") && this.sh.opts.functrace)
        t.actions.set(name, command);
    }
    return t;
  }

  /** Caught signals, and those that only an interactive shell ignores. */
  toReset(): number[] {
    if (!this.sh.interactive && this.actions.size === 0) return NONE;
    const out = this.sh.interactive ? INTERACTIVE.filter((n) => this.actions.get(signalName(n)) !== "") : [];
    for (const [name, command] of this.actions) {
      const n = command === "" || PSEUDO.includes(name) ? 0 : signalNumber(name);
      if (n && !out.includes(n)) out.push(n);
    }
    return out;
  }

  /** An interactive shell's own handling, set up when it starts. */
  async becomeInteractive(): Promise<void> {
    for (const n of INTERACTIVE) await this.sh.sys.sigaction(n, this.interactiveDefault(n));
  }

  /** In the child, right after the fork. */
  async resetCaught(): Promise<void> {
    for (const n of this.reset) await this.sh.sys.sigaction(n, "default");
    this.reset = [];
  }

  async set(name: string, command: string | null): Promise<void> {
    this.inherited = null;
    if (command === null) this.actions.delete(name);
    else this.actions.set(name, command);
    const n = PSEUDO.includes(name) ? 0 : signalNumber(name);
    if (!n || n === 9 || n === 19) return;
    const base = this.sh.interactive ? this.interactiveDefault(n) : "default";
    await this.sh.sys.sigaction(
      n,
      command === null ? base : command === "" ? "ignore" : (s) => this.queue(s),
    );
  }

  private interactiveDefault(n: number): "default" | "ignore" | ((s: number) => void) {
    if (n === 2) return () => (this.sh.interrupted = true);
    return INTERACTIVE.includes(n) ? "ignore" : "default";
  }

  private queue(sig: number): void {
    this.pending.push(sig);
  }

  has(name: string): boolean {
    const a = this.actions.get(name);
    return a !== undefined && a !== "";
  }

  /** The next signal whose command should run. */
  take(): string | null {
    const n = this.pending.shift();
    return n === undefined ? null : signalName(n);
  }
}
