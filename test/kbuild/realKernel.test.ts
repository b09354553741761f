// realKernel.test.ts - the whole way, on kernel-as/ itself: a diff becomes a
// module that the running kernel loads and switches to.
import { createTwoFilesPatch } from "diff";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildPatch } from "../../src/kbuild/buildPatch";
import type { KernelImage } from "../../src/kbuild/image";
import { readTree } from "../../src/kbuild/readTree";
import { asInit } from "../boot";

const ROOT = join(import.meta.dirname, "../..");
const SYS = "kernel/sys.ts";

let ko: Uint8Array;
const image = JSON.parse(readFileSync(join(ROOT, "build/kernel.json"), "utf8")) as KernelImage;

beforeAll(async () => {
  const tree = readTree(join(ROOT, "kernel-as"));
  const old = tree.get(SYS)!;
  const fixed = old.replace("return current.tgid;", "return 4200 + current.tgid + secret();");
  const text = `${fixed}\nlet calls: i32 = 0;\nfunction secret(): i32 {\n  for (let i = 0; i < 3; i++) calls++;\n  return calls;\n}\n`;
  const diffs = [createTwoFilesPatch(`a/${SYS}`, `b/${SYS}`, old, text)];
  const outcome = await buildPatch({ tree, image, diffs, name: "livepatch-getpid", replace: true });
  if (outcome.kind !== "built") throw new Error(JSON.stringify(outcome));
  expect(outcome.notes).toEqual([
    { file: SYS, kind: "changed", func: "__x64_sys_getpid" },
    { file: SYS, kind: "new", func: "secret" },
  ]);
  ko = outcome.ko;
});

test("a built patch changes what a running system call answers", async () => {
  const pids = await asInit(async (sys) => {
    const before = await sys.getpid();
    await sys.init_module(ko, "");
    const first = await sys.getpid();
    await sys.nanosleep(5e9);
    return [before, first, await sys.getpid()];
  });
  expect(pids[0]).toBe(1);
  expect(pids[2]).toBe(4200 + 1 + (pids[1] === 1 ? 3 : 6));
});

test("the kernel's image names each function once, with a place in the source", () => {
  const traced = image.functions.filter((f) => f.kind === "traced");
  expect(new Set(traced.map((f) => f.name)).size).toBe(image.nrFunctions);
  expect(traced.filter((f) => f.line === 0)).toEqual([]);
});
