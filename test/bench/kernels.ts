/** Trees for measuring the patch builder: ours, and generated ones of other sizes. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileTree, type FileMap } from "../../src/kbuild/compile.ts";
import type { KernelImage } from "../../src/kbuild/image.ts";
import { linkKernel } from "../../src/kbuild/link.ts";
import { readTree } from "../../src/kbuild/readTree.ts";
import { kernelFiles } from "../../src/kbuild/tree.ts";
import { diffOf, edit } from "../kernelVariant.ts";
import { BENCH_DIR } from "./engines.ts";
import type { BuildInput } from "./inside/build.ts";

type Kernel = BuildInput["kernels"][string];

/** Patches that differ: no build may profit from the one before. */
const VARIANTS = 8;

/** Our kernel as built, and patches of one function of it. */
export function ourKernel(root: string): Kernel {
  const tree = readTree(join(root, "kernel-as"));
  const label = '"MemTotal:';
  const diffs = Array.from({ length: VARIANTS }, (_, i) =>
    diffOf(tree, edit(tree, "fs/proc/meminfo.ts", label, `"Mem${i}otal:`)),
  );
  return { tree: writeTree(root, "tree-ours.json", tree), image: "kernel.json", diffs };
}

/** The sample kernel with generated files, as big as `share` of ours. */
export async function generatedKernel(root: string, share: number): Promise<Kernel> {
  const ours = JSON.parse(readFileSync(join(root, "build/kernel.json"), "utf8")) as KernelImage;
  const source = readFileSync(join(root, "test/bench/workload/calls.ts"), "utf8");
  const perFile = [...source.matchAll(/^(export )?function/gm)].length;
  const tree = readTree(join(root, "test/kbuild/samples/kernel"));
  const files = Math.round((ours.nrFunctions * share) / perFile);
  for (let i = 0; i < files; i++) tree.set(`gen/calls${i}.ts`, source.replaceAll("MAX", `MAX${i}`));
  const image = await linkTree(tree);
  writeFileSync(join(root, BENCH_DIR, `kernel-${share}.json`), JSON.stringify(image));
  const diffs = Array.from({ length: VARIANTS }, (_, i) =>
    diffOf(tree, edit(tree, "gen/calls0.ts", "put_char(10);", `put_char(${20 + i});`)),
  );
  const name = writeTree(root, `tree-${share}.json`, tree);
  return { tree: name, image: `bench/kernel-${share}.json`, diffs };
}

async function linkTree(tree: FileMap): Promise<KernelImage> {
  const compiled = await compileTree(tree, kernelFiles(tree));
  if (compiled.kind === "compile-error") throw new Error(compiled.text);
  return linkKernel(compiled.object, { entries: [] }).image;
}

function writeTree(root: string, name: string, tree: FileMap): string {
  mkdirSync(join(root, BENCH_DIR), { recursive: true });
  writeFileSync(join(root, BENCH_DIR, name), JSON.stringify(Object.fromEntries(tree)));
  return `bench/${name}`;
}
