/** Declared symbols that nobody defines: a module that names one can not be loaded. */

import { importName } from "./image";
import type { Included } from "./include";
import type { KernelIndex } from "./kernelIndex";
import type { KImport, KObject } from "./kobject";

/** What every module may name: the loader and the module writer provide it. */
const LINKER = "env.__this_module";

export function undefinedSymbols(included: Included, kernel: KernelIndex, object: KObject): string[] {
  const known = new Set([...kernel.image.imports, LINKER]);
  const used = [...included.changed, ...included.added].flatMap((name) => {
    const { callees, globals } = object.functions.get(name)!;
    const imports: (KImport | undefined)[] = [
      ...callees.map((callee) => object.functionImports.get(callee)),
      ...globals.map((global) => object.globalImports.get(global)),
    ];
    return imports.filter((i) => i !== undefined && !known.has(importName(i)));
  });
  return [...new Set(used.map((i) => i!.base))].sort();
}
