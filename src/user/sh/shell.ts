// shell.ts - the state of one shell process, and what a subshell copies of it.

import { SysError, type SysCalls } from "../sys.ts";
import { concat, encode } from "../text.ts";
import type { Assigned, Plan } from "./assigned.ts";
import type { FunctionDef, List, Node, Part, ProcessSub, Script, Word } from "./ast.ts";
import { evaluate } from "./arith.ts";
import { ShellError } from "./errors.ts";
import { Jobs } from "./jobs.ts";
import { functionBody } from "./printCommand.ts";
import { Traps } from "./traps.ts";
import { Vars } from "./vars.ts";
import type { CompletionSpec } from "./completionSpec.ts";
import { History } from "./history.ts";
import { defaultOptions, defaultShopts, type Options, optionLetters } from "./options.ts";

/** Why the commands that follow are skipped. */
export type Flow =
  | { kind: "break" | "continue"; levels: number }
  | { kind: "exit"; status: number }
  /** `before` is $? before the command, for the RETURN trap. */
  | { kind: "return"; status: number; before: number }
  /** Back to the prompt: an interrupt, or a fatal expansion error. */
  | { kind: "abort"; status: number };

/** A function or sourced file being run. */
export interface Frame {
  func: string;
  /** File that the code comes from. */
  source: string;
  /** Line of the call. */
  line: number;
  args: string[];
}

/** The last known time; refreshed before a word that asks for it expands. */
export interface Clock {
  epochNs: number;
  bootNs: number;
}

/** The parts of the executor that call each other in circles; bound once, in interpreter.ts. */
export interface Hooks {
  runNode(sh: Shell, node: Node, tested?: boolean): number | Promise<number>;
  runList(sh: Shell, list: List): Promise<number>;
  /** Runs a text as `eval` does; `where` names it in messages. */
  evalText(sh: Shell, text: string, where: string | null): Promise<number>;
  commandOutput(sh: Shell, script: Script): Promise<string>;
  processSubstitution(sh: Shell, part: ProcessSub): Promise<string>;
  runTrap(sh: Shell, name: string): Promise<void>;
  debugTrap(sh: Shell, text: string): Promise<boolean>;
  dynamicVariable(sh: Shell, name: string): string | undefined;
  assignDynamic(sh: Shell, name: string, value: string): boolean;
  expandTextNow(sh: Shell, text: string): string;
  /** `${x@P}` */
  promptNow(sh: Shell, text: string): string;
}

export class Shell {
  vars = new Vars();
  funcs = new Map<string, FunctionDef>();
  readonlyFuncs = new Set<string>();
  exportedFuncs = new Set<string>();
  /** Options that programs told of with --help, for completion. */
  helpOptions = new Map<string, string[]>();
  /** What `complete` was told, by command. */
  completionSpecs = new Map<string, CompletionSpec>();
  /** `local -`: the options to put back on return. */
  localOptions: Options | null = null;
  aliases = new Map<string, string>();
  opts = defaultOptions();
  shopts = defaultShopts();
  args: string[] = [];
  /** $0 */
  name = "bash";
  status = 0;
  pipeStatus: number[] = [];
  lastBackground: number | null = null;
  /** The process substitution that `wait` waits for, too. */
  lastSubstitution: number | null = null;
  lastArg = "";
  /** A command whose DEBUG trap ran before the fork. */
  debugged: Node | null = null;
  /** $? of the last trap's command. */
  trapStatus = 0;
  flow: Flow | null = null;
  loops = 0;
  frames: Frame[] = [];
  line = 1;
  interactive = false;
  /** Job control: each pipeline has its own process group. */
  monitor = false;
  /** 0 in the main shell; ( ) and friends count up. */
  level = 0;
  /** Within how many substitutions, `eval`s and sourced files: the + signs of `set -x`. */
  traceDepth = 0;
  /** Inside a condition: `set -e` does not apply. */
  conditional = 0;
  /** What a substitution or command of the expansion in progress gave. */
  substituted = new Map<Part, string>();
  /** Texts of variables whose commands have run; null where none may run. */
  commandsRun: Set<Word> | null = null;
  /** Exit status of the last command substitution of a command, if it had one. */
  substStatus: number | null = null;
  /** Descriptors to close and children to reap after the command: <( ). */
  procSubs: number[] = [];
  /** $$: the main shell's pid, also in subshells. */
  shellPid: number;
  hash = new Map<string, string>();
  random: number;
  jobs: Jobs;
  traps: Traps;
  history = new History();
  clock: Clock = { epochNs: 0, bootNs: 0 };
  secondsBase = 0;
  commandString: string | null = null;
  scriptName: string | null = null;
  /** Where `-c` and prompts were read from matters for messages. */
  fromCommandLine = false;
  /** Simple commands since the last system call made only to be interruptible. */
  private turns = 0;
  private env: { version: number; map: Map<string, string> } | null = null;
  /** Where `cd` went, whatever $PWD was set to since. */
  directory = "/";
  directoryStack: string[] = [];
  disabledBuiltins = new Set<string>();
  /** Arguments of the declaration builtin being run, assignments expanded. */
  declared: (string | Assigned)[] | null = null;
  /** The words of a `declare -A` are being expanded. */
  declaring = false;
  /** Redirections of an `exec`, which stay. */
  execPlans: Plan[] = [];
  /** True in a child that has nothing to do after its only command. */
  execLast = false;
  /** The ( ) that this task was forked for, as a job or a stage of a pipe: it needs no other. */
  forkedFor: Node | null = null;
  getoptsAt = 1;
  /** The last foreground pipeline was cut by SIGINT. */
  interrupted = false;
  /** The terminal of an interactive shell. */
  terminal = -1;
  pgrp = 0;
  /** Stopped jobs: the last command was an `exit` that was refused, or the one before was. */
  leaving: "asked" | "again" | null = null;
  /** SIGWINCH came. */
  windowChanged = false;
  /** Terminal attributes to go back to. */
  cookedModes: Uint8Array | null = null;
  functionTrace = 0;
  errorLine = 0;

  constructor(
    public sys: SysCalls,
    readonly hooks: Hooks,
  ) {
    this.shellPid = sys.pid;
    this.random = sys.pid;
    this.jobs = new Jobs(this);
    this.traps = new Traps(this);
    this.bindVars();
  }

  private bindVars(): void {
    const { plain } = this.vars;
    this.vars.dynamic = (name) => (plain.has(name) ? undefined : this.hooks.dynamicVariable(this, name));
    this.vars.assigned = (name, value) => !plain.has(name) && this.hooks.assignDynamic(this, name, value);
    this.vars.arith = (text) => this.arith(text);
    this.vars.subscript = (name, text) => this.subscript(name, text);
    this.vars.own = (name) =>
      name === "BASH_ALIASES" ? this.aliases : name === "BASH_CMDS" ? this.hash : undefined;
  }

  /** A copy for a forked child; made before the fork, so that nothing moves in between. */
  clone(): Shell {
    const c = Object.create(Shell.prototype) as Shell;
    Object.assign(c, this);
    c.vars = this.vars.clone();
    c.funcs = new Map(this.funcs);
    c.aliases = new Map(this.aliases);
    c.opts = { ...this.opts };
    c.shopts = { ...this.shopts };
    c.args = [...this.args];
    c.frames = [...this.frames];
    c.substituted = new Map();
    c.commandsRun = null;
    c.procSubs = [];
    c.lastSubstitution = null;
    c.hash = new Map(this.hash);
    c.exportedFuncs = new Set(this.exportedFuncs);
    c.jobs = new Jobs(c);
    c.jobs.inherit(this.jobs);
    c.traps = this.traps.forChild(c);
    c.history = this.history;
    c.flow = null;
    c.env = null;
    c.level = this.level + 1;
    c.monitor = false;
    c.interactive = false;
    c.execLast = false;
    c.forkedFor = null;
    c.clock = { ...this.clock };
    c.directoryStack = [...this.directoryStack];
    c.bindVars();
    return c;
  }

  /** The clone begins its life as its own task. */
  attach(sys: SysCalls): void {
    this.sys = sys;
    this.random = (this.random * 31 + sys.pid) & 0x7fffffff;
  }

  // ---- variables

  arith(text: string): bigint {
    if (/^-?(0|[1-9]\d{0,17})$/.test(text)) return BigInt(text);
    return evaluate(text, {
      get: (name, index) => this.arithGet(name, index),
      set: (name, index, value) => {
        if (index === null) this.vars.set(name, value);
        else this.vars.setElement(name, this.subscript(name, index), value);
      },
    });
  }

  /** An associative array's subscript is text, an indexed one's arithmetic. */
  subscript(_name: string, index: string): string {
    return /[$`"'\\]/.test(index) ? this.hooks.expandTextNow(this, index) : index;
  }

  private arithGet(name: string, index: string | null): string | undefined {
    const value = index === null ? this.vars.get(name) : this.element(name, this.subscript(name, index));
    if (value === undefined && this.opts.nounset)
      throw new ShellError(`${name}: unbound variable`, 127, true);
    return value;
  }

  element(name: string, key: string): string | undefined {
    const v = this.vars.find(name);
    if (!v) {
      const d = this.vars.dynamic(name);
      return d !== undefined && Number(this.arith(key)) === 0 ? d : undefined;
    }
    if (v.map) return v.map.get(key);
    const list = v.list ?? (v.value === undefined ? [] : [v.value]);
    const n = Number(this.arith(key));
    return list[n < 0 ? list.length + n : n];
  }

  environment(): Map<string, string> {
    if (this.env?.version !== this.vars.envVersion) {
      this.env = { version: this.vars.envVersion, map: this.vars.environment() };
    }
    return this.exportedFuncs.size === 0 ? this.env.map : this.withFunctions(this.env.map);
  }

  /** `export -f f`: a variable of the environment has its text. */
  private withFunctions(variables: ReadonlyMap<string, string>): Map<string, string> {
    const map = new Map(variables);
    for (const name of this.exportedFuncs) {
      const f = this.funcs.get(name);
      if (f) map.set(`BASH_FUNC_${name}%%`, `() ${functionBody(f)}`);
    }
    return map;
  }

  // ---- output

  async out(text: string): Promise<void> {
    await writeAll(this.sys, 1, encode(text));
  }

  async err(text: string): Promise<void> {
    try {
      await writeAll(this.sys, 2, encode(text));
    } catch (e) {
      // Nobody is left to tell.
      if (!(e instanceof SysError)) throw e;
    }
  }

  /** `bash: line 3: `, or `bash: ` at a prompt. */
  prefix(): string {
    if (this.interactive) return `${baseName(this.name)}: `;
    const source = this.frames.at(-1)?.source ?? this.scriptName ?? this.name;
    return `${source}: line ${this.line}: `;
  }

  async complain(message: string, status = 1): Promise<number> {
    await this.err(`${this.prefix()}${message}\n`);
    return status;
  }

  async fail(e: ShellError): Promise<void> {
    await this.complain(e.message);
  }

  /** Signals a child must put back to default before it becomes a program. */
  caughtSignals(): number[] {
    return this.traps.toReset();
  }

  // ---- flow

  /** The flags of $-. */
  flags(): string {
    const source = this.commandString !== null ? "c" : this.scriptName === null ? "s" : "";
    return optionLetters(this.opts, this.interactive, source);
  }

  /**
   * Called between simple commands. A loop of builtins makes no system call, so
   * it would neither let time pass nor be interruptible; every so often it yields.
   */
  turn(): Promise<void> | null {
    return ++this.turns >= 32 ? this.yieldNow() : null;
  }

  private async yieldNow(): Promise<void> {
    this.turns = 0;
    await this.sys.sched_yield();
  }
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Writes everything: pipes and terminals may take less than asked. */
export async function writeAll(sys: SysCalls, fd: number, data: Uint8Array): Promise<void> {
  for (let rest = data; ;) {
    const n = await sys.write(fd, rest);
    if (n >= rest.length) return;
    rest = rest.subarray(n);
  }
}

/** Reads to the end of file. */
export async function readAll(sys: SysCalls, fd: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await readRetry(sys, fd, 65536);
    if (chunk.length === 0) return concat(chunks.length === 0 ? [chunk] : chunks);
    chunks.push(chunk);
  }
}

/** A read that a caught signal only delays. */
async function readRetry(sys: SysCalls, fd: number, count: number): Promise<Uint8Array> {
  for (;;) {
    try {
      return await sys.read(fd, count);
    } catch (e) {
      if (!(e instanceof SysError) || e.code !== 4) throw e;
    }
  }
}
