/** Does on a machine what the model does on paper, and looks at everything. */

import { expect } from "vitest";
import { type Guest, inGuest } from "../guest.ts";
import { aimed, type Shot } from "./aim.ts";
import { situation } from "./coverage.ts";
import { type Body, CAN_REPLACE, Model, type Op, type PatchName } from "./model.ts";
import { memoryInUse } from "./memory.ts";
import { Spec } from "./spec.ts";
import { StackWatch } from "./stacks.ts";
import { Workers } from "./workers.ts";

const MODULE: Record<PatchName, string> = {
  sample: "livepatch_sample",
  lp: "test_klp_livepatch",
  meminfo: "test_klp_atomic_replace",
  slow: "slow_patch",
  walk: "walk_patch",
  walk2: "walk_patch2",
  demo: "test_klp_callbacks_demo",
};

const GUEST = "test_klp_callbacks_mod";

const SIGNALS = "signaling remaining tasks";

/** The number by which a version of walk_target's functions calls itself. */
const WALK_NUMBER: Partial<Record<Body, string>> = { original: "0", walk: "1", walk2: "2" };

/** How long a sleeper sleeps, and longer than that. */
const SLEEP_MS = 300_000;
const WAKE_NS = 301e9;
const SETTLE_NS = 2.6e9;

const insmod = async (guest: Guest, module: string, args: string) => {
  const fd = await guest.sys.open(`/test_modules/${module}.ko`, 0);
  const errno = await guest.errno(() => guest.sys.finit_module(fd, args, 0));
  await guest.sys.close(fd);
  return errno;
};

function loadArgs(patch: PatchName, replace: boolean): string {
  const flag = `replace=${replace ? 1 : 0}`;
  if (patch === "slow") return `which=5 nap=${SLEEP_MS} ${flag}`;
  return CAN_REPLACE.includes(patch) ? flag : "";
}

/** What a sleeper reads in the end, by the body it slept in. */
const unintText = (body: Body) => (body === "original" ? "unint: old\n" : "unint: new\n");

export class Driver {
  readonly model = new Model();
  /** What sleepers read, and what they should. */
  readonly got: string[] = [];
  readonly expected: string[] = [];
  readonly workers: Workers;
  /** What was asked of the modules that were loaded last. */
  readonly #replace = new Map<string, boolean>();
  readonly stacks: StackWatch;

  constructor(
    readonly guest: Guest,
    options?: { forgive: boolean },
    private readonly reached: (what: string) => void = () => undefined,
  ) {
    this.workers = new Workers(guest, () => {
      if (this.model.transition !== null) reached("fork in a transition");
    });
    const spec = new Spec((module) => ({
      name: (Object.keys(MODULE) as PatchName[]).find((name) => MODULE[name] === module)!,
      replace: this.#replace.get(module)!,
    }));
    this.stacks = new StackWatch(guest.machine(), spec, options);
  }

  async begin(): Promise<void> {
    await this.guest.insmod("test_modules/walk_target.ko");
    await this.workers.start();
  }

  async step(op: Op): Promise<void> {
    if (!this.model.allows(op)) return;
    this.reached(situation(op, this.model));
    if (op.kind === "load") this.#replace.set(MODULE[op.patch], op.replace);
    if (op.kind === "write" && op.file === "force" && op.value === "1") this.workers.forces++;
    if (op.kind === "sleeper") this.expected.push(unintText(this.model.runs("unint")));
    const errno = await this.#do(op);
    if (op.kind === "wake") await this.workers.without(() => this.guest.sys.nanosleep(WAKE_NS));
    else await this.guest.sys.nanosleep(SETTLE_NS);
    const what = JSON.stringify(op);
    expect(errno, what).toBe(this.model.apply(op));
    await this.#compare(what);
    expect(this.stacks.problems, what).toEqual([]);
    expect(this.workers.problems, what).toEqual([]);
  }

  async #do(op: Op): Promise<number> {
    const { guest } = this;
    switch (op.kind) {
      case "load":
        return insmod(guest, MODULE[op.patch], loadArgs(op.patch, op.replace));
      case "write": {
        const path = `/sys/kernel/livepatch/${MODULE[op.patch]}/${op.file}`;
        return guest.errno(() => guest.write(path, op.value));
      }
      case "remove":
        return guest.errno(() => guest.sys.delete_module(MODULE[op.patch], 0));
      case "target":
        if (op.loaded) return insmod(guest, "slow_target", `ms=${SLEEP_MS}`);
        return guest.errno(() => guest.sys.delete_module("slow_target", 0));
      case "guest":
        if (op.loaded) return insmod(guest, GUEST, "");
        return guest.errno(() => guest.sys.delete_module(GUEST, 0));
      case "sleeper":
        await this.#fork();
        return 0;
      case "signal":
        await this.workers.signal(op.worker, op.signal);
        return 0;
      default:
        return 0;
    }
  }

  async #fork(): Promise<void> {
    const { got } = this;
    await this.guest.sys.fork(async (own) => {
      const fd = await own.open("/proc/slow_unint", 0);
      got.push(new TextDecoder().decode(await own.read(fd, 100)));
      return 0;
    });
  }

  /** Everything a user can see of livepatching. */
  async #compare(what: string): Promise<void> {
    const { guest, model } = this;
    const dir = "/sys/kernel/livepatch";
    const names = model.patches.map((p) => MODULE[p.name]).sort();
    expect(await guest.list(dir), what).toEqual(names);
    for (const [i, patch] of model.patches.entries()) {
      const file = (name: string) => guest.read(`${dir}/${MODULE[patch.name]}/${name}`);
      const inTransition = model.transition?.patch === patch;
      expect(await file("enabled"), what).toBe(patch.enabled ? "1\n" : "0\n");
      expect(await file("transition"), what).toBe(inTransition ? "1\n" : "0\n");
      expect(await file("stack_order"), what).toBe(`${i + 1}\n`);
    }
    if (model.find("demo") !== undefined) {
      const patched = await guest.read(`${dir}/${MODULE.demo}/${GUEST}/patched`);
      expect(patched, what).toBe(model.guestLoaded ? "1\n" : "0\n");
    }
    for (const [name, held] of model.modules) {
      const refcnt = await guest.read(`/sys/module/${MODULE[name]}/refcnt`);
      expect(refcnt, `${what}: ${name}`).toBe(held ? "1\n" : "0\n");
    }
    await this.#compareTexts(what);
  }

  async #compareTexts(what: string): Promise<void> {
    const { guest, model } = this;
    const cmdline = await guest.read("/proc/cmdline");
    const said: Record<string, string> = {
      "this has been live patched\n": "sample",
      "test_klp_livepatch: this has been live patched\n": "lp",
    };
    expect(said[cmdline] ?? "original", what).toBe(model.runs("cmdline"));
    const meminfo = await guest.read("/proc/meminfo");
    const patched = meminfo.startsWith("test_klp_atomic_replace") ? "meminfo" : "original";
    expect(patched, what).toBe(model.runs("meminfo"));
    const walk = (await this.workers.read()).split("\n");
    for (const fn of ["show", "inner", "leaf"] as const) {
      expect(walk, what).toContain(`<${fn} ${WALK_NUMBER[model.runs(fn)]}`);
    }
    if (!model.targetLoaded) return;
    const plain = await guest.read("/proc/slow_plain");
    expect(plain === "plain: new\n" ? "slow" : "original", what).toBe(model.runs("plain"));
  }

  /** Ends everything; nothing may be left but what was forced. */
  async finish(): Promise<void> {
    await this.step({ kind: "wake" });
    for (const { name } of [...this.model.patches]) {
      await this.step({ kind: "write", patch: name, file: "enabled", value: "0" });
    }
    for (const name of [...this.model.modules.keys()]) await this.step({ kind: "remove", patch: name });
    await this.step({ kind: "target", loaded: false });
    await this.step({ kind: "guest", loaded: false });
    await this.workers.stop();
    // Orphans and sleepers: init is the one who buries them.
    while ((await this.guest.errno(() => this.guest.sys.wait4(-1, 0))) === 0);
    await this.guest.sys.nanosleep(2e9);
    expect(this.stacks.seen).toBeGreaterThan(0);
    expect(this.workers.reads).toBeGreaterThan(0);
    expect(this.workers.problems).toEqual([]);
    expect(this.got.sort()).toEqual(this.expected.sort());
  }
}

/** The table `ftrace`, up to where the kernel's own entries end. */
function kernelEntries(guest: Guest): unknown[] {
  const { table } = guest.machine().kernel;
  const entries: unknown[] = [];
  for (let i = 1; table.get(i) !== null; i++) entries.push(table.get(i));
  return entries;
}

const LINE =
  /^livepatch: (enabling patch '\w+'|'\w+': (starting (un)?patching transition|(un)?patching complete)|signaling remaining tasks|forcing remaining tasks to the patched state|(applying|reverting) patch '\w+' (to |on un)loading module '(slow_target|test_klp_callbacks_mod)')$/;

/** Every line follows from the one before: the grammar of the contract's 4.2. */
export function checkGrammar(log: string[]): void {
  let open: { patch: string; verb: string } | null = null;
  expect(log.filter((l) => /BUG|Oops|WARNING|cut here|panic/.test(l))).toEqual([]);
  for (const line of log.filter((l) => l.startsWith("livepatch:"))) {
    expect(line).toMatch(LINE);
    const [, patch, what, un = ""] =
      /'(\w+)': (starting|.*complete)(?: (un)?patching transition)?$/.exec(line) ?? [];
    if (what === "starting") {
      if (open !== null) expect(open.patch).toBe(patch);
      open = { patch, verb: `${un}patching` };
    } else if (what !== undefined) {
      expect(open).toEqual({ patch, verb: what.replace(" complete", "") });
      open = null;
    } else if (/enabling/.test(line)) expect(open).toBeNull();
    else if (/signaling|forcing/.test(line)) expect(open).not.toBeNull();
  }
}

/** Gives whole lines of the console without their time stamps. */
export function byLine(see: (line: string) => void): (part: string) => void {
  let rest = "";
  return (part) => {
    const lines = (rest + part).split(/\r?\n/);
    rest = lines.pop()!;
    for (const line of lines) see(line.replace(/^\[ *\d+\.\d+\] /, ""));
  };
}

export async function runSequence(shots: Shot[], reached: (what: string) => void): Promise<void> {
  let driver: Driver | null = null;
  const follow = byLine((line) => driver?.stacks.see(line));
  const run = async (guest: Guest) => {
    driver = new Driver(guest, undefined, reached);
    const entries = kernelEntries(guest);
    const symbols = (await guest.read("/proc/kallsyms")).length;
    // The largest answer that init will ask for: its buffer grows now.
    await guest.list("/sys/module");
    const memory = memoryInUse(guest.machine());
    await driver.begin();
    for (const shot of shots) await driver.step(aimed(shot, driver.model));
    await driver.finish();
    guest.drain();
    checkGrammar(guest.log);
    for (const line of guest.log) if (line.endsWith(SIGNALS)) reached(SIGNALS);
    if (driver.model.pinned.size > 0) return;
    await guest.rmmod("walk_target");
    expect(await guest.list("/sys/kernel/livepatch")).toEqual([]);
    expect((await guest.read("/proc/kallsyms")).length).toBe(symbols);
    expect(kernelEntries(guest).every((entry, i) => entry === entries[i])).toBe(true);
    expect(memoryInUse(guest.machine())).toEqual(memory);
  };
  await inGuest(run, { onText: follow });
}
