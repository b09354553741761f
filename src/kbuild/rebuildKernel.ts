/**
 * `make` in the kernel's source tree: the whole kernel and its modules from
 * the tree of a running machine, as an image that the machine's host can start.
 */

import type { CompileError, KernelAnswer, KernelRequest } from "../user/make/buildJobs";
import { buildModule, modulesInOrder } from "./buildModule";
import { compileTree, type FileMap } from "./compile";
import { contractDigest, type KernelImage } from "./image";
import { packDescription } from "./description";
import type { KObject } from "./kobject";
import { linkKernel } from "./link";
import { kernelPart } from "./part";
import { rootsOf, systemMap } from "./rootfs";
import { entryPoints, kernelFiles, moduleFiles } from "./tree";
import { custom, readSections, writeSections } from "./wasmSections";

/** @param shipped describes the kernel that came with the host */
export async function rebuildKernel(shipped: KernelImage, request: KernelRequest): Promise<KernelAnswer> {
  const tree: FileMap = new Map(Object.entries(request.tree));
  const broken = await brokenContract(shipped, tree);
  if (broken) return broken;
  const compiled = await compileTree(tree, [...kernelFiles(tree), ...moduleFiles(tree)]);
  if (compiled.kind === "compile-error") {
    const diagnostics = compiled.diagnostics.map((d) => ({ ...d, file: `/${d.file}` }));
    return { kind: "compile-error", diagnostics };
  }
  const { object } = compiled;
  const { wasm, image } = linkKernel(kernelPart(object), { entries: entryPoints(tree) });
  image.contract = shipped.contract;
  const modules = linkModules(object, image);
  const vmlinux = await bootable(wasm, image, shipped.build);
  return { kind: "built", vmlinux, modules, systemMap: systemMap(image), build: image.build };
}

/** What host and kernel share is in two files that the host was built with, too. */
async function brokenContract(shipped: KernelImage, tree: FileMap): Promise<CompileError | null> {
  if (contractDigest(tree) === shipped.contract) return null;
  const message = "the host has its own copy of abi.ts and host.ts: they cannot be changed from inside";
  return {
    kind: "compile-error",
    diagnostics: [{ file: "/abi.ts", line: 1, column: 1, length: 0, message }],
  };
}

/** Adds their descriptions to the image. */
function linkModules(object: KObject, image: KernelImage): { file: string; name: string; ko: Uint8Array }[] {
  return modulesInOrder(object).map((file) => {
    const { ko, image: module } = buildModule(object, image, file);
    image.modules.push(module);
    return { file, name: module.name, ko };
  });
}

/** With what a host must know to start it, and a patch builder to patch it. */
async function bootable(wasm: Uint8Array, image: KernelImage, host: string): Promise<Uint8Array> {
  const boot = { host, roots: rootsOf(image) };
  return writeSections([
    custom(".patchbay.image", await packDescription(image)),
    custom(".patchbay.boot", new TextEncoder().encode(JSON.stringify(boot))),
    ...readSections(wasm),
  ]);
}
