// klpBuild.ts - the command `klp-build`, the kernel's own builder of patch modules.
//
// The second front end of the one pipeline: it differs from kpatch-build in
// its words, its five steps, which can be resumed from klp-tmp/ (klpTmp.ts),
// and in being run from the tree's root.
import { applyPatches, patchedFiles, withoutSignature, type PatchText, type Tree } from "./applyDiffs.ts";
import type { BuildAnswer, BuildRequest } from "./buildJob.ts";
import { copyModule } from "./copyModule.ts";
import { adviceLines, objectOf } from "./findings.ts";
import { firstChange, references } from "./instructions.ts";
import { basename, isDir, isFile, readText } from "./io.ts";
import { klpDie, readKlpOptions, type KlpOptions } from "./klpBuildOptions.ts";
import * as klpTmp from "./klpTmp.ts";
import { PATH_ADVICE, readTree, unsupportedPaths } from "./sourceTree.ts";
import { stampModule } from "./stampModule.ts";
import { tool, type Tool } from "./tool.ts";

type Patched = BuildRequest["patched"];
type Finished = Extract<BuildAnswer, { kind: "built" }>;

export const klpBuild = tool("klp-build", async (tool) => {
  const options = await readKlpOptions(tool);
  await checkRoot(tool);
  const missing = await klpTmp.missingFor(tool, options.step);
  if (missing !== null) await klpDie(tool, `-S ${options.step} requires completed ${missing}`);
  if (options.step === 1) await klpTmp.removeTmp(tool);
  await checkConfig(tool);
  const object = options.step <= 4 ? await buildObject(tool, options) : await klpTmp.keptObject(tool);
  await writeModule(tool, options, object);
  await tool.out("SUCCESS");
  return 0;
});

async function checkRoot(tool: Tool): Promise<void> {
  if (!(await isDir(tool.sys, "kernel/livepatch")))
    await klpDie(tool, "please run from the kernel root directory");
}

const UNSUPPORTED = [
  "CONFIG_GCC_PLUGIN_LATENT_ENTROPY",
  "CONFIG_GCC_PLUGIN_RANDSTRUCT",
  "CONFIG_LD_DEAD_CODE_DATA_ELIMINATION",
];

async function checkConfig(tool: Tool): Promise<void> {
  if (!(await isFile(tool.sys, ".config"))) {
    await klpDie(tool, `no .config file in ${await tool.sys.getcwd()}`);
  }
  const text = await readText(tool.sys, ".config");
  const has = (option: string) => new RegExp(`^${option}=`, "m").test(text);
  for (const option of ["CONFIG_LIVEPATCH", "CONFIG_KLP_BUILD"]) {
    if (!has(option)) await klpDie(tool, `${option} not enabled`);
  }
  const bad = UNSUPPORTED.find(has);
  if (bad !== undefined) await klpDie(tool, `kernel option '${bad}' not supported`);
}

/** Steps 1 to 4: the new functions, linked. */
async function buildObject(tool: Tool, options: KlpOptions): Promise<Uint8Array> {
  const { step } = options;
  const tree = await readTree(tool.sys, await tool.sys.getcwd());
  let patched: Patched;
  if (step <= 2) {
    await tool.out("Validating patch(es)");
    const patches = await readPatches(tool, options);
    patched = await testPatches(tool, tree, patches, options);
    await sayBuilding(tool, options, patched);
  } else patched = await klpTmp.keptSources(tool);
  const changed = step === 4 ? await klpTmp.keptChanges(tool) : undefined;
  const answer = await build(tool, tree, patched, options, changed);
  if (answer.kind === "compile-error") return compileError(tool, answer);
  if (step <= 2) await tool.out("Copying patched object files");
  if (answer.kind === "no-objects") return klpDie(tool, "no changes detected");
  if (step <= 3) await tool.out("Generating original checksums\nGenerating patched checksums");
  await tool.out("Diffing objects");
  if (options.keeps) await klpTmp.keepResults(tool, tree, patched, answer);
  return (await judge(tool, answer, options)).ko;
}

async function sayBuilding(tool: Tool, { step, has }: KlpOptions, patched: Patched): Promise<void> {
  const compiled = Object.keys(patched).filter((path) => path.endsWith(".ts"));
  const verbose = has("verbose") ? compiled.map((path) => `asc -c -o ${objectOf(path)} ${path}`) : [];
  const orig = ["Building original kernel", ...verbose, "Copying original object files"];
  const lines = ["Fixing patch(es)", "Building patched kernel", ...verbose];
  for (const line of [...(step === 1 ? orig : []), ...lines]) await tool.out(line);
}

async function readPatches(tool: Tool, { patches }: KlpOptions): Promise<PatchText[]> {
  const texts: PatchText[] = [];
  for (const path of patches) {
    const diff = withoutSignature(await readText(tool.sys, path));
    const [bad] = unsupportedPaths(diff);
    if (bad) {
      await tool.err(adviceLines(PATH_ADVICE).join("\n"));
      await klpDie(tool, `${path}: unsupported patch to ${bad.file}`);
    }
    texts.push({ name: path, diff });
  }
  return texts;
}

async function testPatches(
  tool: Tool,
  tree: Tree,
  patches: PatchText[],
  { has }: KlpOptions,
): Promise<Patched> {
  const applied = applyPatches(tree, patches);
  if ("failed" in applied) {
    await tool.err(applied.reasons.join("\n"));
    return klpDie(tool, `${applied.failed} did not apply`);
  }
  if (applied.drifted.length > 0 && has("verbose")) await tool.err(applied.log.join("\n"));
  for (const name of applied.drifted) await tool.err(`warning: klp-build: ${name} applied with fuzz`);
  return patchedFiles(applied);
}

async function build(
  tool: Tool,
  tree: Tree,
  patched: Patched,
  options: KlpOptions,
  changed: string[] | undefined,
): Promise<BuildAnswer> {
  const details = options.keeps || options.has("show-first-changed");
  const request: BuildRequest = {
    tree: Object.fromEntries(tree),
    patched,
    name: options.name,
    replace: !options.has("no-replace"),
    prebuilt: !details && !options.has("no-prebuilt"),
    details,
    changed,
  };
  return (await tool.sys.hostJob({ kind: "build-patch", request })) as BuildAnswer;
}

async function compileError(
  tool: Tool,
  { original, text }: Extract<BuildAnswer, { kind: "compile-error" }>,
): Promise<never> {
  await tool.err(text.trimEnd());
  return klpDie(tool, `${original ? "original" : "patched"} kernel build failed`);
}

/** Prints what was found; the tool ends unless a module can be made of it. */
async function judge(tool: Tool, answer: BuildAnswer, options: KlpOptions): Promise<Finished> {
  if (!("notes" in answer)) return klpDie(tool, "no changes detected");
  for (const { kind, func } of answer.notes) {
    if (kind === "changed" || kind === "new") await tool.out(`vmlinux.o: ${kind} function: ${func}`);
  }
  await showDetails(tool, answer, options);
  for (const { text, ours, ...explained } of answer.warnings) {
    await tool.err(ours ? `patchbay: warning: ${text}` : `vmlinux.o: warning: objtool: ${text}`);
    for (const line of adviceLines(explained)) await tool.err(line);
  }
  if (answer.kind === "refused") return refuse(tool, answer);
  if (answer.kind === "no-change") return klpDie(tool, "no changes detected");
  if (answer.kind === "undefined") return klpDie(tool, `undefined symbols: ${answer.symbols.join(" ")}`);
  return answer;
}

/** -d: what changed functions refer to; -f: where they begin to differ. */
async function showDetails(
  tool: Tool,
  { details = [] }: { details?: Finished["details"] },
  { has }: KlpOptions,
): Promise<void> {
  const differ = details.filter(({ orig, patched }) => patched && orig?.checksum !== patched.checksum);
  for (const { name, patched } of has("debug") ? differ : []) {
    for (const symbol of references(patched!.text)) await tool.out(`klp_diff: ${basename(name)}: ${symbol}`);
  }
  if (!has("show-first-changed")) return;
  await tool.out("Finding first changed instructions");
  for (const { name, orig, patched } of differ) {
    const found = orig && firstChange(orig.text, patched!.text);
    if (!found) continue;
    const { at, orig: old, patched: now } = found;
    const mark = now === null ? " (removed)" : old === null ? " (added)" : "";
    await tool.out(`vmlinux.o: ${basename(name)}: 0x${at.toString(16)}${mark}`);
    await tool.out(`patchbay: ${old ?? "end"} -> ${now ?? "end"}`);
  }
}

async function refuse(tool: Tool, { refusals }: Extract<BuildAnswer, { kind: "refused" }>): Promise<never> {
  for (const refusal of refusals) {
    for (const detail of refusal.details) await tool.err(`vmlinux.o: error: objtool: ${detail}`);
    if (refusal.details.length === 0) await tool.err(`vmlinux.o: error: objtool: ${refusal.summary}`);
    for (const line of adviceLines(refusal)) await tool.err(line);
  }
  return klpDie(tool, "objtool klp diff failed");
}

/** Step 5. */
async function writeModule(tool: Tool, options: KlpOptions, object: Uint8Array): Promise<void> {
  await tool.out(`Building patch module: ${options.output}`);
  const ko = stampModule(object, { name: options.name, replace: !options.has("no-replace") });
  if (options.keeps) await klpTmp.keepModule(tool, `${options.name}.ko`, ko);
  if (!(await copyModule(tool, options.output, ko))) await klpDie(tool, `can't write ${options.output}`);
}
