// outOfTree.test.ts - kpatch-build --oot-module: a module built in the machine is patched while it runs.
import { expect, test } from "vitest";
import { inMachine, type Guest } from "../tools/live.ts";

const MORE = "export function twice(n: i32): i32 {\n  return 2 * n;\n}\n";
const FILES = {
  "root/hello/hello.ts": `import { pr_info } from "kernel/printk/printk";
import { twice } from "./more";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Says hello";
let answers: i32 = 0;

function answer(n: i32): i32 {
  answers += 1;
  return twice(n) + answers;
}

export function init_module(): i32 {
  pr_info("hello: %d\\n", answer(20));
  return 0;
}

export function cleanup_module(): void {
  pr_info("hello: bye %d\\n", answer(20));
}
`,
  "root/hello/more.ts": MORE,
  "root/hello/Kbuild": "obj-m := hello.o\n",
};

/** A diff of one line. */
const edit = (file: string, line: number, from: string, to: string) =>
  `--- a/${file}\n+++ b/${file}\n@@ -${line} +${line} @@\n-${from}\n+${to}\n`;
const THREE = edit("more.ts", 2, "  return 2 * n;", "  return 3 * n;");

const KPATCH_BUILD = "kpatch-build --oot-module hello/hello.ko --oot-module-src hello";
const PHASES = [
  "Testing patch file(s)",
  "Reading special section data",
  "Building original source",
  "Building patched source",
  "Extracting new and modified ELF sections",
];

async function withModule(body: (guest: Guest) => Promise<void>): Promise<void> {
  await inMachine(async (guest) => {
    const made = await guest.run("make -C /lib/modules/7.3.4-patchbay/build M=/root/hello");
    expect(made.status).toBe(0);
    await body(guest);
  }, FILES);
}

test("a function of the module is patched, with the module's own state", () =>
  withModule(async ({ run, write }) => {
    await write("three.patch", THREE);
    await run("insmod hello/hello.ko");
    const { status, text } = await run(`${KPATCH_BUILD} three.patch`);
    expect(text.trimEnd().split("\n")).toEqual([
      ...PHASES,
      "more.o: changed function: twice",
      "Patched objects: hello.ko",
      "Building patch module: livepatch-three.ko",
      "SUCCESS",
    ]);
    expect(status).toBe(0);
    expect((await run("kpatch load livepatch-three.ko")).status).toBe(0);
    expect((await run("kpatch list")).text).toMatch(/livepatch_three +hello +twice,1\n/);
    await run("sleep 3");
    await run("rmmod hello");
    expect((await run("dmesg")).text).toMatch(/hello: 41\n[^]*hello: bye 62\n/);
    // It waits for the module to come back.
    await run("insmod hello/hello.ko");
    expect((await run("dmesg")).text).toMatch(
      /applying patch 'livepatch_three' to loading module 'hello'\n.*hello: 61\n$/,
    );
  }));

test("what cannot be patched is refused in the words for the tree's modules", () =>
  withModule(async ({ run, write, read }) => {
    const build = async (patch: string, command = KPATCH_BUILD) => {
      await write("it.patch", patch);
      const { status, text } = await run(`${command} it.patch`);
      expect(status).toBe(1);
      expect(await read("livepatch-it.ko")).toBeNull();
      return text;
    };
    expect(await build(THREE, "kpatch-build --oot-module no.ko --oot-module-src hello")).toBe(
      "ERROR: out-of-tree module 'no.ko' not found.\n",
    );
    expect(await build(THREE, "kpatch-build --oot-module hello/hello.ko --oot-module-src no")).toBe(
      "ERROR: out-of-tree module source dir 'no' not found.\n",
    );
    expect(await build(edit("hello.ts", 6, "let answers: i32 = 0;", "let answers: i32 = 7;"))).toMatch(
      /ERROR: hello\.o: symbol changed sections: answers\ncreate-diff-object: unreconcilable difference\n/,
    );
    expect(await build(edit("more.ts", 2, "  return 2 * n;", "  return 2 * m;"))).toMatch(
      /Building patched source\nERROR TS2304: Cannot find name 'm'\.\n[^]*in more\.ts\(2,14\)[^]*ERROR: kpatch build failed\./,
    );
    expect(await build(edit("more.ts", 2, "  return 2 * n;", "  return 2 * n; //"))).toContain(
      "ERROR: no functional changes found.",
    );
    await write("hello/more.ts", MORE.replace("2 * n", "4 * n"));
    expect(await build(edit("more.ts", 2, "  return 4 * n;", "  return 5 * n;"))).toContain(
      "ERROR: couldn't find matching hello.ts local symbols in hello symbol table\n" +
        "ERROR: hello.o: source is not what the module was built from\n",
    );
  }));
