// klpBuild.test.ts - klp-build on the real kernel: its five steps, klp-tmp/ and what it can be resumed from.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inMachine, type Guest } from "../tools/live.ts";

const TREE = "/usr/src/linux";
const patch = (name: string) => readFileSync(join(import.meta.dirname, name, `${name}.patch`), "utf8");
const FILES = {
  "usr/src/linux/fix.patch": patch("meminfo-string"),
  "usr/src/linux/init.patch": patch("meminfo-init-FAIL"),
  "usr/src/linux/lib.patch": patch("lib-FAIL"),
};

const inTree = (body: (guest: Guest) => Promise<void>) =>
  inMachine(async (guest) => {
    await guest.sys.chdir(TREE);
    await body(guest);
  }, FILES);

const ORIG = ["Building original kernel", "Copying original object files"];
const PATCHED = ["Fixing patch(es)", "Building patched kernel", "Copying patched object files"];
const CHECKSUMS = ["Generating original checksums", "Generating patched checksums"];
const DIFF = ["Diffing objects", "vmlinux.o: changed function: meminfo_proc_show"];
const kmod = (name: string) => [`Building patch module: ${name}`, "SUCCESS"];
const FIX = "livepatch-fix.ko";

const said = async (guest: Guest, command: string) => {
  const { status, text } = await guest.run(command);
  return { status, lines: text.trimEnd().split("\n") };
};

test("five steps, and nothing left of them but the module", () =>
  inTree(async (guest) => {
    expect(await said(guest, "klp-build fix.patch")).toEqual({
      status: 0,
      lines: ["Validating patch(es)", ...ORIG, ...PATCHED, ...CHECKSUMS, ...DIFF, ...kmod(FIX)],
    });
    expect((await guest.run("ls klp-tmp")).status).not.toBe(0);
    expect(await guest.run(`insmod ${FIX}`)).toMatchObject({ status: 0 });
    expect(await guest.read("/proc/meminfo")).toContain("VMALLOCCHUNK");
  }));

test("-T keeps every intermediate result as a file to read", () =>
  inTree(async (guest) => {
    await guest.run("klp-build -T fix.patch");
    const read = async (path: string) => (await guest.read(`klp-tmp/${path}`))!;
    expect(await read("orig/fs/proc/meminfo.ts")).toContain('"VmallocChunk:');
    expect(await read("patched/fs/proc/meminfo.ts")).toContain('"VMALLOCCHUNK:');
    expect(await read("orig/fs/proc/meminfo.o")).toMatch(/^\(func fs\/proc\/meminfo\/meminfo_proc_show/m);
    const [before, after] = [await read("orig/checksums"), await read("patched/checksums")];
    const sum = (text: string, name: string) =>
      new RegExp(`^([0-9a-f]{16}) fs/proc/meminfo/${name}$`, "m").exec(text)![1];
    expect(sum(after, "meminfo_proc_show")).not.toBe(sum(before, "meminfo_proc_show"));
    expect(sum(after, "show_val_kb")).toBe(sum(before, "show_val_kb"));
    expect(await read("diff/functions")).toBe("changed meminfo_proc_show fs/proc/meminfo.ts\n");
    expect(await read("diff/fs/proc/meminfo.o.diff")).toMatch(
      /^-.*data\.ref "str:[0-9a-f]+".*\n\+.*data\.ref "str:/m,
    );
    expect((await guest.run(`cmp klp-tmp/kmod/${FIX} ${FIX}`)).status).toBe(0);
  }));

test("a step starts from what the steps before it left, edited or not", () =>
  inTree(async (guest) => {
    expect((await guest.run("klp-build -S diff fix.patch")).text).toBe(
      "error: klp-build: --short-circuit requires preserved klp-tmp dir\n",
    );
    await guest.run("mkdir -p klp-tmp/orig");
    expect((await guest.run("klp-build -S diff fix.patch")).text).toBe(
      "error: klp-build: -S 4 requires completed /usr/src/linux/klp-tmp/patched\n",
    );
    await guest.run("klp-build -T fix.patch");
    const resume = (step: string, rest = "") => said(guest, `klp-build -S ${step}${rest} fix.patch`);
    expect((await resume("patched")).lines).toEqual([
      "Validating patch(es)",
      ...PATCHED,
      ...CHECKSUMS,
      ...DIFF,
      ...kmod(FIX),
    ]);

    const source = "klp-tmp/patched/fs/proc/meminfo.ts";
    await guest.write(source, (await guest.read(source))!.replace("VMALLOCCHUNK:", "EDITEDCHUNK: "));
    // The diffs that klp-tmp/ was made of are needed for the name alone.
    expect((await said(guest, "klp-build -S 3")).lines).toEqual([
      ...CHECKSUMS,
      ...DIFF,
      ...kmod("livepatch-patch.ko"),
    ]);
    expect((await resume("3")).lines).toEqual([...CHECKSUMS, ...DIFF, ...kmod(FIX)]);
    await guest.run(`insmod ${FIX}`);
    expect(await guest.read("/proc/meminfo")).toContain("EDITEDCHUNK");

    // Without the line that differs, nothing does.
    const sums = "klp-tmp/patched/checksums";
    await guest.write(sums, (await guest.read("klp-tmp/orig/checksums"))!);
    expect((await resume("9")).lines).toEqual(["error: klp-build: invalid short-circuit step '9'"]);
    expect((await resume("4")).lines).toEqual([DIFF[0], "error: klp-build: no changes detected"]);

    expect((await resume("kmod", " --no-replace -o livepatch-other.ko")).lines).toEqual(
      kmod("livepatch-other.ko"),
    );
    expect((await guest.run("insmod livepatch-other.ko")).text).toBe("");
    expect(await guest.read("/sys/kernel/livepatch/livepatch_other/replace")).toBe("0\n");
  }));

test("-f says where a function begins to differ, -v what is compiled, -d what it refers to", () =>
  inTree(async (guest) => {
    const { lines } = await said(guest, "klp-build -f -v -d fix.patch");
    expect(lines).toContain("asc -c -o fs/proc/meminfo.o fs/proc/meminfo.ts");
    expect(lines).toContain("klp_diff: meminfo_proc_show: call fs/proc/meminfo/show_val_kb");
    const at = lines.indexOf("Finding first changed instructions");
    expect(lines[at + 1]).toMatch(/^vmlinux\.o: meminfo_proc_show: 0x[0-9a-f]+$/);
    expect(lines[at + 2]).toMatch(/^patchbay: data\.ref "str:[0-9a-f]+" 20 -> data\.ref "str:[0-9a-f]+" 20$/);
    expect(lines.at(-1)).toBe("SUCCESS");
    // Debugging wants to see what it was about.
    expect(await guest.read("klp-tmp/diff/functions")).toContain("meminfo_proc_show");
  }));

test("names, and what may go in them; hunks that moved; the configuration", () =>
  inTree(async (guest) => {
    await guest.run("cp fix.patch my+fix.v2.txt");
    expect((await said(guest, "klp-build my+fix.v2.txt")).lines.slice(-2)).toEqual(
      kmod("livepatch-my-fix-v2.ko"),
    );
    expect((await guest.run("klp-build -o /tmp/my.fix.ko fix.patch")).status).toBe(0);
    expect((await guest.run("modinfo -F name /tmp/my.fix.ko")).text).toBe("my_fix\n");
    const nowhere = await said(guest, "klp-build -o /nope/x.ko fix.patch");
    expect(nowhere.status).toBe(1);
    expect(nowhere.lines.slice(-2)).toEqual([
      "cp: cannot create regular file '/nope/x.ko': No such file or directory",
      "error: klp-build: can't write /nope/x.ko",
    ]);
    await guest.write(
      "fix.patch",
      FILES["usr/src/linux/fix.patch"].replace(/^@@ -(\d+)/m, (_, n) => `@@ -${+n + 1}`),
    );
    expect((await guest.run("klp-build fix.patch")).text).toContain(
      "warning: klp-build: fix.patch applied with fuzz\n",
    );
    const config = await guest.read(".config");
    for (const [text, complaint] of [
      [config!.replace("CONFIG_LIVEPATCH=y\n", ""), "CONFIG_LIVEPATCH not enabled"],
      [config!.replace("CONFIG_KLP_BUILD=y\n", ""), "CONFIG_KLP_BUILD not enabled"],
      [
        `${config}CONFIG_GCC_PLUGIN_RANDSTRUCT=y\n`,
        "kernel option 'CONFIG_GCC_PLUGIN_RANDSTRUCT' not supported",
      ],
    ]) {
      await guest.run("rm .config");
      await guest.write(".config", text);
      expect(await said(guest, "klp-build fix.patch")).toEqual({
        status: 1,
        lines: [`error: klp-build: ${complaint}`],
      });
    }
    await guest.run("rm .config");
    expect((await said(guest, "klp-build fix.patch")).lines).toEqual([
      "error: klp-build: no .config file in /usr/src/linux",
    ]);
  }));

test.each([
  [
    "klp-build init.patch",
    /error: objtool: changed section .init.text .*\n(?:patchbay: .*\n){3}error: klp-build: objtool klp diff failed/,
  ],
  ["klp-build lib.patch", /error: klp-build: lib.patch: unsupported patch to lib\//],
  ["klp-build none.patch", /error: klp-build: none.patch doesn't exist/],
  ["klp-build -S 9 fix.patch", /error: klp-build: --short-circuit requires preserved klp-tmp dir/],
  ["klp-build -z fix.patch", /^getopt: invalid option -- 'z'\n\nUsage: klp-build/],
  ["klp-build -o x.wasm fix.patch", /error: klp-build: output filename should end with .ko/],
  ["klp-build", /^Usage: klp-build/],
])("refused: %s", (command, text) =>
  inTree(async (guest) => {
    const before = await guest.run("ls");
    const { status, text: answer } = await guest.run(command);
    expect(answer).toMatch(text);
    expect(status).not.toBe(0);
    expect(await guest.run("ls")).toEqual(before);
  }),
);

test("it must be run from the root of the tree", () =>
  inMachine(async (guest) => {
    expect((await guest.run("klp-build /usr/src/linux/fix.patch")).text).toBe(
      "error: klp-build: please run from the kernel root directory\n",
    );
  }, FILES));
