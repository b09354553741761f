/**
 * npm run build:kernel: compiles and links kernel-as/ into build/vmlinux.wasm
 * and its description build/kernel.json.
 */

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { compileTree, type FileMap } from "./compile";
import { linkKernel } from "./link";
import { entryPoints, kernelFiles } from "./tree";

/** The checkout; src/setup/run.mjs defines it. */
declare const __ROOT__: string;

function readTree(root: string): FileMap {
  const files: FileMap = new Map();
  const walk = (dir: string): void => {
    for (const name of readdirSync(dir).sort()) {
      const path = join(dir, name);
      if (statSync(path).isDirectory()) walk(path);
      else files.set(relative(root, path), readFileSync(path, "utf8"));
    }
  };
  walk(root);
  return files;
}

async function buildKernel(root: string): Promise<void> {
  const files = readTree(join(root, "kernel-as"));
  const compiled = await compileTree(files, kernelFiles(files));
  if (compiled.kind === "compile-error") {
    process.stderr.write(compiled.text || compiled.diagnostics.map((d) => `${d.message}\n`).join(""));
    process.exit(1);
  }
  const { wasm, image } = linkKernel(compiled.object, { entries: entryPoints(files) });
  mkdirSync(join(root, "build/kernel"), { recursive: true });
  writeFileSync(join(root, "build/vmlinux.wasm"), wasm);
  writeFileSync(join(root, "build/kernel.json"), JSON.stringify(image));
  writeFileSync(join(root, "build/kernel/.stamp"), `${image.build}\n`);
  const size = Math.round(wasm.length / 1024);
  console.log(`vmlinux.wasm: ${image.nrFunctions} functions with a slot, ${size} KiB, build ${image.build}`);
}

await buildKernel(__ROOT__);
