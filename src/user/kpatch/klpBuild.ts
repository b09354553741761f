// klpBuild.ts - the command `klp-build`, the kernel's own builder of patch modules.
//
// The second front end of the one pipeline: it differs from kpatch-build in
// its words, its work folder klp-tmp/ and in being run from the tree's root.
import { applyPatches, withoutSignature, type Tree } from "./applyDiffs.ts";
import type { BuildAnswer, BuildRequest, PatchText } from "./buildJob.ts";
import { adviceLines } from "./findings.ts";
import { basename, isDir, isFile, listDir, makeDirs, readAttr, readText, writeFile } from "./io.ts";
import { klpDie, readKlpOptions, type KlpOptions } from "./klpBuildOptions.ts";
import { PATH_ADVICE, readTree, unsupportedPaths } from "./sourceTree.ts";
import { tool, type Tool } from "./tool.ts";

const TMP = "klp-tmp";

/** What each step says, in order. */
const STEP_LINES = [
  ["Building original kernel", "Copying original object files"],
  ["Fixing patch(es)", "Building patched kernel", "Copying patched object files"],
  ["Generating original checksums", "Generating patched checksums"],
  ["Diffing objects"],
];

export const klpBuild = tool("klp-build", async (tool) => {
  const options = await readKlpOptions(tool);
  await checkRoot(tool);
  if (options.step > 1) await needTmp(tool, options);
  const tree = await readTree(tool.sys, await tool.sys.getcwd());
  await tool.out("Validating patch(es)");
  const patches = await readPatches(tool, options);
  const changed = await testPatches(tool, tree, patches);
  for (const line of STEP_LINES.slice(options.step - 1).flat()) await tool.out(line);
  const answer = await build(tool, tree, patches, options);
  if (options.has("keep-tmp")) await keepTmp(tool, tree, changed, answer);
  else await removeTree(tool, TMP);
  await finish(tool, answer, options);
  return 0;
});

async function checkRoot(tool: Tool): Promise<void> {
  if (!(await isDir(tool.sys, "kernel/livepatch")))
    await klpDie(tool, "please run from the kernel root directory");
  const { release } = await tool.sys.uname();
  const config = (await isFile(tool.sys, ".config")) ? ".config" : `/boot/config-${release}`;
  const text = (await isFile(tool.sys, config)) ? await readText(tool.sys, config) : "";
  for (const option of ["CONFIG_LIVEPATCH", "CONFIG_KLP_BUILD"]) {
    if (!new RegExp(`^${option}=y$`, "m").test(text)) await klpDie(tool, `${option} not enabled`);
  }
}

async function needTmp(tool: Tool, { step }: KlpOptions): Promise<void> {
  if ((await readAttr(tool.sys, `${TMP}/.step`)) === null) {
    await klpDie(tool, `--short-circuit=${step} requires a prior --keep-tmp`);
  }
}

async function readPatches(tool: Tool, { patches }: KlpOptions): Promise<PatchText[]> {
  const texts: PatchText[] = [];
  for (const path of patches) {
    if (!(await isFile(tool.sys, path))) await klpDie(tool, `${path} doesn't exist`);
    const diff = withoutSignature(await readText(tool.sys, path));
    const [bad] = unsupportedPaths(diff);
    if (bad) {
      await tool.err(adviceLines(PATH_ADVICE).join("\n"));
      await klpDie(tool, `${path}: unsupported patch to ${bad.file}`);
    }
    texts.push({ name: basename(path), diff });
  }
  return texts;
}

async function testPatches(tool: Tool, tree: Tree, patches: PatchText[]): Promise<Tree> {
  const applied = applyPatches(tree, patches);
  if ("failed" in applied) {
    await tool.err(applied.reasons.join("\n"));
    return klpDie(tool, `${applied.failed} did not apply`);
  }
  return new Map(applied.changed.map((path) => [path, applied.tree.get(path) ?? ""]));
}

async function build(
  tool: Tool,
  tree: Tree,
  patches: PatchText[],
  options: KlpOptions,
): Promise<BuildAnswer> {
  const request: BuildRequest = {
    tree: Object.fromEntries(tree),
    patches,
    name: basename(options.output).replace(/\.ko$/, ""),
    replace: !options.has("no-replace"),
    prebuilt: !options.has("no-prebuilt"),
  };
  return (await tool.sys.hostJob({ kind: "build-patch", request })) as BuildAnswer;
}

/** klp-tmp/: the changed sources of both sides, and what the comparison found. */
async function keepTmp(tool: Tool, tree: Tree, changed: Tree, answer: BuildAnswer): Promise<void> {
  for (const [path, text] of changed) {
    await put(tool, `orig/${path}`, tree.get(path) ?? "");
    await put(tool, `patched/${path}`, text);
  }
  const notes = "notes" in answer ? answer.notes : [];
  await put(
    tool,
    "diff/functions",
    notes.map(({ kind, func, file }) => `${kind} ${func} ${file}\n`).join(""),
  );
  if (answer.kind === "built") await put(tool, "kmod/module.ko", answer.ko);
  await put(tool, ".step", `${answer.kind}\n`);
}

async function put(tool: Tool, path: string, content: string | Uint8Array): Promise<void> {
  await makeDirs(tool.sys, `${TMP}/${path}`.replace(/\/[^/]*$/, ""));
  await writeFile(tool.sys, `${TMP}/${path}`, content);
}

async function removeTree(tool: Tool, dir: string): Promise<void> {
  if (!(await isDir(tool.sys, dir))) return;
  for (const name of await listDir(tool.sys, dir)) {
    const path = `${dir}/${name}`;
    if (await isDir(tool.sys, path)) await removeTree(tool, path);
    else await tool.sys.unlink(path);
  }
  if (dir === TMP) await tool.sys.unlink(`${TMP}/.step`);
  await tool.sys.rmdir(dir);
}

async function finish(tool: Tool, answer: BuildAnswer, { output }: KlpOptions): Promise<void> {
  if (answer.kind === "compile-error") {
    await tool.err(answer.text.trimEnd());
    return klpDie(tool, `failed to build ${answer.original ? "original" : "patched"} kernel`);
  }
  if (answer.kind === "no-objects") return klpDie(tool, "no changes detected");
  for (const { kind, func } of answer.notes) {
    if (kind === "changed" || kind === "new") await tool.out(`vmlinux.o: ${kind} function: ${func}`);
  }
  for (const { text, ours, ...explained } of answer.warnings) {
    await tool.err(ours ? `patchbay: warning: ${text}` : `vmlinux.o: warning: objtool: ${text}`);
    for (const line of adviceLines(explained)) await tool.err(line);
  }
  if (answer.kind === "refused") return refuse(tool, answer);
  if (answer.kind === "no-change") return klpDie(tool, "no changes detected");
  if (answer.kind === "undefined") return klpDie(tool, `undefined symbols: ${answer.symbols.join(" ")}`);
  await tool.out(`Building patch module: ${basename(output)}`);
  await writeFile(tool.sys, output, answer.ko);
  await tool.out("SUCCESS");
}

async function refuse(tool: Tool, { refusals }: Extract<BuildAnswer, { kind: "refused" }>): Promise<never> {
  for (const refusal of refusals) {
    for (const detail of refusal.details) await tool.err(`vmlinux.o: error: objtool: ${detail}`);
    for (const line of adviceLines(refusal)) await tool.err(line);
  }
  return klpDie(tool, "objtool klp diff failed");
}
