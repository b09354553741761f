/** The kernel with the workload in it, built with and without its substrate. */

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { compileTree, type FileMap } from "../../src/kbuild/compile.ts";
import { linkKernel, type LinkOptions } from "../../src/kbuild/link.ts";
import { entryPoints, kernelFiles } from "../../src/kbuild/tree.ts";
import { BENCH_DIR, BUILD_DIR } from "./engines.ts";

/**
 * direct: plain calls, nothing sleeps. slots: all calls through the table.
 * full: what ships, slots and functions that can sleep.
 */
export const VARIANTS: Record<string, LinkOptions["without"]> = {
  direct: new Set(["slots", "asyncify"]),
  asyncify: new Set(["slots"]),
  slots: new Set(["asyncify"]),
  full: new Set(),
};

const ENTRIES = ["bench_calls", "bench_fibonacci", "bench_sleepable", "bench_seqread"];

export function readTree(dir: string): FileMap {
  const files: FileMap = new Map();
  const walk = (at: string): void => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name);
      if (statSync(path).isDirectory()) walk(path);
      else files.set(relative(dir, path), readFileSync(path, "utf8"));
    }
  };
  walk(dir);
  return files;
}

/** Builds all variants once; file names by variant. */
export async function buildVariants(root: string): Promise<Record<string, string>> {
  const files = readTree(join(root, "kernel-as"));
  for (const [path, text] of readTree(join(root, "test/bench/workload"))) files.set(`bench/${path}`, text);
  const compiled = await compileTree(files, kernelFiles(files));
  if (compiled.kind === "compile-error") throw new Error(compiled.text);
  const entries = [...entryPoints(files), ...ENTRIES];
  mkdirSync(join(root, BENCH_DIR), { recursive: true });
  const names: Record<string, string> = {};
  for (const [variant, without] of Object.entries(VARIANTS)) {
    const { wasm } = linkKernel(compiled.object, { entries, without });
    names[variant] = `bench/vmlinux-${variant}.wasm`;
    writeFileSync(join(root, BUILD_DIR, names[variant]), wasm);
  }
  return names;
}
