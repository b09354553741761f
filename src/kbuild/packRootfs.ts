/**
 * Second half of npm run build:kernel: packs the machine's files into
 * build/rootfs.json and build/rootfs.bin. Runs after buildKernel.ts.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatches, patchedFiles } from "../user/kpatch/applyDiffs.ts";
import { AUTHOR_GUIDE, EXAMPLES } from "../user/kpatch/authorGuide.ts";
import { SOURCE } from "../user/kpatch/sourceTree.ts";
import { programs } from "../user/programs.ts";
import { doBuildJob } from "./buildJob.ts";
import type { KernelImage } from "./image.ts";
import { encodePrebuilt, prebuiltKey } from "./prebuilt.ts";
import { pack, SOURCE_TREE, systemMap, SELFTESTS } from "./rootfs.ts";

/** The checkout; src/setup/run.mjs defines it. */
declare const __ROOT__: string;

type Files = Map<string, Uint8Array>;

/** Adds the files below a folder of the checkout, as `to/...`. */
function addFolder(files: Files, from: string, to: string): void {
  if (!existsSync(from)) return;
  const entries = readdirSync(from, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const [source, target] = [join(from, entry.name), to ? `${to}/${entry.name}` : entry.name];
    if (entry.isDirectory()) addFolder(files, source, target);
    else files.set(target, readFileSync(source));
  }
}

/** As Linux installs them: the selftests' modules beside the selftests, all others by release. */
function addModules(files: Files, from: string, release: string): void {
  const modules: Files = new Map();
  addFolder(modules, from, "");
  for (const [name, bytes] of modules) {
    const selftest = name.startsWith("test_klp_");
    const dir = selftest ? `${SELFTESTS}/test_modules` : `usr/lib/modules/${release}/kernel`;
    files.set(`${dir}/${name}`, bytes);
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** What kpatch-build reads of the source tree. */
function sourceTree(files: Files): Record<string, string> {
  const prefix = `${SOURCE_TREE}/`;
  const isSource = (path: string) => path.startsWith(prefix) && SOURCE.test(path.replace(/^.*\//, ""));
  const sources = [...files].filter(([path]) => isSource(path));
  return Object.fromEntries(sources.map(([path, bytes]) => [path.slice(prefix.length), text(bytes)]));
}

/** Patches that ship with the machine: those in root's home, and the guide's examples. */
const SHIPPED = new RegExp(`^(?:root|${EXAMPLES.slice(1)})/[^/]+\\.patch$`);

/** Builds the patches that ship; their keys. */
async function prebuild(files: Files, image: KernelImage, dir: string): Promise<string[]> {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const tree = sourceTree(files);
  const keys: string[] = [];
  for (const [path, bytes] of files) {
    if (!SHIPPED.test(path)) continue;
    const applied = applyPatches(new Map(Object.entries(tree)), [{ name: path, diff: text(bytes) }]);
    if ("failed" in applied) throw new Error(`${path}: ${applied.reasons.join("; ")}`);
    const request = { tree, patched: patchedFiles(applied), name: "patch", replace: true, prebuilt: false };
    const answer = await doBuildJob(image, request);
    if (answer.kind !== "built") throw new Error(`${path}: ${JSON.stringify(answer)}`);
    const key = prebuiltKey(image.build, request);
    writeFileSync(join(dir, `${key}.json`), encodePrebuilt(answer));
    keys.push(key);
  }
  return keys;
}

/** The examples of docs/author-guide.md that are worth to be loaded and looked at. */
const SHIPPED_EXAMPLES = ["new-function", "data-new", "shadow-newpid", "callback-sets-value", "module"];

function addExamples(files: Files, root: string): void {
  for (const name of SHIPPED_EXAMPLES) {
    const patch = readFileSync(join(root, `test/patches/${name}/${name}.patch`));
    files.set(`${EXAMPLES.slice(1)}/${name}.patch`, patch);
  }
}

async function packRootfs(root: string): Promise<void> {
  const image = JSON.parse(readFileSync(join(root, "build/kernel.json"), "utf8")) as KernelImage;
  const files: Files = new Map();
  addFolder(files, join(root, "src/rootfs"), "");
  const config = files.get("boot/config")!;
  files.delete("boot/config");
  files.set(`boot/config-${image.release}`, config);
  files.set(`boot/System.map-${image.release}`, new TextEncoder().encode(systemMap(image)));
  addModules(files, join(root, "build/modules"), image.release);
  addFolder(files, join(root, "kernel-as"), SOURCE_TREE);
  addExamples(files, root);
  files.set(AUTHOR_GUIDE.slice(1), readFileSync(join(root, "docs/author-guide.md")));
  const prebuilt = await prebuild(files, image, join(root, "build/prebuilt"));
  const { packed, contents } = pack(image, files, prebuilt, [...programs.keys()]);
  writeFileSync(join(root, "build/rootfs.json"), JSON.stringify(packed));
  writeFileSync(join(root, "build/rootfs.bin"), contents);
  const size = Math.round(contents.length / 1024);
  console.log(`rootfs: ${packed.files.length} files, ${size} KiB, ${prebuilt.length} prebuilt patches`);
}

await packRootfs(__ROOT__);
