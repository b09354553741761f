/** Lines that warn about a module, a stack or a shadow variable. */

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type Guest, inGuest, ToolError } from "./guest.ts";

const livepatchLines = (guest: Guest) => {
  guest.drain();
  return guest.log.filter((line) => line.startsWith("livepatch:"));
};

it.each([
  [
    15,
    [
      "livepatch: symbol 'no_such_function' not found in symbol table",
      "livepatch: failed to initialize patch 'bad_patch' for module 'slow_target' (-22)",
      "livepatch: patch 'bad_patch' failed for module 'slow_target', refusing to load module 'slow_target'",
    ],
  ],
  [
    16,
    [
      "livepatch: applying patch 'bad_patch' to loading module 'slow_target'",
      "livepatch: failed to find location for function 'ms'",
      "livepatch: failed to apply patch 'bad_patch' to module 'slow_target' (-22)",
      "livepatch: patch 'bad_patch' failed for module 'slow_target', refusing to load module 'slow_target'",
    ],
  ],
])("a mistake about an absent module refuses that module, later (what=%i)", async (what, lines) => {
  const log = await inGuest(async (guest) => {
    await guest.insmod("test_modules/slow_patch.ko");
    await guest.insmod("test_modules/bad_patch.ko", `what=${what}`);
    guest.drain();
    guest.log.length = 0;
    const refused = await guest.insmod("test_modules/slow_target.ko").catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(ToolError);
    expect((refused as ToolError).message).toMatch(/Invalid parameters/);
    expect(await guest.exists("/sys/module/slow_target")).toBe(false);
    expect(await guest.exists("/sys/kernel/livepatch/bad_patch")).toBe(true);
    return livepatchLines(guest);
  });
  // What earlier patches had done to the module is undone.
  expect(log).toEqual([
    "livepatch: applying patch 'slow_patch' to loading module 'slow_target'",
    ...lines,
    "livepatch: reverting patch 'slow_patch' on unloading module 'slow_target'",
  ]);
});

it("a stack of more than 100 frames is unreliable", async () => {
  const log = await inGuest(async (guest) => {
    await guest.write("/sys/kernel/debug/dynamic_debug/control", "func klp_try_switch_task +p");
    await guest.insmod("test_modules/slow_target.ko", "ms=3000 depth=95");
    const got: string[] = [];
    await guest.sys.fork(async (own) => {
      got.push(new TextDecoder().decode(await own.read(await own.open("/proc/slow_nested", 0), 4096)));
      return 0;
    });
    await guest.sys.nanosleep(1e9);
    await guest.insmod("test_modules/slow_patch.ko", "which=1");
    await guest.sys.nanosleep(5e9);
    expect(got[0]).toMatch(/^level 0: old 0\n[^]*level 95: old 950\n$/);
    return livepatchLines(guest);
  });
  expect(log[2]).toMatch(/^livepatch: klp_try_switch_task: \w+:\d+ has an unreliable stack$/);
  expect(log.at(-1)).toBe("livepatch: 'slow_patch': patching complete");
});

it("shadow variables: a duplicate and a constructor that fails are reported", async () => {
  const log = await inGuest(async (guest) => {
    await guest.insmod("test_modules/bad_patch.ko", "what=14");
    guest.drain();
    return guest.log;
  });
  const cut = log.indexOf("------------[ cut here ]------------");
  expect(log[cut + 1]).toMatch(/^Duplicate shadow variable <[0-9a-f]{16}, 77>$/);
  expect(log.find((l) => l.startsWith("livepatch:"))).toMatch(
    /^livepatch: Failed to construct shadow variable <[0-9a-f]{16}, 78> \(-1\)$/,
  );
});

it("kernel.ftrace_enabled says once per boot that it is no switch any more", async () => {
  const log = await inGuest(async (guest) => {
    for (let i = 0; i < 2; i++) {
      expect(await guest.errno(() => guest.write("/proc/sys/kernel/ftrace_enabled", "0"))).toBe(95);
    }
    guest.drain();
    return guest.log.filter((line) => line.includes("ftrace"));
  });
  expect(log).toEqual(["The ftrace_enabled file is deprecated and no longer disables ftrace"]);
});

it("dynamic_debug/control says in which line of the source each debug line is printed", async () => {
  const control = await inGuest((guest) => guest.read("/sys/kernel/debug/dynamic_debug/control"));
  const source = readFileSync(
    new URL("../../kernel-as/kernel/livepatch/transition.ts", import.meta.url),
    "utf8",
  );
  const printed = source.split("\n").flatMap((line, i) => (/klp_debug\(/.test(line) ? [i + 1] : []));
  const shown = [...control.matchAll(/^kernel\/livepatch\/transition\.ts:(\d+) /gm)].map((m) => Number(m[1]));
  expect(shown.sort((a, b) => a - b)).toEqual(printed);
});
