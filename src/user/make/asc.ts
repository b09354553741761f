// asc.ts - the command `asc`: the compiler, as make's rules call it.
//
// Turns the sources of one module into hello.o, which lacks nothing of a
// module but its name, and writes beside it what it was made from.
import type { BuildDiagnostic } from "../kpatch/buildJob.ts";
import { getopt } from "../kpatch/getopt.ts";
import { basename, isDir, writeFile } from "../kpatch/io.ts";
import { readModInfo, withModInfo } from "../kpatch/ko.ts";
import { readTree } from "../kpatch/sourceTree.ts";
import { Exit, tool, type Tool } from "../kpatch/tool.ts";
import type { ModuleAnswer, ModuleRequest } from "./buildJobs.ts";
import { compileKernel } from "./ascKernel.ts";
import { diagnosticLines } from "./diagnosticText.ts";
import { kernelDescription } from "./kernelDescription.ts";
import { readIfThere } from "./world.ts";
import { dirOf } from "./words.ts";

const HELP = `Usage: asc -c [-t TREE] [-v VMLINUX] -o OUTPUT.o SOURCE.ts...
       asc -k [-t TREE] [-n NUMBER] -o VMLINUX
Compiles AssemblyScript for the kernel VMLINUX, whose source is in TREE, or with
-k that kernel itself, as its build NUMBER, with its modules.`;

export const asc = tool("asc", async (tool) => {
  const { tree, vmlinux, output, parts, number } = await readArguments(tool);
  if (number !== null) return compileKernel(tool, tree, output, number);
  const request: ModuleRequest = {
    tree: Object.fromEntries(await readTree(tool.sys, tree)),
    sources: Object.fromEntries(await ownSources(tool, parts)),
    parts,
    name: basename(output).replace(/\.o$/, ""),
    kernel: await kernelDescription(tool.sys, vmlinux),
  };
  const answer = (await tool.sys.hostJob({ kind: "build-module", request })) as ModuleAnswer;
  const place = (d: BuildDiagnostic) => (d.file.startsWith("/") ? tree + d.file : d.file);
  const complain = async (severity: string, list: BuildDiagnostic[]) => {
    for (const d of list) {
      const text = d.file.startsWith("/") ? request.tree[d.file.slice(1)] : request.sources[d.file];
      await tool.err(diagnosticLines(place(d), severity, d, text ?? ""));
    }
  };
  if (answer.kind === "no-module") {
    await tool.err(`asc: ${parts.join(" ")}: no function init_module() is exported`);
    return 1;
  }
  if (answer.kind === "compile-error") {
    await complain("error", answer.diagnostics);
    return 1;
  }
  await complain("warning", answer.warnings);
  const info = (readModInfo(answer.ko) ?? []).filter(([key]) => key !== "name");
  await writeFile(tool.sys, output, withModInfo(answer.ko, info));
  await writeFile(tool.sys, commandFile(output), commandText(output, parts, tree, answer));
  return 0;
});

interface Arguments {
  tree: string;
  vmlinux: string;
  output: string;
  parts: string[];
  /** Of the kernel's build; null for a module. */
  number: number | null;
}

async function readArguments(tool: Tool): Promise<Arguments> {
  const spec = [
    { short: "c" },
    { short: "k" },
    { short: "n", arg: "required" as const },
    { short: "t", arg: "required" as const },
    { short: "v", arg: "required" as const },
    { short: "o", arg: "required" as const },
    { long: "help" },
  ];
  const { options, operands, error } = getopt(tool.args, spec);
  const value = (name: string) => options.findLast((option) => option.name === name)?.value;
  if (value("help") !== undefined) {
    await tool.out(HELP);
    throw new Exit(0);
  }
  const output = value("o");
  const tree = value("t") ?? "/usr/src/linux";
  const isKernel = value("k") !== undefined;
  const noInput = output === undefined || (operands.length === 0) !== isKernel;
  const wrong = error ?? (noInput ? "no input files, or no output" : null);
  if (wrong !== null) await mistake(tool, wrong);
  if (!(await isDir(tool.sys, tree))) await mistake(tool, `${tree}: no kernel source there`);
  const number = isKernel ? Number(value("n") ?? "1") : null;
  const parts = operands.map((path) => path.replace(/^\.\//, ""));
  return { tree, vmlinux: value("v") ?? `${tree}/vmlinux`, output: output!, parts, number };
}

async function mistake(tool: Tool, text: string): Promise<never> {
  await tool.err(`asc: ${text}\n${HELP}`);
  throw new Exit(1);
}

/** The parts and what they import from beside them, however far. */
async function ownSources(tool: Tool, parts: string[]): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  const wanted = [...parts];
  for (let path = wanted.shift(); path !== undefined; path = wanted.shift()) {
    if (sources.has(path)) continue;
    const text = await readIfThere(tool.sys, path);
    if (text === null) {
      if (!parts.includes(path)) continue;
      await tool.err(`asc: ${path}: No such file or directory`);
      throw new Exit(1);
    }
    sources.set(path, text);
    const here = dirOf(path).replace(/^\.\//, "");
    for (const [, target] of text.matchAll(/\bfrom\s*["']\.\/([^"'\n]+)["']/g))
      wanted.push(`${here}${target}.ts`);
  }
  return sources;
}

const commandFile = (output: string): string =>
  dirOf(output).replace(/^\.\/$/, "") + `.${basename(output)}.cmd`;

/** As Kbuild keeps it: how the file was made, and a rule that names what it depends on. */
function commandText(
  output: string,
  parts: string[],
  tree: string,
  { own, tree: fromTree }: Extract<ModuleAnswer, { kind: "built" }>,
): string {
  const deps = [...own, ...fromTree.map((file) => `${tree}/${file}`)];
  return [
    `savedcmd_${output} := asc -c -t ${tree} -o ${output} ${parts.join(" ")}`,
    "",
    `deps_${output} := \\`,
    ...deps.map((dep) => `  ${dep} \\`),
    "",
    `${output}: $(deps_${output})`,
    "",
    `$(deps_${output}):`,
    "",
  ].join("\n");
}
