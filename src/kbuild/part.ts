/**
 * The part of an object that is the kernel: the tree is compiled together
 * with its modules, and each is linked from the functions of its own files.
 */

import type { KData, KFunction, KObject } from "./kobject";
import { isKernelFile } from "./tree";

export function kernelPart(object: KObject): KObject {
  const functions = reachableFunctions(object);
  const globals = new Map([...object.globals].filter(([name]) => isKernelName(name)));
  const names = new Set([...functions.values()].flatMap((f) => f.data));
  for (const { init } of globals.values()) if ("data" in init) names.add(init.data);
  for (const [name, init] of object.constants) {
    if ("data" in init && isKernelName(name) && object.data.get(init.data)?.kind === "buffer")
      names.add(init.data);
  }
  const data = reachableData(object, names);
  const called = new Set([...functions.values()].flatMap((f) => f.callees));
  const read = new Set([...functions.values()].flatMap((f) => f.globals));
  return {
    ...object,
    functions,
    globals,
    data,
    functionImports: new Map([...object.functionImports].filter(([name]) => called.has(name))),
    globalImports: new Map([...object.globalImports].filter(([name]) => read.has(name))),
    layouts: new Map([...object.layouts].filter(([name]) => isKernelName(name))),
  };
}

/** Path names begin with the path of their file, library names with `~`. */
function isKernelName(name: string): boolean {
  return name.startsWith("~") || isKernelFile(`${name}.ts`);
}

/** All functions of kernel files, and library pieces they use. */
function reachableFunctions(object: KObject): Map<string, KFunction> {
  const found = new Set<string>();
  const visit = (f: KFunction): void => {
    if (found.has(f.name)) return;
    found.add(f.name);
    for (const name of f.callees) {
      const callee = object.functions.get(name);
      if (callee) visit(callee);
    }
  };
  for (const f of object.functions.values()) {
    if (isKernelFile(f.file) && f.kind !== "inline") visit(f);
  }
  return new Map([...object.functions].filter(([name]) => found.has(name)));
}

function reachableData(object: KObject, names: Set<string>): Map<string, KData> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const item = object.data.get(name);
    if (!item || found.has(name)) return;
    found.add(name);
    for (const { target } of item.relocs) if ("data" in target) visit(target.data);
  };
  names.forEach(visit);
  return new Map([...object.data].filter(([name]) => found.has(name)));
}
