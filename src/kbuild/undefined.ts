/** Declared symbols that nobody defines: a module that names one can not be loaded. */

import { importName } from "./image";
import type { Included } from "./include";
import type { KernelIndex } from "./kernelIndex";
import type { KImport, KObject } from "./kobject";

/** What every module may name: the loader and the module writer provide it. */
const LINKER = "env.__this_module";

export function undefinedSymbols(included: Included, kernel: KernelIndex, object: KObject): string[] {
  const known = new Set([...kernel.image.imports, LINKER]);
  const used = withLibrary([...included.changed, ...included.added], object).flatMap((name) => {
    const { callees, globals } = object.functions.get(name)!;
    const imports: (KImport | undefined)[] = [
      ...callees.map((callee) => object.functionImports.get(callee)),
      ...globals.map((global) => object.globalImports.get(global)),
    ];
    return imports.filter((i) => i !== undefined && !known.has(importName(i)));
  });
  return [...new Set(used.map((i) => i!.base))].sort();
}

/** And the library pieces that melt into them: Math.random() calls what no kernel has. */
function withLibrary(names: string[], object: KObject): string[] {
  const found = new Set(names);
  for (const name of found) {
    for (const callee of object.functions.get(name)!.callees) {
      if (object.functions.get(callee)?.kind === "inline") found.add(callee);
    }
  }
  return [...found];
}
