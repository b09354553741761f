// sourceTree.ts - a kernel source tree read through system calls.
import { Open } from "../../../kernel-as/abi.ts";
import type { SysCalls } from "../sys.ts";
import type { Tree } from "./applyDiffs.ts";
import { readText } from "./io.ts";

const DT_DIR = 4;
const DT_REG = 8;

/** What a build reads; everything else in the tree is its product. */
export const SOURCE = /(\.ts|\.txt|^Makefile|^Kbuild)$/;

/** Files by path relative to `dir`, in byte order. */
export async function readTree(sys: SysCalls, dir: string): Promise<Tree> {
  const paths = (await walk(sys, dir, "")).sort((a, b) => (a < b ? -1 : 1));
  const tree: Tree = new Map();
  for (const path of paths) tree.set(path, await readText(sys, `${dir}/${path}`));
  return tree;
}

async function walk(sys: SysCalls, root: string, prefix: string): Promise<string[]> {
  const fd = await sys.open(`${root}/${prefix}`, Open.RDONLY | Open.DIRECTORY);
  const paths: string[] = [];
  const dirs: string[] = [];
  for (;;) {
    const entries = await sys.getdents(fd);
    if (entries.length === 0) break;
    for (const { name, type } of entries) {
      if (name.startsWith(".")) continue;
      if (type === DT_DIR) dirs.push(`${prefix}${name}/`);
      else if (type === DT_REG && SOURCE.test(name)) paths.push(prefix + name);
    }
  }
  await sys.close(fd);
  for (const dir of dirs) if (dir !== "klp-tmp/") paths.push(...(await walk(sys, root, dir)));
  return paths;
}

export interface RefusedPath {
  /** In kpatch-build's words. */
  area: string;
  file: string;
}

/** What both tools say after they refused a path. */
export const PATH_ADVICE = {
  why: "No patch can change it: library code and assembly have no slots.",
  advice: "Change the functions that use it, or give them a copy of their own.",
  section: "paths",
};

/** Files that a patch may not touch, known by their paths before anything is built. */
export function unsupportedPaths(diff: string): RefusedPath[] {
  const lines = diff.matchAll(/^(?:---|\+\+\+) [^/\s]+\/([^\t\n]+)/gm);
  const files = new Set([...lines].map((match) => match[1]));
  return [...files].flatMap((file) => {
    if (file.startsWith("lib/")) return [{ area: "lib/", file }];
    return file.endsWith(".S") ? [{ area: "assembly", file }] : [];
  });
}
