// list.ts - `kpatch list` and `kpatch info`.
import { alignColumns } from "./columns.ts";
import { basename, listDir } from "./io.ts";
import { moduleNameOf } from "./ko.ts";
import { die, find, INSTALL_DIR, modulesIn } from "./patchModule.ts";
import { inTransition, isEnabled, liveFunctions, loadedPatches } from "./sysfs.ts";
import { capture, type Tool } from "./tool.ts";
import { showStalled } from "./transition.ts";

export async function list(tool: Tool): Promise<number> {
  await tool.out("Loaded patch modules:");
  for (const name of await loadedPatches(tool.sys)) await tool.out(`${name} [${await stateOf(tool, name)}]`);
  await showStalled(tool);
  await tool.out("\nInstalled patch modules:");
  for (const release of await listDir(tool.sys, INSTALL_DIR)) {
    for (const path of await modulesIn(tool, `${INSTALL_DIR}/${release}`)) {
      await tool.out(`${moduleNameOf(path)} (${release})`);
    }
  }
  await showFunctions(tool);
  return 0;
}

async function stateOf({ sys }: Tool, name: string): Promise<string> {
  const stem = (await isEnabled(sys, name)) ? "enabl" : "disabl";
  return stem + ((await inTransition(sys, name)) ? "ing..." : "ed");
}

async function showFunctions(tool: Tool): Promise<void> {
  const rows = (await liveFunctions(tool.sys)).map(({ patch, object, func, transition }) =>
    transition ? [patch, object, func, "(transition)"] : [patch, object, func],
  );
  if (rows.length === 0) return;
  await tool.out("\nCurrently livepatched functions:");
  await tool.out(alignColumns([["Module", "Object", "Function/Occurrence"], ...rows]).join("\n"));
}

export async function info(tool: Tool, arg: string): Promise<number> {
  const path = await find(tool, arg);
  if (path === null) return die(tool, `can't find ${arg}`);
  await tool.out(`Patch information for ${basename(arg)}:`);
  const { status, text } = await capture(tool, ["modinfo", path]);
  if (status !== 0) {
    await tool.err(text);
    return die(tool, `failed to get info for module ${arg}`);
  }
  await tool.out(text);
  return 0;
}
