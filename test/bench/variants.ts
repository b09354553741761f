/** The kernel with the workload in it, built with and without its substrate. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileTree, type FileMap } from "../../src/kbuild/compile.ts";
import { linkKernel, type LinkOptions } from "../../src/kbuild/link.ts";
import { readTree } from "../../src/kbuild/readTree.ts";
import { entryPoints, kernelFiles } from "../../src/kbuild/tree.ts";
import { edit, patchTo } from "../kernelVariant.ts";
import { BENCH_DIR, BUILD_DIR } from "./engines.ts";

/**
 * direct: plain calls, nothing sleeps. slots: all calls through the table.
 * full: what ships, slots and functions that can sleep.
 */
const VARIANTS: Record<string, LinkOptions["without"]> = {
  direct: new Set(["slots", "asyncify"]),
  asyncify: new Set(["slots"]),
  slots: new Set(["asyncify"]),
  full: new Set(),
};

const ENTRY = /^export function (bench_\w+)/gm;

export interface BenchKernel {
  files: FileMap;
  /** File of each variant, below BUILD_DIR. */
  variants: Record<string, string>;
  /** Builds a patch against `full`; its file, below BUILD_DIR. */
  patch(name: string, edits: [path: string, from: string, to: string][]): Promise<string>;
}

let built: Promise<BenchKernel> | null = null;

/** Built once, by the first row that needs it. */
export function benchKernel(root: string): Promise<BenchKernel> {
  return (built ??= build(root));
}

function workload(root: string): FileMap {
  const dir = join(root, "test/bench/workload");
  const files = readdirSync(dir).sort();
  return new Map(files.map((name) => [`bench/${name}`, readFileSync(join(dir, name), "utf8")]));
}

async function build(root: string): Promise<BenchKernel> {
  const own = workload(root);
  const files = new Map([...readTree(join(root, "kernel-as")), ...own]);
  const compiled = await compileTree(files, kernelFiles(files));
  if (compiled.kind === "compile-error") throw new Error(compiled.text);
  const named = [...own.values()].flatMap((text) => [...text.matchAll(ENTRY)].map((m) => m[1]!));
  const entries = [...entryPoints(files), ...named];
  mkdirSync(join(root, BENCH_DIR), { recursive: true });
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(root, BENCH_DIR, name), bytes);
    return join(BENCH_DIR, name).slice(BUILD_DIR.length + 1);
  };
  const variants: Record<string, string> = {};
  const link = (without: LinkOptions["without"]) => linkKernel(compiled.object, { entries, without });
  for (const [name, without] of Object.entries(VARIANTS)) {
    variants[name] = write(`vmlinux-${name}.wasm`, link(without).wasm);
  }
  const { image, wasm } = link(new Set());
  const kernel = { files, image, vmlinux: new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>) };
  return {
    files,
    variants,
    patch: async (name, edits) => {
      const after = edits.reduce((tree, [path, from, to]) => edit(tree, path, from, to), files);
      return write(`${name}.ko`, await patchTo(kernel, after, name));
    },
  };
}
