/**
 * npm run build:kernel: compiles and links kernel-as/ into build/vmlinux.wasm,
 * its description build/kernel.json, and build/modules/.
 */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildModule, modulesInOrder } from "./buildModule";
import { compileTree, type FileMap } from "./compile";
import { contractDigest, type KernelImage } from "./image";
import type { KObject } from "./kobject";
import { linkKernel } from "./link";
import { kernelPart } from "./part";
import { readTree } from "./readTree";
import { entryPoints, isKernelFile, kernelFiles, moduleFiles } from "./tree";

/** The checkout; src/setup/run.mjs defines it. */
declare const __ROOT__: string;

/** The kernel and its modules; without the modules when only they are wrong. */
async function compile(files: FileMap): Promise<KObject> {
  const kernel = kernelFiles(files);
  const all = await compileTree(files, [...kernel, ...moduleFiles(files)]);
  if (all.kind === "compiled") return all.object;
  process.stderr.write(all.text || all.diagnostics.map((d) => `${d.message}\n`).join(""));
  process.exitCode = 1;
  if (all.diagnostics.some((d) => isKernelFile(d.file))) process.exit(1);
  const alone = await compileTree(files, kernel);
  if (alone.kind !== "compiled") process.exit(1);
  return alone.object;
}

/** Adds their descriptions to the image. */
function writeModules(object: KObject, image: KernelImage, dir: string): void {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  for (const file of modulesInOrder(object)) {
    const module = buildModule(object, image, file);
    image.modules.push(module.image);
    writeFileSync(join(dir, `${module.image.name}.ko`), module.ko);
    console.log(`${module.image.name}.ko: ${module.ko.length} bytes, from ${file}`);
  }
}

async function buildKernel(root: string): Promise<void> {
  const files = readTree(join(root, "kernel-as"));
  const object = await compile(files);
  const { wasm, image } = linkKernel(kernelPart(object), { entries: entryPoints(files) });
  image.contract = contractDigest(files);
  mkdirSync(join(root, "build/kernel"), { recursive: true });
  writeFileSync(join(root, "build/vmlinux.wasm"), wasm);
  const size = Math.round(wasm.length / 1024);
  console.log(`vmlinux.wasm: ${image.nrFunctions} functions with a slot, ${size} KiB, build ${image.build}`);
  writeModules(object, image, join(root, "build/modules"));
  writeFileSync(join(root, "build/kernel.json"), JSON.stringify(image));
  writeFileSync(join(root, "build/kernel/.stamp"), `${image.build}\n`);
}

await buildKernel(__ROOT__);
