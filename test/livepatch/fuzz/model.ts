/**
 * What livepatching promises, as a small model written from the contract's
 * sections 1 and 2: seven patches, two target modules that come and go, and
 * tasks that sleep in a function of one. It knows no kernel code; errno by
 * errno and text by text the kernel has to agree with it.
 */

export type PatchName = "sample" | "lp" | "meminfo" | "slow" | "walk" | "walk2" | "demo";
export type FunctionName = "cmdline" | "meminfo" | "plain" | "unint" | "show" | "inner" | "leaf";

export type Op =
  | { kind: "load"; patch: PatchName; replace: boolean }
  | { kind: "write"; patch: PatchName; file: "enabled" | "force"; value: "0" | "1" }
  | { kind: "remove"; patch: PatchName }
  | { kind: "target"; loaded: boolean }
  /** A second target, nobody sleeps in it: it comes and goes in transitions too. */
  | { kind: "guest"; loaded: boolean }
  | { kind: "sleeper" }
  | { kind: "wake" }
  | { kind: "wait" }
  /** To one of the tasks that work all the time; or it dies and another comes. */
  | { kind: "signal"; worker: number; signal: "USR1" | "STOP" | "CONT" | "KILL" };

export const FUNCTIONS: Record<PatchName, FunctionName[]> = {
  sample: ["cmdline"],
  lp: ["cmdline"],
  meminfo: ["meminfo"],
  slow: ["plain", "unint"],
  walk: ["show", "inner", "leaf"],
  walk2: ["inner", "leaf"],
  // Callbacks only.
  demo: [],
};

/** Patches that can be told to replace all others. */
export const CAN_REPLACE: PatchName[] = ["meminfo", "slow", "walk", "walk2"];

const ofTarget = (fn: FunctionName) => fn === "plain" || fn === "unint";

export const Errno = { ENOENT: 2, EAGAIN: 11, EBUSY: 16, EEXIST: 17, EINVAL: 22 };

interface Patch {
  name: PatchName;
  replace: boolean;
  enabled: boolean;
}

/** Who runs a function: a patch's new body, or the original. */
export type Body = PatchName | "original";

interface Sleeper {
  body: Body;
  /** patch_state: at the goal of the transition or not. */
  switched: boolean;
}

export class Model {
  /** klp_patches: enabled or in transition, oldest first. */
  patches: Patch[] = [];
  transition: { patch: Patch; patching: boolean; nops: FunctionName[] } | null = null;
  sleepers: Sleeper[] = [];
  targetLoaded = false;
  guestLoaded = false;
  /** Modules that are loaded; true: held by a patch, or for ever. */
  readonly modules = new Map<PatchName, boolean>();
  readonly pinned = new Set<PatchName>();

  find(name: PatchName): Patch | undefined {
    return this.patches.find((p) => p.name === name);
  }

  /** Whether `op` can be asked of the kernel without waiting for ever. */
  allows(op: Op): boolean {
    if (op.kind === "sleeper") return this.targetLoaded;
    if (op.kind === "target") return op.loaded || this.sleepers.length === 0;
    return true;
  }

  /** errno of the operation; the state is that after a few seconds. */
  apply(op: Op): number {
    const errno = this.#begin(op);
    this.#attempt();
    return errno;
  }

  #begin(op: Op): number {
    switch (op.kind) {
      case "load":
        return this.#load(op.patch, op.replace);
      case "write":
        return this.#write(op.patch, op.file, op.value === "1");
      case "remove":
        return this.#remove(op.patch);
      case "target":
        return this.#target(op.loaded);
      case "guest": {
        if (op.loaded === this.guestLoaded) return op.loaded ? Errno.EEXIST : Errno.ENOENT;
        this.guestLoaded = op.loaded;
        return 0;
      }
      case "sleeper":
        this.sleepers.push({ body: this.runs("unint"), switched: true });
        return 0;
      case "wake":
        this.sleepers = [];
        return 0;
      case "wait":
      case "signal":
        return 0;
    }
  }

  #load(name: PatchName, replace: boolean): number {
    if (this.modules.has(name)) return Errno.EEXIST;
    if (this.transition !== null) return Errno.EBUSY;
    const patch = { name, replace, enabled: true };
    const nops = replace ? this.nopsFor(name) : [];
    this.patches.push(patch);
    this.modules.set(name, true);
    this.#start(patch, true, nops);
    return 0;
  }

  /** Functions that older patches change and the new one does not. */
  nopsFor(name: PatchName): FunctionName[] {
    const own = FUNCTIONS[name];
    const all = this.patches.flatMap((p) => FUNCTIONS[p.name]);
    return [...new Set(all)].filter((fn) => !own.includes(fn));
  }

  #start(patch: Patch, patching: boolean, nops: FunctionName[]): void {
    this.transition = { patch, patching, nops };
    for (const s of this.sleepers) s.switched = false;
  }

  #write(name: PatchName, file: "enabled" | "force", value: boolean): number {
    const patch = this.find(name);
    if (patch === undefined) return Errno.ENOENT;
    if (file === "force") return this.#force(patch, value);
    if (patch.enabled === value) return Errno.EINVAL;
    const current = this.transition;
    if (current?.patch === patch) {
      patch.enabled = value;
      current.patching = value;
      // Those that had switched have to switch back; the others are home.
      for (const s of this.sleepers) s.switched = !s.switched;
      return 0;
    }
    if (value) return Errno.EINVAL;
    if (current !== null) return Errno.EBUSY;
    patch.enabled = false;
    this.#start(patch, false, []);
    return 0;
  }

  #force(patch: Patch, value: boolean): number {
    if (!value) return 0;
    if (this.transition?.patch !== patch) return Errno.EINVAL;
    for (const s of this.sleepers) s.switched = true;
    if (!this.transition.patching) this.pinned.add(patch.name);
    else if (patch.replace) {
      for (const p of this.patches) if (p !== patch) this.pinned.add(p.name);
    }
    return 0;
  }

  #remove(name: PatchName): number {
    const held = this.modules.get(name);
    if (held === undefined) return Errno.ENOENT;
    if (held) return Errno.EAGAIN;
    this.modules.delete(name);
    return 0;
  }

  #target(loaded: boolean): number {
    if (loaded === this.targetLoaded) return loaded ? Errno.EEXIST : Errno.ENOENT;
    this.targetLoaded = loaded;
    return 0;
  }

  /** One attempt of the transition: everybody who may switches. */
  #attempt(): void {
    const { transition } = this;
    if (transition === null) return;
    for (const s of this.sleepers) {
      if (!s.switched && !this.#affects(s.body)) s.switched = true;
    }
    if (this.sleepers.some((s) => !s.switched)) return;
    this.#complete();
  }

  /** Whether a frame of that body of slow_unint_show keeps its task from switching. */
  #affects(body: Body): boolean {
    const { patch, patching, nops } = this.transition!;
    const nop = nops.includes("unint");
    if (!nop && !FUNCTIONS[patch.name].includes("unint")) return false;
    if (!patching) return body === (nop ? "original" : patch.name);
    return body === this.#below("unint", patch);
  }

  /** Who runs a function without `patch`. */
  #below(fn: FunctionName, patch: Patch): Body {
    const others = this.patches.filter((p) => p !== patch && FUNCTIONS[p.name].includes(fn));
    return others.at(-1)?.name ?? "original";
  }

  #complete(): void {
    const { patch, patching } = this.transition!;
    this.transition = null;
    // A replace patch that a newer one stacks on may be disabled and reversed: the newer one stays.
    const older = this.patches.slice(0, this.patches.indexOf(patch));
    const gone = patching ? (patch.replace ? older : []) : [patch];
    this.patches = this.patches.filter((p) => !gone.includes(p));
    for (const { name } of gone) this.modules.set(name, this.pinned.has(name));
    for (const s of this.sleepers) s.switched = true;
  }

  /** The body that a new call of a switched task runs. */
  runs(fn: FunctionName): Body {
    const { transition } = this;
    if (ofTarget(fn) && !this.targetLoaded) return "original";
    if (transition !== null) {
      const { patch, patching, nops } = transition;
      const nop = nops.includes(fn);
      const mine = FUNCTIONS[patch.name].includes(fn);
      if (mine || nop) {
        if (!patching) return this.#below(fn, patch);
        if (nop) return "original";
      }
    }
    const owners = this.patches.filter((p) => FUNCTIONS[p.name].includes(fn));
    return owners.at(-1)?.name ?? "original";
  }
}
