/**
 * Makes modules from sources: those of the tree (samples/, tools/) and sources
 * outside of it that import kernel files, as an out-of-tree module does.
 */

import { compileTree, type FileMap } from "./compile";
import type { Diagnostic } from "./diagnostics";
import type { KernelImage, ModuleImage } from "./image";
import { references } from "./include";
import { KernelIndex } from "./kernelIndex";
import type { KObject } from "./kobject";
import { moduleInfo, moduleParams } from "./modinfo";
import { linkModule, type LinkedModule } from "./module";
import { bareName, fileOf } from "./names";

export interface BuiltModule {
  ko: Uint8Array;
  image: ModuleImage;
}

/** `samples/livepatch/livepatch-sample.ts` → `livepatch_sample`. */
export function moduleName(file: string): string {
  return file.replace(/^.*\//, "").replace(/\.ts$/, "").replaceAll("-", "_");
}

/** Files of an object that are modules: those that define init_module. */
function moduleRoots(object: KObject): string[] {
  const roots = [...object.functions.values()].filter((f) => bareName(f.name) === "init_module");
  return roots.map((f) => f.file);
}

/**
 * @param file the module's own file; what it uses from files that belong
 *   neither to the kernel nor to another module comes along
 */
export function buildModule(object: KObject, kernel: KernelImage, file: string): BuiltModule {
  const roots = new Set(moduleRoots(object));
  const others = { ...kernel, modules: otherModules(kernel, file) };
  const include = ownFunctions(object, new KernelIndex(others), file, roots);
  const name = moduleName(file);
  const depends = dependencies(object, include, file, roots);
  const { ko, image } = linkModule({
    object,
    kernel: others,
    include,
    modinfo: moduleInfo(object, file, name, depends, kernel.build),
    params: moduleParams(object, file),
  });
  const files = [...new Set(image.functions.map((f) => f.file))].filter((f) => !f.startsWith("~"));
  return { ko, image: inModule(name, file, files, image) };
}

/** What other modules offer: their own functions, not their copies of helpers. */
function otherModules(kernel: KernelImage, file: string): ModuleImage[] {
  return kernel.modules
    .filter((m) => m.root !== file)
    .map((m) => {
      const theirs = <T extends { name: string }>(list: T[]) =>
        list.filter(({ name }) => fileOf(name) === m.root);
      return { ...m, functions: theirs(m.functions), globals: theirs(m.globals), data: theirs(m.data) };
    });
}

function inModule(module: string, root: string, files: string[], image: LinkedModule["image"]): ModuleImage {
  const mark = <T>(list: T[]) => list.map((x) => ({ ...x, module }));
  const { functions, globals, data } = image;
  return { name: module, root, files, functions: mark(functions), globals: mark(globals), data: mark(data) };
}

/** Functions of the file, and of helper files it reaches. */
function ownFunctions(object: KObject, kernel: KernelIndex, file: string, roots: Set<string>): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const f = object.functions.get(name);
    if (!f || found.has(name) || f.kind === "inline" || kernel.functions.has(name)) return;
    if (f.file !== file && roots.has(f.file)) return;
    found.add(name);
    references(f, object).forEach(visit);
  };
  for (const f of object.functions.values()) if (f.file === file) visit(f.name);
  return [...found];
}

/** Names of the other modules whose functions it calls. */
function dependencies(object: KObject, include: string[], file: string, roots: Set<string>): string[] {
  const files = include.flatMap((name) => calledFiles(object, name));
  return [...new Set(files.filter((other) => other !== file && roots.has(other)).map(moduleName))].sort();
}

function calledFiles(object: KObject, name: string): string[] {
  return object.functions.get(name)!.callees.map((callee) => object.functions.get(callee)?.file ?? "");
}

/** All modules of an object, each behind those whose functions it calls. */
export function modulesInOrder(object: KObject): string[] {
  const roots = new Set(moduleRoots(object));
  const ordered = new Set<string>();
  const visiting = new Set<string>();
  const visit = (file: string): void => {
    if (visiting.has(file)) return;
    visiting.add(file);
    for (const f of object.functions.values()) {
      if (f.file === file)
        calledFiles(object, f.name)
          .filter((other) => roots.has(other))
          .forEach(visit);
    }
    ordered.add(file);
  };
  roots.forEach(visit);
  return [...ordered];
}

export type ModuleOutcome =
  | { kind: "built"; ko: Uint8Array; name: string }
  | { kind: "compile-error"; diagnostics: Diagnostic[]; text: string }
  /** The source defines no init_module. */
  | { kind: "no-module" };

/**
 * Builds an out-of-tree module: a source that imports kernel files by paths
 * relative to `file`, which is where it stands beside the tree, for example
 * `modules/hello.ts` with imports from "../kernel/printk/printk".
 */
export async function buildExternalModule(
  tree: FileMap,
  kernel: KernelImage,
  file: string,
  text: string,
): Promise<ModuleOutcome> {
  const compiled = await compileTree(new Map(tree).set(file, text), [file]);
  if (compiled.kind === "compile-error") return compiled;
  if (!moduleRoots(compiled.object).includes(file)) return { kind: "no-module" };
  const { ko } = buildModule(compiled.object, kernel, file);
  return { kind: "built", ko, name: moduleName(file) };
}
