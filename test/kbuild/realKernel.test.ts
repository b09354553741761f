// realKernel.test.ts - the whole way, on kernel-as/ itself: a diff becomes a
// module that the running kernel loads and switches to.
import { createTwoFilesPatch } from "diff";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildPatch, type PatchOutcome } from "../../src/kbuild/buildPatch";
import type { KernelImage } from "../../src/kbuild/image";
import { readTree } from "../../src/kbuild/readTree";
import type { SysCalls } from "../../src/user/sys";
import { asInit } from "../boot";

const ROOT = join(import.meta.dirname, "../..");
const SYS = "kernel/sys.ts";

const TARGET = "tools/testing/selftests/livepatch/test_modules/test_klp_mod_target.ts";
const tree = readTree(join(ROOT, "kernel-as"));
const image = JSON.parse(readFileSync(join(ROOT, "build/kernel.json"), "utf8")) as KernelImage;

type Built = Extract<PatchOutcome, { kind: "built" }>;

async function built(file: string, name: string, edit: (text: string) => string): Promise<Built> {
  const old = tree.get(file)!;
  const diffs = [createTwoFilesPatch(`a/${file}`, `b/${file}`, old, edit(old))];
  const outcome = await buildPatch({ tree, image, diffs, name, replace: true });
  if (outcome.kind !== "built") throw new Error(JSON.stringify(outcome));
  return outcome;
}

async function read(sys: SysCalls, path: string): Promise<string> {
  const fd = await sys.open(path, 0);
  const bytes = await sys.read(fd, 4096);
  await sys.close(fd);
  return new TextDecoder().decode(bytes);
}

let getpid: Built;

beforeAll(async () => {
  getpid = await built(SYS, "livepatch-getpid", (text) => {
    const fixed = text.replace("return current.tgid;", "return 4200 + current.tgid + secret();");
    return `${fixed}
let calls: i32 = 0;
function secret(): i32 {
  for (let i = 0; i < 3; i++) calls++;
  return calls;
}
`;
  });
});

test("the builder says what of which file it replaces", () => {
  expect(getpid.notes).toEqual([
    { file: SYS, kind: "changed", func: "__x64_sys_getpid" },
    { file: SYS, kind: "new", func: "secret" },
  ]);
  expect(getpid.objects).toEqual(["vmlinux"]);
});

test("a built patch changes what a running system call answers", async () => {
  const pids = await asInit(async (sys) => {
    const before = await sys.getpid();
    await sys.init_module(getpid.ko, "");
    const first = await sys.getpid();
    await sys.nanosleep(5e9);
    return [before, first, await sys.getpid()];
  });
  expect(pids[0]).toBe(1);
  expect(pids[2]).toBe(4200 + 1 + (pids[1] === 1 ? 3 : 6));
});

test("a patch of a module waits for the module and uses its functions", async () => {
  const patch = await built(TARGET, "livepatch-target", (text) =>
    text.replace(
      "function test_klp_mod_target_show(m: SeqFile, _v: usize): i32 {",
      `let shown: i32 = 0;
function test_klp_mod_target_show(m: SeqFile, _v: usize): i32 {
  seq_printf(m, "patched %d\\n", ++shown);
  if (shown < 3) return test_klp_mod_target_show(m, _v);`,
    ),
  );
  expect(patch.objects).toEqual(["test_klp_mod_target.ko"]);
  const target = readFileSync(join(ROOT, "build/modules/test_klp_mod_target.ko"));
  const texts = await asInit(async (sys) => {
    await sys.init_module(patch.ko, "");
    await sys.nanosleep(5e9);
    await sys.init_module(new Uint8Array(target), "");
    const first = await read(sys, "/proc/test_klp_mod_target");
    await sys.delete_module("test_klp_mod_target", 0);
    await sys.init_module(new Uint8Array(target), "");
    return [first, await read(sys, "/proc/test_klp_mod_target")];
  });
  const original = "test_klp_mod_target: original output\n";
  expect(texts).toEqual([`patched 1\npatched 2\npatched 3\n${original}`, `patched 4\n${original}`]);
});

test("the kernel's image names each function once, with a place in the source", () => {
  const traced = image.functions.filter((f) => f.kind === "traced");
  expect(new Set(traced.map((f) => f.name)).size).toBe(image.nrFunctions);
  expect(traced.filter((f) => f.line === 0)).toEqual([]);
});
