// systemMap.ts - names for a kernel that was shipped without them, from the System.map beside it.
//
// A page's vmlinux has no name section: it would be a sixth of what is loaded.

import { attempt } from "../errno.ts";
import { readFile } from "../kpatch/io.ts";
import type { SysCalls } from "../sys.ts";
import type { WasmFile } from "./wasmFile.ts";

/** An address is its table entry times 16 above Linux's text (kernel-as/kernel/kallsyms.ts). */
const TEXT_BASE = 0xffffffff81000000n;
const ENTRY = 16n;

/** The file beside a kernel image, by the image's name; null for other files. */
function mapOf(path: string): string | null {
  const found = /^(.*)vmlinux([^/]*)$/.exec(path);
  return found && `${found[1]}System.map${found[2]}`;
}

/** Gives a kernel's functions the names of its System.map, when it has none of its own. */
export async function addNames(sys: SysCalls, path: string, file: WasmFile): Promise<void> {
  const map = mapOf(path);
  if (map === null || file.sections.some(({ id, name }) => id === 0 && name === "name")) return;
  const text = await attempt(readFile(sys, map));
  if (text.ok) nameFunctions(file, new TextDecoder().decode(text.value));
}

export function nameFunctions(file: WasmFile, map: string): void {
  for (const [, address, name] of map.matchAll(/^([0-9a-f]+) [tT] (\S+)$/gm)) {
    const entry = Number((BigInt(`0x${address}`) - TEXT_BASE) / ENTRY);
    const index = file.table.get(entry);
    if (index !== undefined) file.functionNames.set(index, name!);
  }
  for (const f of file.functions) f.name = file.functionNames.get(f.index) ?? f.name;
}
