// make.test.ts - make against GNU Make's own words, and modules built in the machine.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { inMachine } from "./live.ts";

const folder = new URL("make/", import.meta.url).pathname;
const ours = (name: string) => readFileSync(folder + name, "utf8");

const BUILD = "make -C /lib/modules/7.3.4-patchbay/build M=/root/hello";

const HELLO = `import { pr_info } from "kernel/printk/printk";
import { twice } from "./more";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Says hello";
export let whom: i32 = 3;
export const MODULE_PARM_whom = "how many";

export function init_module(): i32 {
  pr_info("hello: Hello, %d\\n", twice(whom));
  return 0;
}

export function cleanup_module(): void {
  pr_info("hello: Goodbye\\n");
}
`;

const FILES = {
  "root/hello/hello.ts": HELLO,
  "root/hello/more.ts": "export function twice(n: i32): i32 {\n  return 2 * n;\n}\n",
  "root/hello/Makefile":
    "obj-m += hello.o\n\nall:\n\tmake -C /lib/modules/$(shell uname -r)/build M=$(PWD)\n",
};

const inside = (lines: string) =>
  `make: Entering directory '/usr/src/linux'\nmake[1]: Entering directory '/root/hello'\n${lines}` +
  "make[1]: Leaving directory '/root/hello'\nmake: Leaving directory '/usr/src/linux'\n";

test("make prints what GNU Make prints", async () => {
  const files = { "root/mk/t.mk": ours("t.mk"), "root/mk/run.sh": ours("run.sh") };
  const { text } = await inMachine(async ({ sys, run }) => {
    await sys.chdir("/root/mk");
    return run("bash run.sh");
  }, files);
  expect(text).toBe(ours("expected.txt"));
});

describe("modules outside of the tree", () => {
  test("from source to the kernel's log, and no more work than there is", async () => {
    await inMachine(async ({ run, read, write }) => {
      expect(await run(BUILD)).toEqual({
        status: 0,
        text: inside("  CC [M]  hello.o\n  MODPOST Module.symvers\n  LD [M]  hello.ko\n"),
      });
      expect(await run(BUILD)).toEqual({ status: 0, text: inside("") });
      expect((await run("insmod /root/hello/hello.ko whom=21")).status).toBe(0);
      expect((await run("rmmod hello")).status).toBe(0);
      expect((await run("dmesg")).text).toMatch(/hello: Hello, 42\n.*hello: Goodbye\n/);
      expect((await run("insmod /root/hello/hello.o")).text).toContain("Invalid module format");
      await write("/root/hello/more.ts", "export function twice(n: i32): i32 {\n  return 3 * n;\n}\n");
      expect((await run(BUILD)).text).toContain("CC [M]  hello.o");
      expect((await run("modinfo /root/hello/hello.ko")).text).toMatch(/^name: +hello$/m);
      expect((await run(`${BUILD} clean`)).text).toBe(inside("  CLEAN   .\n"));
      expect(await read("/root/hello/hello.ko")).toBeNull();
      expect((await run("ls -A /root/hello")).text).toBe("Makefile\nhello.ts\nmore.ts\n");
    }, FILES);
  });

  test("a mistake in the source: where it is, and make's way out of it", async () => {
    const files = { ...FILES, "root/hello/hello.ts": HELLO.replace("twice(whom)", "thrice(whom)") };
    await inMachine(async ({ run, read }) => {
      const { status, text } = await run(BUILD);
      expect(status).toBe(2);
      expect(text).toContain(
        "hello.ts:10:33: error: Cannot find name 'thrice'.\n" +
          '   10 |   pr_info("hello: Hello, %d\\n", thrice(whom));\n' +
          "      |                                 ^~~~~~\n",
      );
      expect(text).toMatch(
        /make\[1\]: \*\*\* \[\/usr\/src\/linux\/scripts\/Makefile\.modpost:\d+: hello\.o\] Error 1\nmake\[1\]: Leaving/,
      );
      expect(text).toMatch(/make: \*\*\* \[Makefile:\d+: modules\] Error 2\n/);
      expect(await read("/root/hello/hello.o")).toBeNull();
    }, files);
  });

  test("no licence, no module; no init_module(), none either", async () => {
    const files = { ...FILES, "root/hello/hello.ts": HELLO.replace(/^.*MODULE_LICENSE.*$/m, "") };
    await inMachine(async ({ run, write }) => {
      const { status, text } = await run(BUILD);
      expect(status).toBe(2);
      expect(text).toContain("ERROR: modpost: missing MODULE_LICENSE() in hello.o\n");
      await write("/root/hello/hello.ts", "export function f(): i32 {\n  return 1;\n}\n");
      expect((await run(BUILD)).text).toContain("asc: hello.ts: no function init_module() is exported\n");
    }, files);
  });

  test("what is not there, and what make cannot read", async () => {
    await inMachine(async ({ run, write }) => {
      const failing = async (kbuild: string) => {
        await write("/root/hello/Kbuild", kbuild);
        const { status, text } = await run(BUILD);
        expect(status).toBe(2);
        return text.split("\n").filter((line) => line.includes("***") || line.includes("No such"));
      };
      const ending = expect.stringMatching(/^make: \*\*\* \[Makefile:\d+: modules\] Error 2$/) as string;
      expect(await failing("obj-m := gone.o\n")).toEqual([
        "make[1]: *** No rule to make target 'gone.ts', needed by 'gone.o'.  Stop.",
        ending,
      ]);
      expect(await failing("obj-m := both.o\nboth-y := hello.o gone.o\n")).toEqual([
        "make[1]: *** No rule to make target 'gone.ts', needed by 'both.o'.  Stop.",
        ending,
      ]);
      expect(await failing("ifeq (\n")).toEqual([
        "Kbuild:1: *** invalid syntax in conditional.  Stop.",
        ending,
      ]);
      expect(await failing("obj-m hello.o\n")).toEqual(["Kbuild:1: *** missing separator.  Stop.", ending]);
      expect((await run("rm /root/hello/Kbuild /root/hello/Makefile")).status).toBe(0);
      expect((await run(BUILD)).text).toMatch(
        /modpost:\d+: Makefile: No such file or directory\nmake\[1\]: \*\*\* No rule to make target 'Makefile'\. {2}Stop\.\n/,
      );
    }, FILES);
  });

  test("copies of the samples build where they lie, and patch the kernel", async () => {
    const kbuild = [
      "livepatch-sample",
      "fee-target",
      "fee-patch",
      "livepatch-shadow-mod",
      "livepatch-shadow-fix1",
    ];
    const files = { "root/hello/Kbuild": kbuild.map((name) => `obj-m += ${name}.o\n`).join("") };
    await inMachine(async ({ run, read }) => {
      for (const name of kbuild) await run(`cp /usr/src/linux/samples/livepatch/${name}.ts /root/hello`);
      expect((await run(BUILD)).status).toBe(0);
      expect((await run("insmod /root/hello/livepatch-sample.ko")).status).toBe(0);
      await run("sleep 3");
      expect(await read("/proc/cmdline")).toBe("this has been live patched\n");
      expect((await run("insmod /root/hello/fee-patch.ko")).status).toBe(0);
      expect((await run("insmod /root/hello/fee-target.ko")).status).toBe(0);
      expect((await run("cat /sys/kernel/livepatch/fee_patch/fee_target/patched")).text).toBe("1\n");
    }, files);
  });
});
