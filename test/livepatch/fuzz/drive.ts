/** Does on a machine what the model does on paper, and looks at everything. */

import { expect } from "vitest";
import { type Guest, inGuest } from "../guest.ts";
import { type Body, Model, type Op, type PatchName } from "./model.ts";

const MODULE: Record<PatchName, string> = {
  sample: "livepatch_sample",
  lp: "test_klp_livepatch",
  meminfo: "test_klp_atomic_replace",
  slow: "slow_patch",
};

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
  return patch === "meminfo" ? flag : "";
}

/** What a sleeper reads in the end, by the body it slept in. */
const unintText = (body: Body) => (body === "original" ? "unint: old\n" : "unint: new\n");

export class Driver {
  readonly model = new Model();
  /** What sleepers read, and what they should. */
  readonly got: string[] = [];
  readonly expected: string[] = [];

  constructor(readonly guest: Guest) {}

  async step(op: Op): Promise<void> {
    if (!this.model.allows(op)) return;
    if (op.kind === "sleeper") this.expected.push(unintText(this.model.runs("unint")));
    const errno = await this.#do(op);
    await this.guest.sys.nanosleep(op.kind === "wake" ? WAKE_NS : SETTLE_NS);
    const what = JSON.stringify(op);
    expect(errno, what).toBe(this.model.apply(op));
    await this.#compare(what);
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
      case "sleeper":
        await this.#fork();
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
  /^livepatch: (enabling patch '\w+'|'\w+': (starting (un)?patching transition|(un)?patching complete)|signaling remaining tasks|forcing remaining tasks to the patched state|(applying|reverting) patch '\w+' (to |on un)loading module 'slow_target')$/;

/** Every line follows from the one before: the grammar of the contract's 4.2. */
export function checkGrammar(log: string[]): void {
  let open: { patch: string; verb: string } | null = null;
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

export async function runSequence(ops: Op[]): Promise<void> {
  await inGuest(async (guest) => {
    const driver = new Driver(guest);
    const entries = kernelEntries(guest);
    const symbols = (await guest.read("/proc/kallsyms")).length;
    for (const op of ops) await driver.step(op);
    await driver.finish();
    guest.drain();
    checkGrammar(guest.log);
    if (driver.model.pinned.size > 0) return;
    expect(await guest.list("/sys/kernel/livepatch")).toEqual([]);
    expect((await guest.read("/proc/kallsyms")).length).toBe(symbols);
    expect(kernelEntries(guest).every((entry, i) => entry === entries[i])).toBe(true);
  });
}
