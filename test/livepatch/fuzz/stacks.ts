/**
 * Looks at every task's kernel stack each time a task has gone to sleep. No
 * frame may be of another version than the task's patch_state selects (so no
 * stack holds old and new), unless a force left it behind; and the code that
 * a sleeping frame will be resumed in is the code that made it.
 */

import { readFileSync } from "node:fs";
import { Limits, TaskField, TaskFlag, TaskState } from "../../../kernel-as/abi.ts";
import type { Machine } from "../../../src/machine/machine.ts";
import type { Body, FunctionName } from "./model.ts";
import type { Spec } from "./spec.ts";

interface KernelFacts {
  nrFunctions: number;
  modules: { name: string; functions: { name: string; site: number; body: number; trampoline: number }[] }[];
}

const facts = JSON.parse(
  readFileSync(new URL("../../../build/kernel.json", import.meta.url), "utf8"),
) as KernelFacts;

/** Functions that sleep, by module: which function, in which version. */
const VERSIONS: Record<string, Record<string, [FunctionName, Body]>> = {
  slow_target: { slow_unint_show: ["unint", "original"] },
  slow_patch: { new_unint_show: ["unint", "slow"] },
  walk_target: {
    walk_show: ["show", "original"],
    walk_inner: ["inner", "original"],
    walk_leaf: ["leaf", "original"],
  },
  walk_patch: { new_show: ["show", "walk"], new_inner: ["inner", "walk"], new_leaf: ["leaf", "walk"] },
  walk_patch2: { new_inner: ["inner", "walk2"], new_leaf: ["leaf", "walk2"] },
};

/** Tif.PATCH_PENDING of kernel/sched/task.ts. */
const PATCH_PENDING = 1 << 13;

/** A version that may lie on stacks; by its function id. */
interface Version {
  module: string;
  fn: FunctionName;
  body: Body;
}

interface Frame {
  version: Version;
  /** Address of its task. */
  task: number;
  /** Frames above and with it, up to the outermost: it keeps this place while it lives. */
  depth: number;
  id: number;
}

export class StackWatch {
  /** What must not be and was. */
  readonly problems: string[] = [];
  /** Frames of patched functions that were looked at. */
  seen = 0;
  readonly #versions: (Version | undefined)[] = Array<undefined>(Limits.FTRACE_ENTRIES).fill(undefined);
  /** Kernel memory; empty when it has grown. */
  #words = new Uint32Array();
  /** Entries of a function's site and trampoline. */
  readonly #sites = new Map<FunctionName, { site: number; trampoline: number }>();
  /** Old frames that a force left behind. */
  #forced = new Set<string>();

  constructor(
    private readonly machine: Machine,
    private readonly spec: Spec,
    private readonly options: { forgive: boolean } = { forgive: true },
  ) {
    this.#followModules();
    this.#followSwitches();
  }

  #followModules(): void {
    const { modules } = this.machine.kernel;
    const map = modules.map.bind(modules);
    modules.map = (handle, image, len, memoryBase, tableBase) => {
      const bytes = this.machine.kernel.mem.copy(image, len);
      this.#loaded(nameOf(bytes), tableBase);
      return map(handle, image, len, memoryBase, tableBase);
    };
  }

  #loaded(module: string, tableBase: number): void {
    for (const [id, version] of this.#versions.entries())
      if (version?.module === module) this.#versions[id] = undefined;
    const { functions } = facts.modules.find((m) => m.name === module)!;
    // Another module may have had these entries before.
    for (const f of functions) this.#versions[tableBase + f.body] = undefined;
    for (const f of functions) {
      const known = VERSIONS[module]?.[f.name.replace(/^.*\//, "")];
      if (known === undefined) continue;
      const [fn, body] = known;
      this.#versions[tableBase + f.body] = { module, fn, body };
      const entries = { site: tableBase + f.site, trampoline: tableBase + f.trampoline };
      if (body === "original") this.#sites.set(fn, entries);
    }
  }

  /** Every time a stack was unwound, it and all others can be read. */
  #followSwitches(): void {
    const kernel = this.machine.kernel as { exports: Machine["kernel"]["exports"] };
    const { exports } = kernel;
    kernel.exports = {
      ...exports,
      finish_task_switch: () => {
        exports.finish_task_switch();
        this.look();
      },
    };
  }

  /** A line of the log, as it is printed. */
  see(line: string): void {
    this.spec.see(line);
    if (!this.options.forgive || !/forcing remaining tasks/.test(line)) return;
    this.#eachFrame(this.machine.kernel.current, (frame) => {
      const pending = this.#word(frame.task + TaskField.TI_FLAGS) & PATCH_PENDING;
      if (pending !== 0) this.#forced.add(this.#key(frame));
    });
  }

  look(): void {
    const forced = new Set<string>();
    this.#eachFrame(0, (frame) => {
      this.seen++;
      this.#resumes(frame);
      const state = this.#word(frame.task + TaskField.PATCH_STATE) | 0;
      const { fn, body } = frame.version;
      const selected = this.spec.selected(fn, state);
      if (this.#forced.size > 0 && this.#forced.has(this.#key(frame))) forced.add(this.#key(frame));
      else if (selected !== body) {
        this.problems.push(
          `${this.#who(frame)} with patch_state ${state} is in ${fn} of ${body}, not of ${selected}`,
        );
      }
    });
    this.#forced = forced;
  }

  /** A site is a trampoline, which asks the stack, or the frame's own code. */
  #resumes(frame: Frame): void {
    const { table } = this.machine.kernel;
    const { fn, body } = frame.version;
    const { site, trampoline } = this.#sites.get(fn)!;
    const entry = table.get(site) as unknown;
    if (entry === table.get(trampoline) || entry === table.get(frame.id)) return;
    this.problems.push(`${this.#who(frame)}: the frame of ${fn} of ${body} resumes in foreign code`);
  }

  #who(frame: Frame): string {
    return `pid ${this.#word(frame.task + TaskField.PID)}`;
  }

  /** Of this frame among all. */
  #key(frame: Frame): string {
    return `${this.#word(frame.task + TaskField.PID)}:${frame.depth}:${frame.id}`;
  }

  #word(address: number): number {
    return this.#words[address >> 2]!;
  }

  /** The running task's list is an old one: it is left out. */
  #eachFrame(running: number, visit: (frame: Frame) => void): void {
    const { memory, globals } = this.machine.kernel;
    if (this.#words.length === 0) this.#words = new Uint32Array(memory.buffer);
    let task = globals.get("kernel/sched/task/init_task")!.value as number;
    for (; task !== 0; task = this.#word(task + TaskField.NEXT)) {
      const flags = this.#word(task + TaskField.FLAGS);
      if (task === running || !hasFrames(flags, this.#word(task + TaskField.STATE))) continue;
      this.#eachFrameOf(task, visit);
    }
  }

  #eachFrameOf(task: number, visit: (frame: Frame) => void): void {
    const records = this.#word(task + TaskField.STACK) + Limits.THREAD_SIZE - 8 * Limits.NR_RECORDS;
    const end = records + 8 * this.#word(task + TaskField.NR_RECORDS);
    for (let at = records; at < end; at += 8) {
      const id = this.#word(at + 4);
      const version = this.#versions[id];
      if (version !== undefined) visit({ version, task, id, depth: (end - at) / 8 });
    }
  }
}

/** In user mode, fresh or dead: nothing is on its stack. */
function hasFrames(flags: number, state: number): boolean {
  return (
    (flags & (TaskFlag.USER | TaskFlag.FRESH)) === 0 && (state & (TaskState.ZOMBIE | TaskState.DEAD)) === 0
  );
}

/** The module's name, by its .modinfo. */
function nameOf(image: Uint8Array<ArrayBuffer>): string {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(image), ".modinfo");
  return /(?:^|\0)name=(\w+)/.exec(new TextDecoder().decode(section))![1]!;
}
