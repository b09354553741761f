// kpatchBuildTree.ts - which source tree kpatch-build works on, and whether it can.
//
// Without -s the tree comes from the cache in ~/.kpatch/src, which is filled
// from the distribution's source package: here, the tree in /usr/src/linux.
import { exists, isDir, isFile, makeDirs, readAttr, readText, writeFile } from "./io.ts";
import type { BuildLog } from "./buildLog.ts";
import type { BuildOptions } from "./kpatchBuildOptions.ts";
import { readTree } from "./sourceTree.ts";
import type { Tool } from "./tool.ts";

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
    await log.die("--archversion is incompatible with --sourcerpm");
  }
  if (given.has("oot-module") && !given.has("oot-module-src")) {
    await log.die("--oot-module requires --oot-module-src");
  }
  // Our packages are no RPMs, and our modules are all of the tree.
  if (given.has("sourcerpm")) {
    await log.die("rpmbuild -bp failed.  you may need to run 'yum-builddep kernel' first.");
  }
  if (given.has("oot-module"))
    await log.die("--oot-module: only modules of the kernel tree can be patched here");
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
export async function findTree(tool: Tool, log: BuildLog, options: BuildOptions): Promise<string> {
  const { release } = await tool.sys.uname();
  const version = options.given.get("archversion") ?? release;
  const given = options.given.get("sourcedir");
  const dir = given === undefined ? await cachedTree(tool, log, version) : await absolute(tool, given);
  if (given !== undefined) await tool.out(`Using source directory at ${dir}`);
  await checkKernel(tool, log, dir, version, options);
  return dir;
}

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
  const { release } = await tool.sys.uname();
  if (version !== release || !(await isDir(tool.sys, PACKAGED_TREE))) {
    await log.die(`kernel-debuginfo-${version} not installed`);
  }
  await tool.out("Unpacking kernel source");
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

/** The kernel and its configuration must be there, and must be the kernel that runs. */
async function checkKernel(
  tool: Tool,
  log: BuildLog,
  dir: string,
  version: string,
  { given }: BuildOptions,
): Promise<void> {
  const vmlinux = given.get("vmlinux") ?? `/boot/vmlinux-${version}`;
  if (!(await isFile(tool.sys, vmlinux)) && !(await isFile(tool.sys, `${dir}/vmlinux`))) {
    await log.die("can't find vmlinux");
  }
  const configs = [given.get("config"), `${dir}/.config`, `/boot/config-${version}`];
  const config = await firstExisting(tool, configs);
  if (config === null) return log.die("can't find config file");
  if (!/^CONFIG_DEBUG_INFO=y$/m.test(await readText(tool.sys, config))) {
    await log.die("kernel doesn't have 'CONFIG_DEBUG_INFO' enabled");
  }
}

async function firstExisting(tool: Tool, paths: Array<string | undefined>): Promise<string | null> {
  for (const path of paths) if (path !== undefined && (await exists(tool.sys, path))) return path;
  return null;
}
