// vulnerable.ts - our kernel with bugs of test/patches/cve/ in it: their fixes taken back.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatch, parsePatch, reversePatch } from "diff";
import type { Checkout } from "../../src/cli/checkout.ts";
import { readFolder } from "./readFolder.ts";
import { compileTree, type FileMap } from "../../src/kbuild/compile.ts";
import { linkKernel } from "../../src/kbuild/link.ts";
import { entryPoints, kernelFiles } from "../../src/kbuild/tree.ts";
import { checkout } from "../tools/live.ts";

const TREE = "usr/src/linux/";
export const CVES = join(import.meta.dirname, "cve");
export const cves = readdirSync(CVES).sort();
/** Bugs that spoil memory, which the others' exploits would meet: each has a kernel of its own. */
const ALONE = ["fifo-use-after-free"];

export const readCve = (name: string, file: string): string => readFileSync(join(CVES, name, file), "utf8");

/** Takes a fix back; the patch says what the bug was. */
function unfix(tree: FileMap, name: string): void {
  for (const file of parsePatch(readCve(name, `${name}.patch`))) {
    const path = (file.newFileName ?? "").replace(/^b\//, "");
    const text = applyPatch(tree.get(path) ?? "", reversePatch(file), { fuzzFactor: 2 });
    if (text === false) throw new Error(`cve/${name}: ${path} is no longer what the fix makes it`);
    tree.set(path, text);
  }
}

/** The bugs that are in the kernel on which `name` is tried. */
export function bugsWith(name: string): string[] {
  return ALONE.includes(name) ? [name] : cves.filter((other) => !ALONE.includes(other));
}

/** The kernel with those bugs, with its own source in /usr/src/linux. */
export async function vulnerableCheckout(bugs: readonly string[]): Promise<Checkout> {
  const tree: FileMap = readFolder(join(import.meta.dirname, "../../kernel-as"));
  const fixed = new Map(tree);
  for (const name of bugs) unfix(tree, name);
  const compiled = await compileTree(tree, kernelFiles(tree));
  if (compiled.kind !== "compiled") throw new Error(compiled.text);
  const { wasm, image } = linkKernel(compiled.object, { entries: entryPoints(tree) });
  return withSources({ ...checkout, vmlinux: wasm, image }, tree, fixed);
}

/** Replaces the sources that differ; nothing built before is for this kernel. */
function withSources(made: Checkout, tree: FileMap, original: FileMap): Checkout {
  const encoder = new TextEncoder();
  let contents = made.contents;
  const files = made.packed.files.map((file) => {
    const path = file.path.startsWith(TREE) ? file.path.slice(TREE.length) : "";
    const text = tree.get(path);
    if (text === undefined || text === original.get(path)) return file;
    const bytes = encoder.encode(text);
    const offset = contents.length;
    const longer = new Uint8Array(offset + bytes.length);
    longer.set(contents);
    longer.set(bytes, offset);
    contents = longer;
    return { path: file.path, offset, size: bytes.length };
  });
  return { ...made, contents, packed: { ...made.packed, build: made.image.build, prebuilt: [], files } };
}
