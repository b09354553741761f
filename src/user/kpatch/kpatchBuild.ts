// kpatchBuild.ts - the command `kpatch-build`: a diff becomes a patch module.
//
// Reads the tree and the patches, tests them, has the host compile and compare
// (one job), and tells the story in kpatch-build's phases. The tree on disk is
// never changed.
import { applyPatches, patchedFiles, withoutSignature, type PatchText, type Tree } from "./applyDiffs.ts";
import type { BuildAnswer, BuildRequest } from "./buildJob.ts";
import { BuildLog } from "./buildLog.ts";
import { adviceLines, noteLine, refusalLines, warningLines } from "./findings.ts";
import { basename, makeDirs, readText, writeFile } from "./io.ts";
import { moduleName, readOptions, type BuildOptions } from "./kpatchBuildOptions.ts";
import { checkOptions, findTree } from "./kpatchBuildTree.ts";
import { PATH_ADVICE, readTree, unsupportedPaths } from "./sourceTree.ts";
import { tool, type Tool } from "./tool.ts";

export const kpatchBuild = tool("kpatch-build", async (tool) => {
  const options = await readOptions(tool);
  const log = BuildLog.of(tool);
  await checkOptions(tool, log, options);
  await log.open();
  const dir = await findTree(tool, log, options);
  const tree = await readTree(tool.sys, dir);
  const patches = await readPatches(tool, log, options);
  const patched = await testPatches(tool, log, tree, patches);
  if (options.debug > 0) await keepScratch(tool, log, tree, patched);
  await tool.out("Reading special section data\nBuilding original source");
  const name = moduleName(options.patches, options.given.get("name"));
  const answer = await build(tool, tree, patched, name, options);
  await finish(tool, log, name, answer, options);
  return 0;
});

async function readPatches(tool: Tool, log: BuildLog, { patches }: BuildOptions): Promise<PatchText[]> {
  const texts: PatchText[] = [];
  let refused = false;
  for (const path of patches) {
    const diff = withoutSignature(await readText(tool.sys, path));
    for (const { area, file } of unsupportedPaths(diff)) {
      await tool.err(`ERROR: ${basename(path)}: unsupported patch to ${area}: ${file}`);
      refused = true;
    }
    texts.push({ name: basename(path), diff });
  }
  if (refused) {
    await tool.err(adviceLines(PATH_ADVICE).join("\n"));
    await log.die("Unsupported changes detected");
  }
  return texts;
}

type Patched = BuildRequest["patched"];

/** The patched files; the tool ends when a patch does not apply. */
async function testPatches(tool: Tool, log: BuildLog, tree: Tree, patches: PatchText[]): Promise<Patched> {
  await tool.out("Testing patch file(s)");
  const applied = applyPatches(tree, patches);
  log.add(...applied.log);
  if ("failed" in applied) {
    // kpatch-build hides these in the log; without them nobody can help himself.
    await tool.err(applied.reasons.join("\n"));
    return log.die(`${applied.failed} file failed to apply`);
  }
  return patchedFiles(applied);
}

/** -d keeps what was compared, as files to look at. */
async function keepScratch(tool: Tool, log: BuildLog, tree: Tree, patched: Patched): Promise<void> {
  for (const [path, text] of Object.entries(patched)) {
    for (const [side, content] of [
      ["orig", tree.get(path) ?? ""],
      ["patched", text ?? ""],
    ]) {
      const file = `${log.cacheDir}/tmp/${side}/${path}`;
      await makeDirs(tool.sys, file.replace(/\/[^/]*$/, ""));
      await writeFile(tool.sys, file, content);
    }
  }
}

async function build(
  tool: Tool,
  tree: Tree,
  patched: Patched,
  name: string,
  { given }: BuildOptions,
): Promise<BuildAnswer> {
  const request: BuildRequest = {
    tree: Object.fromEntries(tree),
    patched,
    name,
    replace: !given.has("non-replace"),
    prebuilt: !given.has("no-prebuilt"),
  };
  return (await tool.sys.hostJob({ kind: "build-patch", request })) as BuildAnswer;
}

/** Prints the rest of the phases up to where the build came; ends the tool unless it succeeded. */
async function finish(
  tool: Tool,
  log: BuildLog,
  name: string,
  answer: BuildAnswer,
  { given }: BuildOptions,
): Promise<void> {
  if (answer.kind === "compile-error") return compileError(tool, log, answer);
  await tool.out("Building patched source\nExtracting new and modified ELF sections");
  if (answer.kind === "no-objects") return log.die("no changed objects found");
  if (answer.kind === "refused")
    for (const refusal of answer.refusals) await tool.err(refusalLines(refusal).join("\n"));
  for (const note of answer.notes) await tool.out(noteLine(note));
  for (const warning of answer.warnings) await tool.out(warningLines(warning).join("\n"));
  if (answer.kind === "refused") {
    const objects = new Set(answer.refusals.map(({ file }) => file)).size;
    return log.die(`${objects} error(s) encountered`);
  }
  if (answer.kind === "no-change") return log.die("no functional changes found");
  if (answer.kind === "undefined") return log.die(`Undefined symbols: ${answer.symbols.join(" ")}`);
  await tool.out(`Patched objects: ${answer.objects.join(" ")}`);
  await tool.out(`Building patch module: ${name}.ko`);
  await writeFile(tool.sys, `${given.get("output") ?? "."}/${name}.ko`, answer.ko);
  await log.discard();
  await tool.out("SUCCESS");
}

async function compileError(
  tool: Tool,
  log: BuildLog,
  { original, text }: Extract<BuildAnswer, { kind: "compile-error" }>,
): Promise<void> {
  if (!original) await tool.out("Building patched source");
  log.add(text.trimEnd());
  // make's output goes to the log alone; the compiler's message is what the author needs.
  await tool.err(text.trimEnd());
  await log.die("kpatch build failed");
}
