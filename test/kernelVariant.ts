import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { createTwoFilesPatch } from "diff";
import { buildPatch } from "../src/kbuild/buildPatch.ts";
import { compileTree, type FileMap } from "../src/kbuild/compile.ts";
import type { KernelImage } from "../src/kbuild/image.ts";
import { linkKernel } from "../src/kbuild/link.ts";
import { entryPoints, kernelFiles } from "../src/kbuild/tree.ts";

const tree = new URL("../kernel-as/", import.meta.url).pathname;

/** The kernel's sources, by path in the tree. */
export function kernelSources(): FileMap {
  const files: FileMap = new Map();
  const walk = (dir: string): void => {
    for (const name of readdirSync(dir).sort()) {
      const path = join(dir, name);
      if (statSync(path).isDirectory()) walk(path);
      else files.set(relative(tree, path), readFileSync(path, "utf8"));
    }
  };
  walk(tree);
  return files;
}

/** A kernel with changes of a test, and the means to patch it. */
export interface KernelVariant {
  files: FileMap;
  vmlinux: WebAssembly.Module;
  image: KernelImage;
}

export interface BuiltVariant extends KernelVariant {
  /** Of vmlinux. */
  bytes: Uint8Array;
}

/** Replaces text that must occur, so that a test does not outlive what it changes. */
export function edit(files: FileMap, path: string, from: string, to: string): FileMap {
  const text = files.get(path);
  if (text === undefined || !text.includes(from)) throw new Error(`${path} has no: ${from}`);
  return new Map(files).set(path, text.replace(from, to));
}

/** Compiles and links a tree. */
export async function buildVariant(files: FileMap): Promise<BuiltVariant> {
  const compiled = await compileTree(files, kernelFiles(files));
  if (compiled.kind === "compile-error") throw new Error(compiled.text);
  const { wasm, image } = linkKernel(compiled.object, { entries: entryPoints(files) });
  return { files, vmlinux: new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>), bytes: wasm, image };
}

/** The unified diff that turns the one tree into the other. */
export function diffOf(before: FileMap, after: FileMap): string {
  let diff = "";
  for (const [path, text] of after) {
    const old = before.get(path) ?? "";
    if (old !== text) diff += createTwoFilesPatch(`a/${path}`, `b/${path}`, old, text, "", "");
  }
  return diff;
}

/** The livepatch that turns the running variant into `after`. */
export async function patchTo(kernel: KernelVariant, after: FileMap, name: string): Promise<Uint8Array> {
  const diffs = [diffOf(kernel.files, after)];
  const built = await buildPatch({ tree: kernel.files, image: kernel.image, diffs, name, replace: false });
  if (built.kind !== "built") throw new Error(JSON.stringify(built));
  return built.ko;
}
