/**
 * Makes modules from a compiled object: those of the tree (samples/, tools/),
 * and what outOfTree.ts compiles beside it.
 */

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
export function moduleRoots(object: KObject): string[] {
  const roots = [...object.functions.values()].filter((f) => bareName(f.name) === "init_module");
  return roots.map((f) => f.file);
}

/**
 * @param file the module's own file; what it uses from files that belong
 *   neither to the kernel nor to another module comes along
 * @param name what it will be called when it is loaded
 */
export function buildModule(
  object: KObject,
  kernel: KernelImage,
  file: string,
  name = moduleName(file),
): BuiltModule {
  const roots = new Set(moduleRoots(object));
  const others = new KernelIndex({ ...kernel, modules: otherModules(kernel, file) });
  const include = ownFunctions(object, others, file, roots);
  const depends = dependencies(object, include, file, roots);
  const { ko, image } = linkModule({
    object,
    kernel: others,
    include,
    modinfo: moduleInfo(object, file, name, depends, kernel.build),
    params: moduleParams(object, file),
  });
  // Pieces of the kernel that melt into a module are none of its source.
  const own = image.functions.filter((f) => f.kind !== "inline");
  const files = [...new Set(own.map((f) => f.file))];
  const layouts = [...object.layouts].filter(([name]) => files.includes(fileOf(name)));
  return { ko, image: { ...inModule(name, file, files, image), layouts: Object.fromEntries(layouts) } };
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

function inModule(module: string, root: string, files: string[], image: LinkedModule["image"]) {
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
