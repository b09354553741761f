/** What has to be compiled for a patch. */

import type { FileMap } from "./compile";
import type { KernelImage } from "./image";
import { interfaceOf } from "./interface";
import { kernelFiles, PATCH_INIT } from "./tree";

export interface CompileScope {
  /** The files that can differ, when not all are compiled. */
  scope: Set<string> | null;
  entries: string[];
}

interface Wanted {
  tree: FileMap;
  image: KernelImage;
  whole?: boolean;
}

/**
 * The touched files alone, when nothing but bodies differs in them. Otherwise
 * everything that may have taken something over from them: the kernel, and its
 * modules, as `make vmlinux modules` would.
 */
export function compileScope(
  { tree, image, whole }: Wanted,
  files: FileMap,
  touched: string[],
): CompileScope {
  const init = files.has(PATCH_INIT) ? [PATCH_INIT] : [];
  const scope = whole ? null : bodiesOnly(tree, files, touched);
  if (scope !== null) return { scope, entries: [...scope, ...init] };
  const modules = [...new Set(image.modules.flatMap((m) => m.files))]
    .filter((file) => files.has(file))
    .sort();
  return { scope, entries: [...kernelFiles(files), ...modules, ...init] };
}

/** The touched files when they differ in bodies of functions alone, else null. */
function bodiesOnly(before: FileMap, after: FileMap, touched: string[]): Set<string> | null {
  const kernel = new Set(kernelFiles(after));
  const same = (file: string): boolean => {
    const old = before.get(file);
    if (old === undefined || !kernel.has(file)) return false;
    return interfaceOf(old) === interfaceOf(after.get(file)!);
  };
  return touched.length > 0 && touched.every(same) ? new Set(touched) : null;
}
