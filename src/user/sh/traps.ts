// traps.ts - `trap`: what to run on a signal, on exit, on errors.
//
// A handler only queues its signal; the command runs between two commands.

import { attempt } from "../errno.ts";
import { signalNumber, signalName } from "../signals.ts";
import type { SigAction, SysCalls } from "../sys.ts";
import { decode } from "../text.ts";
import type { Node } from "./ast.ts";
import type { Options } from "./options.ts";
import { resetSignals } from "./resetSignals.ts";

/** Signals that an interactive shell ignores or catches for itself. */
export const INTERACTIVE = [2, 3, 15, 20, 21, 22];

const NONE: number[] = [];

export const PSEUDO = ["EXIT", "ERR", "DEBUG", "RETURN"];

const SIGWINCH = 28;

/** Signals that end a script; with an EXIT trap the shell runs it first. */
const FATAL = [1, 2, 10, 12, 13, 14, 15];

/** What of a shell the traps need. */
export interface TrapOwner {
  sys: SysCalls;
  opts: Options;
  interactive: boolean;
  interrupted: boolean;
  windowChanged: boolean;
}

export class Traps {
  /** By name without SIG; an empty command means ignored. */
  actions = new Map<string, string>();
  pending: number[] = [];
  /** The parent's traps, shown by `trap -p` in a subshell until it sets one. */
  inherited: Map<string, string> | null = null;
  /** $BASH_COMMAND, as text or as what runs; a trap's commands leave it. */
  command: string | Node = "";
  /** Those whose commands are being run: they do not run themselves. */
  running = new Set<string>();
  /** The trap being run and $? before it: what `exit` and `return` without a status give. */
  context: { name: string; status: number } | null = null;
  /** A signal that ends the shell came while only EXIT was trapped. */
  fatal = 0;
  /** Signals ignored when the shell began: they cannot be trapped. */
  private ignored: Set<number> | null = null;
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

  /** What a function or sourced file does not inherit; put back by `show`. */
  hide(names: string[]): Map<string, string> | null {
    let hidden: Map<string, string> | null = null;
    for (const name of names) {
      const command = this.actions.get(name);
      if (command === undefined) continue;
      (hidden ??= new Map()).set(name, command);
      this.actions.delete(name);
    }
    return hidden;
  }

  show(hidden: Map<string, string>): void {
    for (const [name, command] of hidden) if (!this.actions.has(name)) this.actions.set(name, command);
  }

  /** Caught signals, and those that only an interactive shell ignores. */
  toReset(): number[] {
    if (!this.sh.interactive && this.actions.size === 0) return NONE;
    const out = this.sh.interactive ? INTERACTIVE.filter((n) => this.actions.get(signalName(n)) !== "") : [];
    for (const [name, command] of this.actions) {
      const n = command === "" || PSEUDO.includes(name) ? 0 : signalNumber(name);
      if (n && !out.includes(n)) out.push(n);
    }
    if (this.actions.has("EXIT") && !this.sh.interactive)
      for (const n of FATAL) if (!this.actions.has(signalName(n))) out.push(n);
    return out;
  }

  /** An interactive shell's own handling, set up when it starts. */
  async becomeInteractive(): Promise<void> {
    for (const n of INTERACTIVE) await this.sh.sys.sigaction(n, this.interactiveDefault(n));
  }

  /** In the child, right after the fork. */
  async resetCaught(): Promise<void> {
    await resetSignals(this.sh.sys, this.reset);
    this.reset = [];
  }

  async set(name: string, command: string | null): Promise<void> {
    this.inherited = null;
    const n = PSEUDO.includes(name) ? 0 : signalNumber(name);
    if (n && !this.sh.interactive && (await this.ignoredAtStart()).has(n)) return;
    if (command === null) this.actions.delete(name);
    else this.actions.set(name, command);
    if (name === "EXIT") await this.catchFatal();
    if (!n || n === 9 || n === 19) return;
    await this.sh.sys.sigaction(n, this.actionFor(n));
  }

  private actionFor(n: number): SigAction {
    const command = this.actions.get(signalName(n));
    if (command === "") return "ignore";
    if (command !== undefined) return (s) => this.queue(s);
    if (this.sh.interactive) return this.interactiveDefault(n);
    return this.has("EXIT") && FATAL.includes(n) ? (s) => (this.fatal = s) : "default";
  }

  /** An EXIT trap runs also when a signal ends the shell. */
  private async catchFatal(): Promise<void> {
    if (this.sh.interactive) return;
    const ignored = await this.ignoredAtStart();
    for (const n of FATAL)
      if (!ignored.has(n) && !this.actions.has(signalName(n)))
        await this.sh.sys.sigaction(n, this.actionFor(n));
  }

  /** What `trap -p` lists. */
  async shown(): Promise<Map<string, string>> {
    const out = new Map(this.inherited ?? this.actions);
    if (!this.sh.interactive) for (const n of await this.ignoredAtStart()) out.set(signalName(n), "");
    return out;
  }

  private async ignoredAtStart(): Promise<Set<number>> {
    this.ignored ??= await ignoredSignals(this.sh.sys);
    for (const [name, command] of this.actions) {
      const n = command === "" ? signalNumber(name) : null;
      if (n) this.ignored.delete(n);
    }
    return this.ignored;
  }

  private interactiveDefault(n: number): SigAction {
    if (n === 2) return () => (this.sh.interrupted = true);
    if (n === SIGWINCH) return () => (this.sh.windowChanged = true);
    return INTERACTIVE.includes(n) ? "ignore" : "default";
  }

  private queue(sig: number): void {
    if (sig === SIGWINCH) this.sh.windowChanged = true;
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

/** The task's ignored signals, which only /proc tells. */
async function ignoredSignals(sys: SysCalls): Promise<Set<number>> {
  const out = new Set<number>();
  const fd = await attempt(sys.open("/proc/self/status", 0));
  if (!fd.ok) return out;
  const text = decode(await sys.read(fd.value, 4096));
  await sys.close(fd.value);
  const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)/m.exec(text)?.[1] ?? "0"}`);
  for (let n = 1; n < 65; n++) if ((mask >> BigInt(n - 1)) & 1n) out.add(n);
  return out;
}
