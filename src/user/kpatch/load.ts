// load.ts - `kpatch load`: insert a patch module, or enable it again, and wait.
import { SysError } from "../sys.ts";
import { exists, isDir, readAttr, readFile, writeAttr } from "./io.ts";
import { infoField, readModInfo } from "./ko.ts";
import { die, internalName, modulesIn, runningInstallDir, warn } from "./patchModule.ts";
import { LIVEPATCH, MODULES, isEnabled, patchDir } from "./sysfs.ts";
import { capture, SECOND, type Tool } from "./tool.ts";
import { showStalled, waitForTransition } from "./transition.ts";
import { unload } from "./unload.ts";

const MAX_LOAD_ATTEMPTS = 5;
const RETRY_INTERVAL = 2 * SECOND;
const BUSY = "Device or resource busy";

export async function loadAll(tool: Tool): Promise<number> {
  for (const path of await modulesIn(tool, await runningInstallDir(tool))) await load(tool, path);
  return 0;
}

/** Ends the tool by `die` on every failure. */
export async function load(tool: Tool, path: string): Promise<number> {
  await needCore(tool);
  const name = await internalName(tool, path);
  if (await exists(tool.sys, patchDir(name))) return loadAgain(tool, path, name);
  await removeReplaced(tool, name);
  await insert(tool, path);
  if (await waitForTransition(tool, name)) return 0;
  await showStalled(tool);
  await tool.out(`module ${name} did not complete its transition, unloading...`);
  await unload(tool, name);
  return die(tool, `error: failed to load module ${name} (transition stalled)`);
}

async function needCore(tool: Tool): Promise<void> {
  if (!(await isDir(tool.sys, LIVEPATCH))) await die(tool, "can't find core module");
}

async function loadAgain(tool: Tool, path: string, name: string): Promise<number> {
  if (await isEnabled(tool.sys, name)) {
    await tool.out(`module named ${name} already loaded and enabled`);
    return 0;
  }
  if (!(await sameChecksum(tool, path, name))) {
    return die(tool, `error: cannot re-enable patch module ${name}, cannot verify checksum match`);
  }
  await tool.out("module already loaded, re-enabling");
  if (!(await setEnabled(tool, name, "1"))) return die(tool, `failed to re-enable module ${name}`);
  if (await waitForTransition(tool, name)) return 0;
  await showStalled(tool);
  await tool.out(`module ${name} did not complete its transition, disabling...`);
  if (!(await setEnabled(tool, name, "0"))) return die(tool, `failed to disable module ${name}`);
  await waitForTransition(tool, name);
  return die(tool, `error: failed to re-enable module ${name} (transition stalled), patch disabled`);
}

/** True too when the loaded module recorded none, as the script has it. */
async function sameChecksum(tool: Tool, path: string, name: string): Promise<boolean> {
  const loaded = await readAttr(tool.sys, `${patchDir(name)}/checksum`);
  if (loaded === null) return true;
  const info = readModInfo(await readFile(tool.sys, path));
  return info !== null && infoField(info, "checksum") === loaded;
}

/** False after the shell's words for the failed write. */
async function setEnabled(tool: Tool, name: string, value: string): Promise<boolean> {
  try {
    await writeAttr(tool.sys, `${patchDir(name)}/enabled`, value);
    return true;
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

/** A patch that was replaced stays in memory as a plain module and would block its own return. */
async function removeReplaced(tool: Tool, name: string): Promise<void> {
  if (await isDir(tool.sys, `${MODULES}/${name}`)) await capture(tool, ["rmmod", name]);
}

async function insert(tool: Tool, path: string): Promise<void> {
  await tool.out(`loading patch module: ${path}`);
  for (let attempt = 1; ; attempt++) {
    const { text } = await capture(tool, ["insmod", path]);
    if (text === "") return;
    await tool.err(text);
    if (!text.includes(BUSY) || attempt === MAX_LOAD_ATTEMPTS)
      await die(tool, `failed to load module ${path}`);
    await warn(tool, "retrying...");
    await tool.sys.nanosleep(RETRY_INTERVAL);
  }
}
