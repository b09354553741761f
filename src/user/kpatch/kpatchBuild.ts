// kpatchBuild.ts - the command `kpatch-build`: a diff becomes a patch module.
//
// Reads the tree and the patches, tests them, has the host compile and compare
// (one job), and tells the story in kpatch-build's phases. The tree on disk is
// never changed.
import { applyPatches, patchedFiles, withoutSignature, type PatchText, type Tree } from "./applyDiffs.ts";
import type { BuildAnswer, BuildRequest } from "./buildJob.ts";
import { BuildLog } from "./buildLog.ts";
import { adviceLines, noteLine, objectOf, refusalLines, warningLines } from "./findings.ts";
import { copyModule } from "./copyModule.ts";
import { readText } from "./io.ts";
import { findOutside, type Outside } from "./kpatchBuildOutside.ts";
import { keepScratch } from "./kpatchBuildScratch.ts";
import { moduleName, readOptions, type BuildOptions } from "./kpatchBuildOptions.ts";
import { checkOptions, findTree } from "./kpatchBuildTree.ts";
import { PATH_ADVICE, readTree, unsupportedPaths } from "./sourceTree.ts";
import { abspath } from "../make/words.ts";
import { tool, type Tool } from "./tool.ts";

export const kpatchBuild = tool("kpatch-build", async (tool) => {
  const options = await readOptions(tool);
  const log = BuildLog.of(tool);
  await checkOptions(tool, log, options);
  await log.open(options.debug, options.given.has("skip-cleanup"));
  const outside = await findOutside(tool, options.given);
  const dir = await findTree(tool, log, options, outside);
  const tree = await readTree(tool.sys, dir);
  const own: Tree = outside ? new Map(Object.entries(outside.sources)) : tree;
  await log.trace(`cd ${options.given.get("oot-module-src") ?? dir}`);
  const patched = await testPatches(tool, log, own, options);
  await tool.out("Reading special section data\nBuilding original source");
  const make = await makeCommand(log, options);
  const name = moduleName(options.patches, options.given.get("name"));
  const answer = await build(tool, log, { tree, patched, outside }, name, options);
  if (log.keepsScratch) await keepScratch(tool, log, own, patched, answer, name);
  await finish(tool, log, name, { answer, patched, options, make });
  return 0;
});

async function readPatches(tool: Tool, log: BuildLog, { patches }: BuildOptions): Promise<PatchText[]> {
  const texts: PatchText[] = [];
  let refused = false;
  for (const path of patches) {
    const name = abspath(await tool.sys.getcwd(), path);
    const diff = withoutSignature(await readText(tool.sys, path));
    for (const { area, file } of unsupportedPaths(diff)) {
      await tool.err(`ERROR: ${name}: unsupported patch to ${area}: ${file}`);
      refused = true;
    }
    texts.push({ name, diff });
  }
  if (refused) {
    await tool.err(adviceLines(PATH_ADVICE).join("\n"));
    await log.die("Unsupported changes detected");
  }
  return texts;
}

type Patched = BuildRequest["patched"];

/** The patched files; the tool ends when a patch does not apply. */
async function testPatches(tool: Tool, log: BuildLog, tree: Tree, options: BuildOptions): Promise<Patched> {
  await tool.out("Testing patch file(s)");
  const patches = await readPatches(tool, log, options);
  for (const dryRun of [" --dry-run", ""]) await log.trace(`patch -N -p1${dryRun}`);
  const applied = applyPatches(tree, patches);
  await log.add(...applied.log);
  if ("failed" in applied) {
    // kpatch-build hides these in the log; without them nobody can help himself.
    await tool.err(applied.reasons.join("\n"));
    return log.die(`${applied.failed} file failed to apply`);
  }
  return patchedFiles(applied);
}

const TARGETS = ["vmlinux", "modules"];

/** How make is called; it knows no more targets than the kernel's Makefile. */
async function makeCommand(log: BuildLog, { targets, given }: BuildOptions): Promise<string> {
  const unknown = targets.find((name) => ![...TARGETS, "all", "bzImage"].includes(name));
  const make = `make -j${given.get("jobs") ?? 1} ${(targets.length > 0 ? targets : TARGETS).join(" ")}`;
  await log.trace(make);
  if (unknown === undefined) return make;
  await log.add(`make: *** No rule to make target '${unknown}'.  Stop.`);
  return log.die("kpatch build failed");
}

async function build(
  tool: Tool,
  log: BuildLog,
  { tree, patched, outside }: { tree: Tree; patched: Patched; outside: Outside | null },
  name: string,
  { given }: BuildOptions,
): Promise<BuildAnswer> {
  const request: BuildRequest = {
    tree: Object.fromEntries(tree),
    patched,
    name,
    replace: !given.has("non-replace"),
    prebuilt: !given.has("no-prebuilt") && !log.keepsScratch && outside === null,
    details: log.keepsScratch,
    ...(outside && { outside }),
  };
  return (await tool.sys.hostJob({ kind: "build-patch", request })) as BuildAnswer;
}

interface Built {
  answer: BuildAnswer;
  patched: Patched;
  options: BuildOptions;
  make: string;
}

/** Prints the rest of the phases up to where the build came; ends the tool unless it succeeded. */
async function finish(tool: Tool, log: BuildLog, name: string, built: Built): Promise<void> {
  const { answer, options } = built;
  const objects = objectsOf(built.patched);
  if (answer.kind === "compile-error") return compileError(tool, log, answer, built);
  await tool.out("Building patched source");
  await logBuild(log, built);
  await tool.out("Extracting new and modified ELF sections");
  if (answer.kind === "no-objects") return log.die("no changed objects found");
  for (const object of objects) await log.trace(`create-diff-object orig/${object} patched/${object}`);
  await report(log, answer);
  if (answer.kind === "refused") {
    const refused = new Set(answer.refusals.map(({ file }) => file)).size;
    return log.die(`${refused} error(s) encountered`);
  }
  if (answer.kind === "no-change") return log.die("no functional changes found");
  if (answer.kind === "undefined") return log.die(`Undefined symbols: ${answer.symbols.join(" ")}`);
  await tool.out(`Patched objects: ${answer.objects.join(" ")}`);
  await tool.out(`Building patch module: ${name}.ko`);
  const path = `${options.given.get("output") ?? "."}/${name}.ko`;
  if (!(await copyModule(tool, path, answer.ko))) await log.die("kpatch build failed");
  await log.succeed();
  await tool.out("SUCCESS");
}

/** What create-diff-object says of each object, with our explanations. */
async function report(log: BuildLog, answer: Extract<BuildAnswer, { notes: unknown }>): Promise<void> {
  if (answer.kind === "refused") {
    for (const refusal of answer.refusals) await log.show(...refusalLines(refusal));
  }
  for (const note of answer.notes) await log.show(noteLine(note));
  for (const warning of answer.warnings) await log.show(...warningLines(warning));
}

const objectsOf = (patched: Patched): string[] =>
  Object.keys(patched)
    .filter((path) => path.endsWith(".ts"))
    .map(objectOf);

/** What make prints; with four -d also how it calls the compiler. */
async function logBuild(log: BuildLog, { patched, make }: Built): Promise<void> {
  await log.trace(make);
  for (const object of objectsOf(patched)) {
    if (log.tracesCompiler) await log.add(`kpatch-cc asc -c -o ${object} ${object.replace(/\.o$/, ".ts")}`);
    await log.add(`  CC      ${object}`);
  }
}

async function compileError(
  tool: Tool,
  log: BuildLog,
  { original, text }: Extract<BuildAnswer, { kind: "compile-error" }>,
  built: Built,
): Promise<void> {
  if (!original) {
    await tool.out("Building patched source");
    await logBuild(log, built);
  }
  await log.add(text.trimEnd());
  // make's output goes to the log alone; the compiler's message is what the author needs.
  await tool.err(text.trimEnd());
  await log.die("kpatch build failed");
}
