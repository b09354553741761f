// stampModule.ts - gives a built patch its name and says whether it replaces others.
//
// Nothing else in the file depends on them, so a patch that was built once,
// with the kernel or in an earlier step of klp-build, serves under any name.
import { concat } from "../text.ts";
import { customSection, leb, readModInfo, withModInfo, withSection } from "./ko.ts";

export interface Stamp {
  /** As its file has it, without `.ko`. */
  name: string;
  replace: boolean;
}

const KLP = ".klp.funcs";
/** Offset of the flags; bit 0 is replace. */
const FLAGS = 4;

export function stampModule(ko: Uint8Array, { name, replace }: Stamp): Uint8Array {
  const inside = name.replaceAll("-", "_");
  const info = readModInfo(ko)!.map(
    ([key, value]) => [key, key === "name" ? inside : value] as [string, string],
  );
  const klp = customSection(ko, KLP)!.slice();
  klp[FLAGS] = (klp[FLAGS] & ~1) | (replace ? 1 : 0);
  return renamed(withSection(withModInfo(ko, info), KLP, klp), inside);
}

/** Engines show the name of the name section in the stack of a trap. Its first part is the module's. */
function renamed(ko: Uint8Array, name: string): Uint8Array {
  const old = customSection(ko, "name");
  if (old === null || old[0] !== 0) return ko;
  const bytes = new TextEncoder().encode(name);
  const part = [0, ...leb(bytes.length + leb(bytes.length).length), ...leb(bytes.length), ...bytes];
  return withSection(ko, "name", concat([Uint8Array.from(part), old.subarray(2 + old[1])]));
}
