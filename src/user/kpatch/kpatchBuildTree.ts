// kpatchBuildTree.ts - which source tree kpatch-build works on, and whether it can.
//
// Without -s the tree comes from the cache in ~/.kpatch/src, which is filled
// from the distribution's source package: here, the tree in /usr/src/linux.
import { exists, isDir, isFile, makeDirs, readAttr, readFile, readText, writeFile } from "./io.ts";
import type { BuildLog } from "./buildLog.ts";
import type { BuildOptions } from "./kpatchBuildOptions.ts";
import type { Outside } from "./kpatchBuildOutside.ts";
import { removeTree } from "./removeTree.ts";
import { readTree } from "./sourceTree.ts";
import { Exit, type Tool } from "./tool.ts";

const PACKAGED_TREE = "/usr/src/linux";

/** Options that stop a build at once. */
export async function checkOptions(
  tool: Tool,
  log: BuildLog,
  { patches, given }: BuildOptions,
): Promise<void> {
  for (const patch of patches) {
    if (!(await isFile(tool.sys, patch))) await log.die(`patch file '${patch}' not found`);
  }
  for (const [option, what, check] of PATHS) {
    const path = given.get(option);
    if (path !== undefined && !(await check(tool.sys, path))) await log.die(`${what} '${path}' not found`);
  }
  const jobs = given.get("jobs");
  if (jobs !== undefined && !/^[1-9]\d*$/.test(jobs)) await log.die(`Invalid number of make jobs '${jobs}'`);
  if (given.has("archversion") && given.has("sourcerpm")) {
    await stop(tool, "--archversion is incompatible with --sourcerpm");
  }
  if (given.has("oot-module") && !given.has("oot-module-src")) {
    await stop(tool, "--oot-module requires --oot-module-src");
  }
  // Our packages are no RPMs.
  if (given.has("sourcerpm")) {
    await log.die("rpmbuild -bp failed.  you may need to run 'yum-builddep kernel' first.");
  }
}

/** kpatch-build warns of these two, and ends. */
async function stop(tool: Tool, text: string): Promise<never> {
  await tool.err(`ERROR: ${text}`);
  throw new Exit(1);
}

const PATHS = [
  ["sourcerpm", "source rpm", isFile],
  ["sourcedir", "source dir", isDir],
  ["config", "config file", isFile],
  ["vmlinux", "vmlinux file", isFile],
  ["output", "output dir", isDir],
  ["oot-module", "out-of-tree module", isFile],
  ["oot-module-src", "out-of-tree module source dir", isDir],
] as const;

/** Prints the phase line and returns the folder of the tree. */
export async function findTree(
  tool: Tool,
  log: BuildLog,
  options: BuildOptions,
  outside: Outside | null,
): Promise<string> {
  const given = options.given.get("sourcedir");
  if (outside !== null && given === undefined) return outsideTree(tool, log, outside, options.given);
  const version = await kernelVersion(tool, log, options.given);
  const dir = given === undefined ? await cachedTree(tool, log, version) : await absolute(tool, given);
  if (given !== undefined) await tool.out(`Using source directory at ${dir}`);
  await checkConfig(tool, log, [options.given.get("config"), `${dir}/.config`, `/boot/config-${version}`]);
  return dir;
}

/** The tree that modules are built with; no phase line tells of it. */
async function outsideTree(
  tool: Tool,
  log: BuildLog,
  { release }: Outside,
  given: Map<string, string>,
): Promise<string> {
  if (!(await isFile(tool.sys, `/boot/vmlinux-${release}`))) {
    await log.die(`kernel-debuginfo-${release} not installed`);
  }
  await checkConfig(tool, log, [given.get("config"), `/boot/config-${release}`]);
  return `/lib/modules/${release}/build`;
}

/** Of the kernel to patch: what -a says, and its vmlinux must say the same. */
async function kernelVersion(tool: Tool, log: BuildLog, given: Map<string, string>): Promise<string> {
  const dir = given.get("sourcedir");
  const wanted = given.get("archversion");
  if (dir === undefined && !given.has("vmlinux")) {
    const version = wanted ?? (await tool.sys.uname()).release;
    // Where Linux wants the package with the debug information.
    if (!(await isFile(tool.sys, `/boot/vmlinux-${version}`)))
      await log.die(`kernel-debuginfo-${version} not installed`);
    return version;
  }
  const vmlinux = given.get("vmlinux") ?? `${dir}/vmlinux`;
  if (!(await isFile(tool.sys, vmlinux))) await log.die("can't find vmlinux");
  const built = releaseOf(await readFile(tool.sys, vmlinux));
  if (built === null) return log.die("Unable to determine the kernel version from vmlinux");
  if (wanted !== undefined && wanted !== built) {
    await log.die(`Kernel version mismatch: ${wanted} was specified but vmlinux was built for ${built}`);
  }
  return built;
}

/** Strings of the kernel are UTF-16. */
const releaseOf = (vmlinux: Uint8Array): string | null =>
  /\d+\.\d+\.\d+-patchbay/.exec(new TextDecoder("latin1").decode(vmlinux).replaceAll("\0", ""))?.[0] ?? null;

async function absolute(tool: Tool, path: string): Promise<string> {
  const here = await tool.sys.getcwd();
  await tool.sys.chdir(path);
  const there = await tool.sys.getcwd();
  await tool.sys.chdir(here);
  return there;
}

async function cachedTree(tool: Tool, log: BuildLog, version: string): Promise<string> {
  const dir = `${log.cacheDir}/src`;
  if ((await isDir(tool.sys, dir)) && (await readAttr(tool.sys, `${log.cacheDir}/version`)) === version) {
    await tool.out(`Using cache at ${dir}`);
    return dir;
  }
  await tool.out(`${await distribution(tool)} distribution detected`);
  await tool.out(`Downloading kernel source for ${version}`);
  await log.add(`'${PACKAGED_TREE}' -> '${dir}'`);
  if (!(await isDir(tool.sys, PACKAGED_TREE))) await log.die("kpatch build failed");
  await tool.out("Unpacking kernel source");
  await removeTree(tool.sys, dir);
  await copyTree(tool, PACKAGED_TREE, dir);
  await writeFile(tool.sys, `${log.cacheDir}/version`, `${version}\n`);
  return dir;
}

async function distribution(tool: Tool): Promise<string> {
  const text = (await isFile(tool.sys, "/etc/os-release")) ? await readText(tool.sys, "/etc/os-release") : "";
  return /^NAME="?([^"\n]*)/m.exec(text)?.[1] ?? "Linux";
}

async function copyTree(tool: Tool, from: string, to: string): Promise<void> {
  for (const [path, text] of await readTree(tool.sys, from)) {
    await makeDirs(tool.sys, `${to}/${path}`.replace(/\/[^/]*$/, ""));
    await writeFile(tool.sys, `${to}/${path}`, text);
  }
}

const UNSUPPORTED = [
  "CONFIG_DEBUG_INFO_SPLIT",
  "CONFIG_GCC_PLUGIN_LATENT_ENTROPY",
  "CONFIG_GCC_PLUGIN_RANDSTRUCT",
  "CONFIG_X86_KERNEL_IBT",
];

/** The first of the files that is there is the kernel's configuration. */
async function checkConfig(tool: Tool, log: BuildLog, paths: Array<string | undefined>): Promise<void> {
  const path = await firstExisting(tool, paths);
  if (path === null) return log.die("can't find config file");
  const text = await readText(tool.sys, path);
  const has = (option: string) => new RegExp(`^${option}=y$`, "m").test(text);
  if (!has("CONFIG_DEBUG_INFO")) await log.die("kernel doesn't have 'CONFIG_DEBUG_INFO' enabled");
  if (!has("CONFIG_LIVEPATCH")) {
    await tool.err("WARNING: Use of kpatch core module (kpatch.ko) is deprecated!  There may be bugs!");
    await log.die("unable to find Module.symvers for kpatch core module");
  }
  const bad = UNSUPPORTED.find(has);
  if (bad !== undefined) await log.die(`kernel option '${bad}' not supported`);
  if (has("CONFIG_CC_IS_CLANG")) await tool.out("WARNING: Clang support is experimental");
}

async function firstExisting(tool: Tool, paths: Array<string | undefined>): Promise<string | null> {
  for (const path of paths) if (path !== undefined && (await exists(tool.sys, path))) return path;
  return null;
}
