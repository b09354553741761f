// kpatchBuildOutside.ts - kpatch-build --oot-module: a module whose source is not in the kernel's tree.
import { readIfThere } from "../make/world.ts";
import type { Tree } from "./applyDiffs.ts";
import type { OutsideModule } from "./buildJob.ts";
import { basename, readFile } from "./io.ts";
import { infoField, readModInfo } from "./ko.ts";
import { readTree } from "./sourceTree.ts";
import type { Tool } from "./tool.ts";

export interface Outside extends OutsideModule {
  /** Of the kernel that the module was built for. */
  release: string;
}

/** Null: the kernel itself is patched, or a module of its tree. */
export async function findOutside({ sys }: Tool, given: Map<string, string>): Promise<Outside | null> {
  const [file, dir] = [given.get("oot-module"), given.get("oot-module-src")];
  if (file === undefined || dir === undefined) return null;
  const running = await readFile(sys, file);
  const vermagic = infoField(readModInfo(running) ?? [], "vermagic") ?? "";
  const name = basename(file).replace(/\.ko$/, "");
  const own: Tree = await readTree(sys, dir);
  const sources = [...own].filter(([path]) => path.endsWith(".ts"));
  return {
    name,
    release: vermagic.split(" ")[0],
    sources: Object.fromEntries(sources),
    parts: partsOf(name, (await readIfThere(sys, `${dir}/.${name}.o.cmd`)) ?? ""),
    running,
  };
}

/** make wrote down which files the module was made of. */
function partsOf(name: string, command: string): string[] {
  const words = /^savedcmd_.* -o \S+ (.*)$/m.exec(command)?.[1].trim().split(/\s+/);
  return words ?? [`${name}.ts`];
}
