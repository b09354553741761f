// klpBuildOptions.ts - klp-build's command line.
import { getopt, type Option } from "./getopt.ts";
import { basename, isDir, isFile } from "./io.ts";
import { TMP } from "./klpTmp.ts";
import { cleanName } from "./kpatchBuildOptions.ts";
import { Exit, type Tool } from "./tool.ts";

export const KLP_BUILD_USAGE = `Usage: klp-build [OPTIONS] PATCH_FILE(s)
Generate a livepatch module.

Options:
   -f, --show-first-changed\tShow address of first changed instruction
   -j, --jobs=<jobs>\t\tBuild jobs to run simultaneously [default: 1]
   -o, --output=<file.ko>\tOutput file [default: livepatch-<patch-name>.ko]
       --no-replace\t\tDisable livepatch atomic replace
   -v, --verbose\t\tPass V=1 to kernel/module builds

Advanced Options:
   -d, --debug\t\t\tShow symbol/reloc cloning decisions
   -S, --short-circuit=STEP\tStart at build step (requires prior --keep-tmp)
\t\t\t\t   1|orig\t\tBuild original kernel (default)
\t\t\t\t   2|patched\t\tBuild patched kernel
\t\t\t\t   3|checksum\t\tGenerate checksums
\t\t\t\t   4|diff\t\tDiff objects
\t\t\t\t   5|kmod\t\tBuild patch module
   -T, --keep-tmp\t\tPreserve tmp dir on exit
`;

const REQUIRED = "required";

const OPTIONS: Option[] = [
  { short: "h", long: "help" },
  { short: "f", long: "show-first-changed" },
  { short: "j", long: "jobs", arg: REQUIRED },
  { short: "o", long: "output", arg: REQUIRED },
  { long: "no-replace" },
  { long: "no-prebuilt" },
  { short: "v", long: "verbose" },
  { short: "d", long: "debug" },
  { short: "S", long: "short-circuit", arg: REQUIRED },
  { short: "T", long: "keep-tmp" },
];

const STEPS = ["orig", "patched", "checksum", "diff", "kmod"];

export interface KlpOptions {
  patches: string[];
  /** The module's. */
  name: string;
  /** Path of the file to write. */
  output: string;
  /** First step to carry out, from 1. */
  step: number;
  /** klp-tmp/ stays. */
  keeps: boolean;
  has: (name: string) => boolean;
}

/** A fatal error in klp-build's form. */
export async function klpDie(tool: Tool, text: string): Promise<never> {
  await tool.err(`error: klp-build: ${text}`);
  throw new Exit(1);
}

export async function readKlpOptions(tool: Tool): Promise<KlpOptions> {
  const parsed = getopt(tool.args, OPTIONS);
  if (parsed.error) {
    // The original ends with 0 here, its usage's status: no refusal of ours does.
    await tool.err(`getopt: ${parsed.error}\n\n${KLP_BUILD_USAGE}`);
    throw new Exit(1);
  }
  const given = new Map(parsed.options.map(({ name, value }) => [name, value]));
  if (given.has("help")) {
    await tool.err(KLP_BUILD_USAGE);
    throw new Exit(0);
  }
  const output = given.get("output");
  if (output !== undefined && !output.endsWith(".ko"))
    await klpDie(tool, "output filename should end with .ko");
  const step = await stepNumber(tool, given.get("short-circuit"));
  const patches = parsed.operands;
  // Later steps go on from what klp-tmp/ holds.
  if (patches.length === 0 && step <= 2) {
    await tool.err(KLP_BUILD_USAGE);
    throw new Exit(1);
  }
  for (const patch of patches) {
    if (!(await isFile(tool.sys, patch))) await klpDie(tool, `${patch} doesn't exist`);
  }
  const name = output === undefined ? nameOf(patches) : cleanName(basename(output).replace(/\.ko$/, ""));
  return {
    patches,
    name,
    output: output ?? `${name}.ko`,
    step,
    keeps: ["keep-tmp", "debug", "short-circuit"].some((option) => given.has(option)),
    has: (option) => given.has(option),
  };
}

const nameOf = (patches: string[]): string =>
  cleanName(
    `livepatch-${patches.length === 1 ? basename(patches[0]).replace(/(.)\.[^.]*$/, "$1") : "patch"}`,
  );

async function stepNumber(tool: Tool, text: string | undefined): Promise<number> {
  if (text === undefined) return 1;
  if (!(await isDir(tool.sys, TMP))) await klpDie(tool, "--short-circuit requires preserved klp-tmp dir");
  const step = /^[1-5]$/.test(text) ? Number(text) : STEPS.indexOf(text) + 1;
  return step > 0 ? step : klpDie(tool, `invalid short-circuit step '${text}'`);
}
