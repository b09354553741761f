/** The sample kernel with its modules, and what becomes of an edit of it. */

import { createTwoFilesPatch } from "diff";
import { buildModule } from "../../src/kbuild/buildModule";
import { buildPatch, type PatchOutcome } from "../../src/kbuild/buildPatch";
import type { FileMap } from "../../src/kbuild/compile";
import { linkKernel, type LinkedKernel } from "../../src/kbuild/link";
import { compileSample, ENTRIES, sampleTree } from "./sampleTree";

export const MEMINFO = "fs/proc/meminfo.ts";
export const TASK = "kernel/sched/task.ts";
export const FTRACE = "kernel/trace/ftrace.ts";
export const CORE = "kernel/sched/core.ts";
export const HELLO = "samples/livepatch/hello.ts";
export const ONE = "samples/livepatch/one.ts";
export const TWO = "samples/livepatch/two.ts";
export const COUNTING = "samples/livepatch/counting.ts";

export type Edit = [file: string, from: string | RegExp, to: string];

export class EditedSample {
  private constructor(
    readonly tree: FileMap,
    readonly kernel: LinkedKernel,
  ) {}

  /** @param more what the sample itself is made to have first */
  static async make(...more: Edit[]): Promise<EditedSample> {
    const tree = edited(sampleTree(), more);
    const modules = [HELLO, ONE, TWO];
    const object = await compileSample(tree, modules);
    const kernel = linkKernel(await compileSample(tree), { entries: ENTRIES });
    for (const file of modules) kernel.image.modules.push(buildModule(object, kernel.image, file).image);
    return new EditedSample(tree, kernel);
  }

  build(...edits: Edit[]): Promise<PatchOutcome> {
    const { tree, kernel } = this;
    const diffs = diffsOf(tree, edited(tree, edits));
    return buildPatch({ tree, image: kernel.image, name: "livepatch_test", replace: true, diffs });
  }
}

function edited(tree: FileMap, edits: Edit[]): FileMap {
  const files = new Map(tree);
  for (const [file, from, to] of edits) {
    const text = files.get(file)!;
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`edit changes nothing in ${file}: ${from}`);
    files.set(file, changed);
  }
  return files;
}

function diffsOf(before: FileMap, after: FileMap): string[] {
  const touched = [...after].filter(([file, text]) => before.get(file) !== text);
  return touched.map(([file, text]) =>
    createTwoFilesPatch(`a/${file}`, `b/${file}`, before.get(file)!, text),
  );
}
