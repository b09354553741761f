// patchModule.ts - where patch modules lie and how an argument of kpatch becomes one.
import { basename, isFile, listDir, readFile } from "./io.ts";
import { infoField, moduleNameOf, readModInfo } from "./ko.ts";
import { Exit, type Tool } from "./tool.ts";

export const VERSION = "0.9.11";
export const INSTALL_DIR = "/var/lib/kpatch";

/** A warning in kpatch's form. */
export const warn = (tool: Tool, text: string): Promise<void> => tool.err(`kpatch: ${text}`);

/** A fatal error in kpatch's form: the tool ends. */
export async function die(tool: Tool, text: string): Promise<never> {
  await warn(tool, text);
  throw new Exit(1);
}

export async function runningInstallDir(tool: Tool): Promise<string> {
  return `${INSTALL_DIR}/${(await tool.sys.uname()).release}`;
}

/**
 * The file an argument names: `*.ko` as a path, then in the install directory;
 * otherwise an installed module by its normalised name. Null when there is none.
 */
export async function find(tool: Tool, arg: string): Promise<string | null> {
  const dir = await runningInstallDir(tool);
  if (arg.includes(".ko")) {
    if (await isFile(tool.sys, arg)) return arg;
    return (await isFile(tool.sys, `${dir}/${arg}`)) ? `${dir}/${arg}` : null;
  }
  for (const file of await modulesIn(tool, dir)) if (moduleNameOf(file) === arg) return file;
  return null;
}

/** Paths of the `*.ko` files in a directory. */
export async function modulesIn(tool: Tool, dir: string): Promise<string[]> {
  return (await listDir(tool.sys, dir))
    .filter((file) => file.endsWith(".ko"))
    .map((file) => `${dir}/${file}`);
}

/** The name inside the module, which sysfs uses; the file's when it cannot be read. */
export async function internalName(tool: Tool, path: string): Promise<string> {
  const info = readModInfo(await readFile(tool.sys, path));
  return (info && infoField(info, "name")) ?? moduleNameOf(basename(path));
}
