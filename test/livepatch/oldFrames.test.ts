import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { FileMap } from "../../src/kbuild/compile.ts";
import type { SysCalls } from "../../src/user/sys.ts";
import { asInit, bootWith } from "../boot.ts";
import { buildVariant, edit, kernelSources, patchTo, type KernelVariant } from "../kernelVariant.ts";

const DEPTH = 6;
const SYS_PARK = 400;
const PARK = "kernel/park.ts";
const LOOKUP = "kernel/trace/ftrace_caller/ftrace_rewind_lookup";
const text = new TextEncoder();

/** What park_rec(DEPTH) gives in the old code, and in each patched one. */
const sum = (DEPTH * (DEPTH + 1)) / 2;
const OLD = 16 + sum;
const SAME_LAYOUT = 36 + sum;
const OTHER_LAYOUT = 16 + 2 * sum + 7 * DEPTH;

const both = (first: number, second = first) => first * 1000 + second;

let kernel: KernelVariant;
let sameLayout: Uint8Array;
let otherLayout: Uint8Array;

function withPark(): FileMap {
  const files = kernelSources();
  files.set(PARK, readFileSync(new URL("samples/park.ts", import.meta.url), "utf8"));
  const called = edit(files, "init/main.ts", "  sys_init();", "  sys_init();\n  park_init();");
  return edit(
    called,
    "init/main.ts",
    "import { sys_init }",
    'import { park_init } from "../kernel/park";\nimport { sys_init }',
  );
}

/** Only a constant differs: every frame looks the same in both versions. */
function patchedAlike(files: FileMap): FileMap {
  return edit(
    edit(files, PARK, "return a + 1;", "return a + 21;"),
    PARK,
    "const first = park_rec(n, ms);",
    "const first = park_rec(n, ms) + 0 * n;",
  );
}

/** More lives across the sleep, and in another order. */
function patchedWider(files: FileMap): FileMap {
  return edit(
    files,
    PARK,
    "  const below = park_rec(n - 1, ms);\n  return below + n;",
    "  const extra: i64 = <i64>n * 7;\n  const twice = n + n;\n  const below = park_rec(n - 1, ms);\n  return below + twice + <i32>(extra / n);",
  );
}

beforeAll(async () => {
  kernel = await buildVariant(withPark());
  sameLayout = await patchTo(kernel, patchedAlike(kernel.files), "alike");
  otherLayout = await patchTo(kernel, patchedWider(kernel.files), "wider");
});

interface Scene {
  sys: SysCalls;
  /** Starts a task that parks for so long: its pid; its result comes from results(). */
  park(ms: number): Promise<number>;
  /** Results of the parked tasks in the order they ended. */
  results(n: number): Promise<number[]>;
  write(file: string, value: string): Promise<void>;
  read(file: string): Promise<string>;
}

function scene(sys: SysCalls): Scene {
  const done: number[] = [];
  const path = (file: string) => `/sys/kernel/livepatch/${file}`;
  return {
    sys,
    async park(ms) {
      const pid = await sys.fork(async (own) => {
        done.push(await own.raw(SYS_PARK, DEPTH, ms));
        return 0;
      });
      await sys.nanosleep(1e6);
      return pid;
    },
    async results(n) {
      for (let i = 0; i < n; i++) await sys.wait4(-1, 0);
      return done;
    },
    async write(file, value) {
      const fd = await sys.open(path(file), 1);
      await sys.write(fd, text.encode(value));
      await sys.close(fd);
    },
    async read(file) {
      const fd = await sys.open(file.startsWith("/") ? file : path(file), 0);
      const got = new TextDecoder().decode(await sys.read(fd, 4096));
      await sys.close(fd);
      return got.trim();
    },
  };
}

/** Both kinds of patch, with what the patched park_rec(DEPTH) gives. */
const KINDS = [
  { layout: "equal", name: "alike", ko: () => sameLayout, value: SAME_LAYOUT },
  { layout: "different", name: "wider", ko: () => otherLayout, value: OTHER_LAYOUT },
];

describe.each(KINDS)("old frames resume in old code, $layout frame layouts", ({ name, ko, value }) => {
  const run = <T>(body: (s: Scene) => Promise<T>) =>
    asInit((sys) => body(scene(sys)), { vmlinux: kernel.vmlinux });

  it("while a transition is stalled, and after it completed", async () => {
    const seen = await run(async (s) => {
      await s.park(10_000); // sleeps in old code: stalls the transition
      await s.sys.init_module(ko(), "");
      await s.park(40_000); // sleeps in new code until after the transition
      const stalled = await s.read(`${name}/transition`);
      await s.sys.nanosleep(20e9);
      const after = await s.read(`${name}/transition`);
      await s.park(1); // the bare new function now
      return { stalled, after, results: await s.results(3) };
    });
    expect(seen.stalled).toBe("1");
    expect(seen.after).toBe("0");
    // The first task never switches while it is in the kernel: all of it is old.
    expect(seen.results).toEqual([both(OLD), both(value), both(value)]);
  });

  it("after a reversed transition", async () => {
    const seen = await run(async (s) => {
      await s.park(30_000);
      await s.sys.init_module(ko(), "");
      await s.park(10_000); // sleeps in new code
      await s.write(`${name}/enabled`, "0");
      await s.park(1); // old again
      return s.results(3);
    });
    // The one that slept in new code keeps to it until it has left the kernel.
    expect(seen).toEqual([both(OLD), both(value), both(OLD)]);
  });

  it("after a forced transition", async () => {
    const seen = await run(async (s) => {
      await s.park(10_000);
      await s.sys.init_module(ko(), "");
      await s.write(`${name}/force`, "1");
      await s.sys.nanosleep(3e9);
      const transition = await s.read(`${name}/transition`);
      return { transition, results: await s.results(1) };
    });
    expect(seen.transition).toBe("0");
    // The frames that slept end in old code; the call made after waking is new.
    expect(seen.results).toEqual([both(OLD, value)]);
  });
});

describe("a task asleep in the function that is patched", () => {
  it("stalls the transition and can be found, while another task already runs new code", async () => {
    const seen = await asInit(
      async (sys) => {
        const s = scene(sys);
        const asleep = await s.park(10_000);
        await sys.init_module(sameLayout, "");
        await s.park(1);
        await sys.wait4(-1, 0); // the second task ended, in new code
        const stalled = {
          transition: await s.read("alike/transition"),
          enabled: await s.read("alike/enabled"),
          state: await s.read(`/proc/${asleep}/patch_state`),
          own: await s.read("/proc/self/patch_state"),
          stack: (await s.read(`/proc/${asleep}/stack`)).split("\n"),
        };
        const results = [...(await s.results(0))];
        await s.results(1);
        await sys.nanosleep(2e9);
        const after = [await s.read("alike/transition"), await s.read("/proc/self/patch_state")];
        return { stalled, results, all: await s.results(0), after };
      },
      { vmlinux: kernel.vmlinux },
    );
    expect(seen.results).toEqual([both(SAME_LAYOUT)]);
    const { stack, ...files } = seen.stalled;
    expect(files).toEqual({ transition: "1", enabled: "1", state: "0", own: "1" });
    expect(stack.map((line) => line.replace(/^\[<0>\] (\w+)\+.*/, "$1")).slice(0, 3)).toEqual([
      "msleep",
      "park_leaf",
      "park_rec",
    ]);
    expect(seen.all).toEqual([both(SAME_LAYOUT), both(OLD)]);
    expect(seen.after).toEqual(["0", "-1"]);
  });
});

describe("without the look-up of a resuming frame", () => {
  it.each(KINDS)("$layout layouts: the task does not end as it should", async ({ name, ko, value }) => {
    const results: number[] = [];
    await new Promise<void>((resolve) => {
      const { machine } = bootWith(
        async ({ sys }) => {
          const s = scene(sys);
          machine.kernel.globals.get(LOOKUP)!.value = 0;
          await s.park(10_000);
          await sys.init_module(ko(), "");
          await s.write(`${name}/force`, "1");
          await sys.nanosleep(3e9);
          results.push(...(await s.results(1)));
          await sys.reboot("power-off");
          return 0;
        },
        { vmlinux: kernel.vmlinux },
      );
      machine.onHalt = () => resolve();
      machine.onQuiet = () => resolve();
    });
    expect(results).not.toEqual([both(OLD, value)]);
  });
});
