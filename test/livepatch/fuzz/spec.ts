/**
 * Which body a call gets, by rule 1.2 of the contract, worked out from what
 * the kernel prints and a task's patch_state alone.
 */

import { type Body, type FunctionName, FUNCTIONS, type PatchName } from "./model.ts";

interface Loaded {
  name: PatchName;
  replace: boolean;
}

export class Spec {
  /** Enabled or in transition, oldest first. */
  readonly #patches: Loaded[] = [];
  #transition: { patch: Loaded; goal: 0 | 1; started: boolean; nops: FunctionName[] } | null = null;

  constructor(private readonly nameOf: (module: string) => { name: PatchName; replace: boolean }) {}

  /** One line of the log. */
  see(line: string): void {
    const enabling = /^livepatch: enabling patch '(\w+)'/.exec(line);
    if (enabling) return this.#enabling(this.nameOf(enabling[1]!));
    const [, module, what, un] =
      /^livepatch: '(\w+)': (starting )?(un)?patching (?:transition|complete)$/.exec(line) ?? [];
    if (module === undefined) return;
    const { name } = this.nameOf(module);
    const goal = un === undefined ? 1 : 0;
    if (what !== undefined) this.#starting(name, goal);
    else this.#complete(goal);
  }

  #enabling(patch: Loaded): void {
    const covered = FUNCTIONS[patch.name];
    const older = patch.replace ? this.#patches.flatMap((p) => FUNCTIONS[p.name]) : [];
    const nops = older.filter((fn) => !covered.includes(fn));
    this.#patches.push(patch);
    this.#transition = { patch, goal: 1, started: false, nops };
  }

  #starting(name: PatchName, goal: 0 | 1): void {
    const patch = this.#patches.find((p) => p.name === name)!;
    this.#transition ??= { patch, goal, started: true, nops: [] };
    this.#transition.goal = goal;
    this.#transition.started = true;
  }

  #complete(goal: 0 | 1): void {
    const { patch } = this.#transition!;
    this.#transition = null;
    const at = this.#patches.indexOf(patch);
    if (goal === 0) this.#patches.splice(at, 1);
    else if (patch.replace) this.#patches.splice(0, at);
  }

  /** The body that a call of `fn` by a task with that patch_state runs. */
  selected(fn: FunctionName, patchState: number): Body {
    const t = this.#transition;
    const stack = this.#patches.filter((p) => FUNCTIONS[p.name].includes(fn) || this.#isNop(p, fn));
    const head = stack.pop();
    if (head === undefined) return "original";
    // At completion every task is at -1 before the line that says so.
    const idle = t?.started ? t.goal : 0;
    const state = patchState === -1 ? idle : patchState;
    const chosen = head === t?.patch && state === 0 ? stack.pop() : head;
    return chosen === undefined || this.#isNop(chosen, fn) ? "original" : chosen.name;
  }

  #isNop(patch: Loaded, fn: FunctionName): boolean {
    return this.#transition?.patch === patch && this.#transition.nops.includes(fn);
  }
}
