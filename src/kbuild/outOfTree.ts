/**
 * Modules whose source lies outside of the kernel's tree, as `make M=DIR`
 * builds them.
 *
 * Their files are compiled as `modules/…` beside the tree. An import that
 * stays among them is theirs; any other, bare ("kernel/printk/printk") or by
 * as many "../" as it likes, is of the tree, as `#include <…>` is: so a copy
 * of a sample builds wherever it lies.
 */

import type { ModuleAnswer, ModuleRequest } from "../user/make/buildJobs";
import { buildModule, moduleRoots, modulesInOrder } from "./buildModule";
import { compileTree, type FileMap } from "./compile";
import type { Diagnostic } from "./diagnostics";
import type { KernelImage, ModuleImage } from "./image";
import { ARGUMENTS_LENGTH } from "./object";

export const PLACE = "modules/";

type Compiled = Awaited<ReturnType<typeof compileTree>>;

/** A module's directory, and the tree of the kernel it is for. */
export type Outside = Pick<ModuleRequest, "tree" | "sources" | "parts" | "name">;

export interface Linked {
  kind: "linked";
  ko: Uint8Array;
  image: ModuleImage;
  /** The kernel with the modules that this one calls into. */
  kernel: KernelImage;
  compiled: Extract<Compiled, { kind: "compiled" }>;
}

export async function linkOutside(
  image: KernelImage,
  request: Outside,
): Promise<Linked | Extract<Compiled, { kind: "compile-error" }> | { kind: "no-module" }> {
  const tree: FileMap = new Map(Object.entries(request.tree));
  const parts = request.parts.map((part) => PLACE + part);
  const counts = image.globals.some((g) => g.name === ARGUMENTS_LENGTH);
  const compiled = await compileTree(withSources(tree, request.sources), parts, counts);
  if (compiled.kind === "compile-error") return compiled;
  const { object } = compiled;
  const root = moduleRoots(object).find((file) => parts.includes(file));
  if (root === undefined) return { kind: "no-module" };
  const kernel = { ...image, modules: [...image.modules] };
  for (const file of modulesInOrder(object)) {
    // Modules it calls into, of the same directory.
    if (file !== root && file.startsWith(PLACE)) kernel.modules.push(buildModule(object, kernel, file).image);
  }
  const built = buildModule(object, kernel, root, request.name.replaceAll("-", "_"));
  return { kind: "linked", ...built, kernel, compiled };
}

/** Answers the job; never throws for what an author can do wrong. */
export async function buildOutOfTree(image: KernelImage, request: ModuleRequest): Promise<ModuleAnswer> {
  const linked = await linkOutside(image, request);
  if (linked.kind === "compile-error") {
    return { kind: "compile-error", diagnostics: linked.diagnostics.map(fromOutside) };
  }
  if (linked.kind === "no-module") return linked;
  const { ko, compiled } = linked;
  const own = compiled.read.filter((file) => file.startsWith(PLACE));
  return {
    kind: "built",
    ko,
    own: own.map((file) => file.slice(PLACE.length)),
    tree: compiled.read.filter((file) => file in request.tree),
    warnings: compiled.warnings.filter((w) => own.includes(w.file)).map(fromOutside),
  };
}

function fromOutside(d: Diagnostic): Diagnostic {
  return { ...d, file: d.file.startsWith(PLACE) ? d.file.slice(PLACE.length) : `/${d.file}` };
}

/** The tree with a module's files in their place. */
export function withSources(tree: FileMap, sources: Record<string, string>): FileMap {
  const files = new Map(tree);
  for (const [path, text] of Object.entries(sources)) {
    files.set(PLACE + path, bindImports(tree, sources, path, text));
  }
  return files;
}

const IMPORT = /^(\s*(?:import|export)\b[^"';]*?\bfrom\s*|\}\s*from\s*|\s*import\s*)(["'])([^"'\n]+)\2/gm;

/** The text with imports of the tree made relative; all else stays where it is. */
function bindImports(tree: FileMap, sources: Record<string, string>, path: string, text: string): string {
  const up = "../".repeat(PLACE.split("/").length - 1 + path.split("/").length - 1);
  return text.replace(IMPORT, (whole, head: string, quote: string, target: string) => {
    if (target.startsWith(".") && `${join(path, target)}.ts` in sources) return whole;
    const inTree = target.replace(/^(\.\.?\/)+/, "");
    return tree.has(`${inTree}.ts`) ? `${head}${quote}${up}${inTree}${quote}` : whole;
  });
}

/** `target` as seen from the file `path`. */
function join(path: string, target: string): string {
  const parts = path.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "..") {
      // Above the module's directory there is nothing of it.
      if (parts.pop() === undefined) return "";
    } else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
