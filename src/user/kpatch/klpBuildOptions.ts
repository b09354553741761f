// klpBuildOptions.ts - klp-build's command line.
import { getopt, type Option } from "./getopt.ts";
import { moduleName } from "./kpatchBuildOptions.ts";
import { Exit, type Tool } from "./tool.ts";

export const KLP_BUILD_USAGE = `Usage: klp-build [OPTIONS] PATCH_FILE(s)
Generate a livepatch module.

Options:
   -f, --show-first-changed\tShow address of first changed instruction
   -j, --jobs=<jobs>\t\tBuild jobs to run simultaneously
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

export const STEPS = ["orig", "patched", "checksum", "diff", "kmod"];

export interface KlpOptions {
  patches: string[];
  /** Path of the module to write; its base name is the module's. */
  output: string;
  /** First step to carry out, from 1. */
  step: number;
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
    await tool.err(`klp-build: ${parsed.error}`);
    throw new Exit(1);
  }
  const given = new Map(parsed.options.map(({ name, value }) => [name, value]));
  if (given.has("help")) {
    await tool.out(KLP_BUILD_USAGE);
    throw new Exit(0);
  }
  if (parsed.operands.length === 0) {
    await tool.err(KLP_BUILD_USAGE);
    throw new Exit(1);
  }
  const output = given.get("output") ?? `${moduleName(parsed.operands, undefined)}.ko`;
  if (!output.endsWith(".ko")) await klpDie(tool, "output filename should end with .ko");
  return {
    patches: parsed.operands,
    output,
    step: await stepNumber(tool, given.get("short-circuit") ?? "1"),
    has: (name) => given.has(name),
  };
}

async function stepNumber(tool: Tool, text: string): Promise<number> {
  const step = /^[1-5]$/.test(text) ? Number(text) : STEPS.indexOf(text) + 1;
  return step > 0 ? step : klpDie(tool, `invalid short-circuit step '${text}'`);
}
