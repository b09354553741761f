// build.test.ts - kpatch-build as a front end: phases, errors, files. The host's answer is given.
import { beforeEach, expect, test } from "vitest";
import type { BuildAnswer, BuildRequest } from "../../src/user/kpatch/buildJob.ts";
import { kpatchBuild } from "../../src/user/kpatch/kpatchBuild.ts";
import { FakeMachine } from "./fakeSys.ts";

const DIFF = `--- a/fs/proc/meminfo.ts
+++ b/fs/proc/meminfo.ts
@@ -1,3 +1,3 @@
 // one
-VmallocChunk
+VMALLOCCHUNK
 // three
`;
const FILE = "fs/proc/meminfo.ts";
const BUILT: BuildAnswer = {
  kind: "built",
  ko: Uint8Array.of(1, 2, 3),
  objects: ["vmlinux"],
  notes: [{ file: FILE, kind: "changed", func: "meminfo_proc_show" }],
  warnings: [],
};

let machine: FakeMachine;
let answer: BuildAnswer;
let request: BuildRequest | null;
const kpatch = (...args: string[]) => machine.run(kpatchBuild, "kpatch-build", ...args);

beforeEach(() => {
  machine = new FakeMachine();
  machine.put("/root/meminfo-string.patch", DIFF);
  machine.put("/root/fs/proc/meminfo.ts", "// one\nVmallocChunk\n// three\n");
  machine.put("/usr/src/linux/fs/proc/meminfo.ts", "// one\nVmallocChunk\n// three\n");
  machine.put("/usr/src/linux/kernel/livepatch/core.ts", "");
  for (const path of ["/boot/vmlinux-7.3.4-patchbay", "/root/vmlinux"])
    machine.put(path, [..."\x00asm 7.3.4-patchbay"].join("\0"));
  machine.put("/boot/config-7.3.4-patchbay", "CONFIG_LIVEPATCH=y\nCONFIG_KLP_BUILD=y\nCONFIG_DEBUG_INFO=y\n");
  machine.put("/etc/os-release", 'NAME="Patchbay"\nID=patchbay\n');
  answer = BUILT;
  request = null;
  machine.onJob = (job) => {
    request = (job as unknown as { request: BuildRequest }).request;
    return answer;
  };
});

test("a patch is built", async () => {
  // The double's getcwd is /root, so the tree is there.
  expect(await kpatch("-s", "/root", "meminfo-string.patch")).toEqual({
    status: 0,
    out:
      "Using source directory at /root\nTesting patch file(s)\nReading special section data\n" +
      "Building original source\nBuilding patched source\nExtracting new and modified ELF sections\n" +
      "fs/proc/meminfo.o: changed function: meminfo_proc_show\nPatched objects: vmlinux\n" +
      "Building patch module: livepatch-meminfo-string.ko\nSUCCESS\n",
    err: "",
  });
  expect(machine.nodes.get("/root/livepatch-meminfo-string.ko")).toEqual(Uint8Array.of(1, 2, 3));
  expect(machine.nodes.has("/root/.kpatch/build.log")).toBe(false);
  expect(request).toMatchObject({ name: "livepatch-meminfo-string", replace: true });
  expect(request?.tree[FILE]).toContain("VmallocChunk");
});

test("names", async () => {
  machine.put("/root/b.diff", DIFF);
  const name = async (...args: string[]) => (await kpatch("-s", "/root", ...args), request?.name);
  expect(await name("b.diff")).toBe("livepatch-b");
  expect(await name("-n", "my.fix", "b.diff")).toBe("my-fix");
  expect(await name("-n", "x".repeat(60), "b.diff")).toBe("x".repeat(55));
  machine.put(
    "/root/c.patch",
    DIFF.replaceAll("VMALLOCCHUNK", "x").replaceAll("VmallocChunk", "VMALLOCCHUNK"),
  );
  expect(await name("-R", "b.diff", "c.patch")).toBe("livepatch-patch");
  expect(request?.replace).toBe(false);
});

test("without -s the tree is unpacked into the cache, and found there the next time", async () => {
  expect((await kpatch("meminfo-string.patch")).out).toMatch(
    /^Patchbay distribution detected\nDownloading kernel source for 7.3.4-patchbay\nUnpacking kernel source\nTesting/,
  );
  expect((await kpatch("meminfo-string.patch")).out).toMatch(/^Using cache at \/root\/.kpatch\/src\nTesting/);
});

test("a patch that does not apply names the hunk", async () => {
  machine.put(
    "/root/meminfo-string.patch",
    DIFF.replace(" // one", " // eins").replace("-VmallocChunk", "-Vmalloc"),
  );
  const { status, err } = await kpatch("-s", "/root", "meminfo-string.patch");
  expect(status).toBe(1);
  expect(err).toBe(
    "Hunk #1 FAILED at 1.\n1 out of 1 hunk FAILED -- file fs/proc/meminfo.ts\n" +
      "ERROR: /root/meminfo-string.patch file failed to apply. Check /root/.kpatch/build.log for more details.\n",
  );
  expect(machine.text("/root/.kpatch/build.log")).toContain(
    "checking file fs/proc/meminfo.ts\nHunk #1 FAILED at 1.\n",
  );
  expect(request).toBeNull();
});

test("a refusal has kpatch's words, ours after them, and leaves no module", async () => {
  answer = {
    kind: "refused",
    notes: BUILT.notes,
    warnings: [],
    refusals: [
      {
        id: "init",
        file: FILE,
        details: ["changed section .init.text not selected for inclusion"],
        summary: "1 unsupported section change(s)",
        why: "it ran at boot and never runs again",
        advice: "use a callback",
      },
    ],
  };
  const { status, out, err } = await kpatch("-s", "/root", "meminfo-string.patch");
  expect(status).toBe(1);
  // create-diff-object's words reach the terminal by way of the log.
  const said =
    "ERROR: changed section .init.text not selected for inclusion\n" +
    "ERROR: fs/proc/meminfo.o: 1 unsupported section change(s)\n" +
    "create-diff-object: unreconcilable difference\n" +
    "patchbay: why: it ran at boot and never runs again\npatchbay: do: use a callback\n" +
    "fs/proc/meminfo.o: changed function: meminfo_proc_show\n";
  expect(out.endsWith(`sections\n${said}`)).toBe(true);
  expect(machine.text("/root/.kpatch/build.log")).toBe(
    `checking file fs/proc/meminfo.ts\n  CC      fs/proc/meminfo.o\n${said}`,
  );
  expect(err).toBe("ERROR: 1 error(s) encountered. Check /root/.kpatch/build.log for more details.\n");
  expect([...machine.nodes.keys()].filter((path) => path.endsWith(".ko"))).toEqual([]);
});

test.each([
  [{ kind: "no-objects" } as BuildAnswer, "no changed objects found"],
  [{ kind: "no-change", notes: [], warnings: [] } as BuildAnswer, "no functional changes found"],
  [
    { kind: "undefined", notes: [], warnings: [], symbols: ["a", "b"] } as BuildAnswer,
    "Undefined symbols: a b",
  ],
])("%o", async (given, text) => {
  answer = given;
  const { status, err } = await kpatch("-s", "/root", "meminfo-string.patch");
  expect(status).toBe(1);
  expect(err).toBe(`ERROR: ${text}. Check /root/.kpatch/build.log for more details.\n`);
});

test("source that does not compile shows the compiler's message", async () => {
  const text = "ERROR TS2304: Cannot find name 'x'.\n in fs/proc/meminfo.ts(2,1)\n";
  answer = { kind: "compile-error", original: false, diagnostics: [], text };
  const { out, err } = await kpatch("-s", "/root", "meminfo-string.patch");
  expect(out).toMatch(/Building patched source\n$/);
  expect(err).toBe(`${text}ERROR: kpatch build failed. Check /root/.kpatch/build.log for more details.\n`);
  expect(machine.text("/root/.kpatch/build.log")).toContain("TS2304");
});

test.each([
  [["-x", "p"], "getopt: invalid option -- 'x'\nERROR: getopt failed."],
  [["gone.patch"], "ERROR: patch file 'gone.patch' not found."],
  [["-s", "/no", "meminfo-string.patch"], "ERROR: source dir '/no' not found."],
  [["-o", "/no", "meminfo-string.patch"], "ERROR: output dir '/no' not found."],
  [["-j", "many", "meminfo-string.patch"], "ERROR: Invalid number of make jobs 'many'."],
])("mistakes on the command line: %j", async (args, err) => {
  expect(await kpatch(...args)).toEqual({ status: 1, out: "", err: `${err}\n` });
});

test("a patch to lib/ is refused by its path", async () => {
  machine.put("/root/l.patch", DIFF.replaceAll("fs/proc/meminfo.ts", "lib/list.ts"));
  const { status, err } = await kpatch("-s", "/root", "l.patch");
  expect(status).toBe(1);
  expect(err).toMatch(
    /^ERROR: \/root\/l.patch: unsupported patch to lib\/: lib\/list.ts\npatchbay: why: .*\npatchbay: do: .*\npatchbay: see: .*#paths\nERROR: Unsupported changes detected\.\n$/,
  );
});

test("usage and version", async () => {
  expect((await kpatch()).err).toMatch(
    /^ERROR: no patch file\(s\) specified\nusage: kpatch-build \[options\] <patch1/,
  );
  expect((await kpatch("-h")).status).toBe(0);
  expect((await kpatch("--version")).out).toBe("Version : 0.9.11\n");
  expect((await kpatch("-d", "--skip-cleanup", "gone")).out).toBe("DEBUG mode enabled\nSkipping cleanup\n");
});

test.each([
  [["-a", "9.9"], "kernel-debuginfo-9.9 not installed."],
  [
    ["-s", "/root", "-a", "9.9"],
    "Kernel version mismatch: 9.9 was specified but vmlinux was built for 7.3.4-patchbay.",
  ],
  [["-s", "/usr/src/linux"], "can't find vmlinux."],
  [["-v", "/etc/os-release"], "Unable to determine the kernel version from vmlinux."],
  [["-r", "/etc/os-release", "-a", "1"], "--archversion is incompatible with --sourcerpm"],
  [["--oot-module", "/etc/os-release"], "--oot-module requires --oot-module-src"],
])("the kernel to patch: %j", async (args, text) => {
  expect(await kpatch(...args, "meminfo-string.patch")).toEqual({
    status: 1,
    out: "",
    err: `ERROR: ${text}\n`,
  });
});

test.each([
  ["CONFIG_LIVEPATCH=y\n", "kernel doesn't have 'CONFIG_DEBUG_INFO' enabled."],
  ["CONFIG_DEBUG_INFO=y\n", "unable to find Module.symvers for kpatch core module."],
  [
    "CONFIG_LIVEPATCH=y\nCONFIG_DEBUG_INFO=y\nCONFIG_GCC_PLUGIN_RANDSTRUCT=y\n",
    "kernel option 'CONFIG_GCC_PLUGIN_RANDSTRUCT' not supported.",
  ],
])("a configuration that cannot be patched: %j", async (config, text) => {
  machine.put("/root/config", config);
  const { status, err } = await kpatch("-s", "/root", "-c", "config", "meminfo-string.patch");
  expect(status).toBe(1);
  expect(err.split("\n").at(-2)).toBe(`ERROR: ${text}`);
});

test("a target that make does not know", async () => {
  const { out, err } = await kpatch("-s", "/root", "-t", "vmlinux nope", "meminfo-string.patch");
  expect(out).toMatch(/Building original source\n$/);
  expect(err).toBe("ERROR: kpatch build failed. Check /root/.kpatch/build.log for more details.\n");
  expect(machine.text("/root/.kpatch/build.log")).toContain(
    "make: *** No rule to make target 'nope'.  Stop.\n",
  );
  expect((await kpatch("-s", "/root", "-t", "vmlinux", "-t", "modules", "meminfo-string.patch")).status).toBe(
    0,
  );
});

test("-d: one traces, two show the log, three both, four the compiler; scratch files and log stay", async () => {
  const run = async (...debug: string[]) => kpatch("-s", "/root", ...debug, "meminfo-string.patch");
  const one = await run("-d");
  expect(one.err).toMatch(/^\+ cd \/root\n\+ patch -N -p1 --dry-run\n[^]*\n\+ make -j1 vmlinux modules\n/);
  expect(one.out).not.toContain("checking file");
  expect(machine.text("/root/.kpatch/build.log")).toContain("checking file");
  expect(machine.text("/root/.kpatch/tmp/changed_objs")).toBe("fs/proc/meminfo.o\n");
  expect(machine.text("/root/.kpatch/tmp/patched/fs/proc/meminfo.ts")).toContain("VMALLOCCHUNK");
  expect(machine.nodes.has("/root/.kpatch/tmp/patch/livepatch-meminfo-string.ko")).toBe(true);
  expect(request?.prebuilt).toBe(false);
  const two = await run("-d", "-d");
  expect(two.err).toBe("");
  expect(two.out).toContain("checking file fs/proc/meminfo.ts\n");
  const three = await run("-d", "-d", "-d");
  expect(three.err).toContain("+ make");
  expect(three.out).not.toContain("asc -c");
  expect((await run("-dddd")).out).toContain("kpatch-cc asc -c -o fs/proc/meminfo.o fs/proc/meminfo.ts\n");
  // The next build begins with a clean table, and leaves one.
  expect((await run()).err).toBe("");
  expect(machine.nodes.has("/root/.kpatch/tmp")).toBe(false);
  expect(machine.nodes.has("/root/.kpatch/build.log")).toBe(false);
});
