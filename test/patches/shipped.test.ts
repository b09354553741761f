// shipped.test.ts - every patch that ships was built with the kernel: nothing of
// the compiler is loaded for it, whatever it is called.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { inMachine, type Guest } from "../tools/live.ts";

vi.mock("../../src/kbuild/buildJob.ts", () => {
  throw new Error("the compiler was loaded");
});

const EXAMPLES = "/usr/share/doc/kpatch/examples";
const demo = readFileSync(join(import.meta.dirname, "../../src/rootfs/root/meminfo-string.patch"), "utf8");

const build = (guest: Guest, args: string) => guest.run(`kpatch-build -s /usr/src/linux ${args}`);

test("every shipped patch is built, loaded and unloaded", () =>
  inMachine(async (guest) => {
    const examples = (await guest.run(`ls ${EXAMPLES}`)).text.trim().split("\n");
    expect(examples.length).toBeGreaterThanOrEqual(5);
    for (const path of ["meminfo-string.patch", ...examples.map((name) => `${EXAMPLES}/${name}`)]) {
      const name = path.replace(/^.*\//, "").replace(/\.patch$/, "");
      const { status, text } = await build(guest, path);
      expect([status, text]).toEqual([
        0,
        readFileSync(join(import.meta.dirname, `${name}/${name}.expected`), "utf8"),
      ]);
      expect(await guest.run(`kpatch load livepatch-${name}.ko`)).toMatchObject({ status: 0 });
      expect(await guest.run(`kpatch unload livepatch-${name}.ko`)).toMatchObject({ status: 0 });
    }
  }));

test("the demo's patch is found under another name, with other words and without replace", () =>
  inMachine(
    async (guest) => {
      expect(await build(guest, "-R edit-1.patch")).toMatchObject({ status: 0 });
      expect(await guest.run("insmod livepatch-edit-1.ko")).toMatchObject({ status: 0 });
      expect(await guest.read("/sys/kernel/livepatch/livepatch_edit_1/replace")).toBe("0\n");
      expect(await guest.read("/proc/meminfo")).toContain("VMALLOCCHUNK");
    },
    { "root/edit-1.patch": demo.replace(/^[^]*?(?=---)/, "diff --git a/x b/x\n") },
  ));

test("--no-prebuilt loads it", () =>
  inMachine(async (guest) => {
    const { status, text } = await build(guest, "--no-prebuilt meminfo-string.patch");
    // vitest speaks for the module that was not to be loaded.
    expect(text).toContain("mocking a module");
    expect(status).not.toBe(0);
  }));
