// unload.ts - `kpatch unload`: disable a patch, wait, and remove its module.
import { Errno } from "../../../kernel-as/abi.ts";
import { strerror } from "../strerror.ts";
import { SysError } from "../sys.ts";
import { basename, exists, isDir, writeAttr } from "./io.ts";
import { refcount } from "./kmod.ts";
import { moduleNameOf } from "./ko.ts";
import { die, warn } from "./patchModule.ts";
import { isEnabled, loadedPatches, MODULES, patchDir } from "./sysfs.ts";
import { capture, SECOND, type Tool } from "./tool.ts";
import { waitForTransition } from "./transition.ts";

const MAX_ATTEMPTS = 5;
const RETRY_INTERVAL = 2 * SECOND;
const MODULE_REF_WAIT = 15;

/** @param arg a name or a path; only its base name counts. */
export async function unload(tool: Tool, arg: string): Promise<number> {
  const name = moduleNameOf(basename(arg));
  if (!(await disable(tool, name))) await die(tool, `failed to disable module ${name}`);
  await remove(tool, name);
  return 0;
}

/**
 * Kernels before 5.1 let go of patches in reverse order only, so passes are
 * repeated as long as one of them disabled something.
 */
export async function unloadAll(tool: Tool): Promise<number> {
  for (let progress = true; progress;) {
    progress = false;
    for (const name of await loadedPatches(tool.sys)) {
      if (!(await disable(tool, name))) continue;
      await remove(tool, name);
      progress = true;
    }
  }
  const left = await loadedPatches(tool.sys);
  for (const name of left) await warn(tool, `failed to unload module ${name}`);
  return left.length === 0 ? 0 : 1;
}

/** True when the patch is disabled and out of transition; false after a warning. */
async function disable(tool: Tool, name: string): Promise<boolean> {
  if (!(await exists(tool.sys, `${patchDir(name)}/enabled`))) {
    // In memory but no patch any more: replaced, or disabled before.
    if (await isDir(tool.sys, `${MODULES}/${name}`)) return true;
    await warn(tool, `patch module ${name} is not loaded`);
    return false;
  }
  if ((await isEnabled(tool.sys, name)) && !(await writeDisable(tool, name))) return false;
  if (await waitForTransition(tool, name)) return true;
  await warn(tool, `transition stalled for ${name}`);
  return false;
}

async function writeDisable(tool: Tool, name: string): Promise<boolean> {
  await tool.out(`disabling patch module: ${name}`);
  for (let attempt = 1; ; attempt++) {
    const error = await tryDisable(tool, name);
    if (error === 0) return true;
    // The script lets a shell write, so these are a shell's words.
    await tool.err(`sh: line 1: echo: write error: ${strerror(error)}`);
    if (error !== Errno.EBUSY || attempt === MAX_ATTEMPTS) return false;
    await warn(tool, "retrying...");
    await tool.sys.nanosleep(RETRY_INTERVAL);
  }
}

/** 0 or the errno of the write. */
async function tryDisable(tool: Tool, name: string): Promise<number> {
  try {
    await writeAttr(tool.sys, `${patchDir(name)}/enabled`, "0");
    return 0;
  } catch (error) {
    if (error instanceof SysError) return error.code;
    throw error;
  }
}

async function waitForZeroRefcount(tool: Tool, name: string): Promise<boolean> {
  // The script forks a cat here, and meanwhile the kernel's worker lets go of the module.
  await tool.sys.sched_yield();
  if ((await refcount(tool.sys, name)) === 0) return true;
  await tool.out(`waiting (up to ${MODULE_REF_WAIT} seconds) for module refcount...`);
  for (let waited = 0; waited < MODULE_REF_WAIT; waited++) {
    if ((await refcount(tool.sys, name)) === 0) return true;
    await tool.sys.nanosleep(SECOND);
  }
  return false;
}

async function remove(tool: Tool, name: string): Promise<void> {
  if (!(await waitForZeroRefcount(tool, name))) await die(tool, `failed to unload module ${name} (refcnt)`);
  await tool.out(`unloading patch module: ${name}`);
  // rmmod's failure is no failure of ours: a forced patch can never be removed.
  await capture(tool, ["rmmod", name]);
}
