/**
 * Which files of the source tree belong to what: the kernel itself, modules
 * (each compiled with the tree, linked alone), and what the patch builder adds.
 */

import type { FileMap } from "./compile";

/** Folders whose files are modules of their own, as Linux has them. */
const MODULE_FOLDERS = ["samples/", "tools/", "modules/", "net/core/", "net/ipv4/", "drivers/net/"];

/** Linked into every patch, and into nothing else. */
export const PATCH_INIT = "scripts/livepatch/init.ts";

/** One bare name a line: what the host calls. */
export const ENTRY_LIST = "entries.txt";

/** False for modules and for what is linked into patches. */
export function isKernelFile(path: string): boolean {
  return isSource(path) && !isModuleFile(path) && !path.startsWith("scripts/");
}

function isModuleFile(path: string): boolean {
  return MODULE_FOLDERS.some((folder) => path.startsWith(folder));
}

/** Every file vmlinux consists of, in link order. */
export function kernelFiles(files: FileMap): string[] {
  return [...files.keys()].filter(isKernelFile).sort();
}

/** Module sources of the tree. */
export function moduleFiles(files: FileMap): string[] {
  return [...files.keys()].filter((path) => isSource(path) && isModuleFile(path)).sort();
}

export function entryPoints(files: FileMap): string[] {
  const lines = (files.get(ENTRY_LIST) ?? "").split("\n");
  return lines.map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
}

export function isSource(path: string): boolean {
  return path.endsWith(".ts") && !path.endsWith(".d.ts");
}
