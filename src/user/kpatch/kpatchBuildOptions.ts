// kpatchBuildOptions.ts - kpatch-build's command line, and what it says while reading it.
import { getopt, type Option } from "./getopt.ts";
import { Exit, type Tool } from "./tool.ts";

export const KPATCH_BUILD_USAGE = `usage: kpatch-build [options] <patch1 ... patchN>
\t\tpatchN             Input patchfile(s)
\t\t-h, --help         Show this help message
\t\t-a, --archversion  Specify the kernel arch version
\t\t-r, --sourcerpm    Specify kernel source RPM
\t\t-s, --sourcedir    Specify kernel source directory
\t\t-c, --config       Specify kernel config file
\t\t-v, --vmlinux      Specify original vmlinux
\t\t-j, --jobs         Specify the number of make jobs
\t\t-t, --target       Specify custom kernel build targets
\t\t-n, --name         Specify the name of the kpatch module
\t\t-o, --output       Specify output folder
\t\t-d, --debug        Enable 'xtrace' and keep scratch files
\t\t                   in <CACHEDIR>/tmp
\t\t                   (can be specified multiple times)
\t\t--oot-module       Enable patching out-of-tree module,
\t\t                   specify current version of module
\t\t--oot-module-src   Specify out-of-tree module source directory
\t\t-R, --non-replace  Disable replace patch (replace is on by default)
\t\t--skip-cleanup     Skip post-build cleanup
\t\t--skip-compiler-check
\t\t                   Skip compiler version matching check
\t\t                   (not recommended)
\t\t--version          Version of kpatch-build
\t\t--no-prebuilt      Compile even what was built with the kernel (Patchbay)`;

const REQUIRED = "required";

const OPTIONS: Option[] = [
  { short: "h", long: "help" },
  { short: "a", long: "archversion", arg: REQUIRED },
  { short: "r", long: "sourcerpm", arg: REQUIRED },
  { short: "s", long: "sourcedir", arg: REQUIRED },
  { short: "c", long: "config", arg: REQUIRED },
  { short: "v", long: "vmlinux", arg: REQUIRED },
  { short: "j", long: "jobs", arg: REQUIRED },
  { short: "t", long: "target", arg: REQUIRED },
  { short: "n", long: "name", arg: REQUIRED },
  { short: "o", long: "output", arg: REQUIRED },
  { short: "d", long: "debug" },
  { short: "R", long: "non-replace" },
  { long: "oot-module", arg: REQUIRED },
  { long: "oot-module-src", arg: REQUIRED },
  { long: "skip-cleanup" },
  { long: "skip-gcc-check" },
  { long: "skip-compiler-check" },
  { long: "no-prebuilt" },
  { long: "version" },
];

export interface BuildOptions {
  patches: string[];
  /** Last value of each option that was given; empty for one without argument. */
  given: Map<string, string>;
  /** How often -d was given. */
  debug: number;
  /** What make shall build, of all -t. */
  targets: string[];
}

/** Ends the tool on --help, --version and every mistake. */
export async function readOptions(tool: Tool): Promise<BuildOptions> {
  const parsed = getopt(tool.args, OPTIONS);
  if (parsed.error) {
    // getopt(1) says its own name, not the script's.
    await tool.err(`getopt: ${parsed.error}\nERROR: getopt failed.`);
    throw new Exit(1);
  }
  const options: BuildOptions = { patches: parsed.operands, given: new Map(), debug: 0, targets: [] };
  for (const { name, value } of parsed.options) {
    options.given.set(name, value);
    if (name === "target") options.targets.push(...value.split(/\s+/).filter(Boolean));
    await remark(tool, name, options);
  }
  if (options.patches.length === 0) {
    await tool.err(`ERROR: no patch file(s) specified\n${KPATCH_BUILD_USAGE}`);
    throw new Exit(1);
  }
  return options;
}

/** What is said while options are read. */
async function remark(tool: Tool, name: string, options: BuildOptions): Promise<void> {
  if (name === "help") {
    await tool.err(KPATCH_BUILD_USAGE);
    throw new Exit(0);
  }
  if (name === "version") {
    await tool.out("Version : 0.9.11");
    throw new Exit(0);
  }
  if (name === "debug" && options.debug++ === 0) await tool.out("DEBUG mode enabled");
  if (name === "skip-cleanup") await tool.out("Skipping cleanup");
  if (name === "skip-gcc-check") {
    await tool.out("DEPRECATED: --skip-gcc-check is deprecated, use --skip-compiler-check instead");
  }
  if (name === "skip-gcc-check" || name === "skip-compiler-check") {
    await tool.out("WARNING: Skipping compiler version matching check (not recommended)");
  }
}

const NAME_MAX = 55;

/** Only letters, digits, `_` and `-`, at most 55 of them. */
export const cleanName = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, NAME_MAX);

/** The module's file name without `.ko`. */
export function moduleName(patches: string[], given: string | undefined): string {
  if (given !== undefined) return cleanName(given);
  const base = patches.length > 1 ? "patch" : patches[0].replace(/^.*\//, "").replace(/\.(patch|diff)$/, "");
  return cleanName(`livepatch-${base}`);
}
