// transition.ts - kpatch waits for a transition, and says who holds it up.
import { SysError } from "../sys.ts";
import { exists, readText, writeAttr } from "./io.ts";
import { warn } from "./patchModule.ts";
import { inTransition, patchDir, stalledTasks, transitionPatch } from "./sysfs.ts";
import { SECOND, type Tool } from "./tool.ts";

const POST_ENABLE_WAIT = 15;
/** After four automatic signals of the kernel nothing more will come. */
const POST_SIGNAL_WAIT = 60;

async function poll(tool: Tool, patch: string, seconds: number): Promise<boolean> {
  await tool.out(`waiting (up to ${seconds} seconds) for patch transition to complete...`);
  for (let waited = 0; waited < seconds; waited++) {
    if (!(await inTransition(tool.sys, patch))) {
      await tool.out(`transition complete (${waited} seconds)`);
      return true;
    }
    await tool.sys.nanosleep(SECOND);
  }
  return false;
}

/** False when the patch is still in transition after both waits. */
export async function waitForTransition(tool: Tool, patch: string): Promise<boolean> {
  if (!(await inTransition(tool.sys, patch))) return true;
  if (await poll(tool, patch, POST_ENABLE_WAIT)) return true;
  await tool.out("patch transition has stalled!");
  await signalStalled(tool, patch);
  return poll(tool, patch, POST_SIGNAL_WAIT);
}

/** Kernels before 5.1 want to be asked; later ones signal by themselves. */
export async function signalStalled(tool: Tool, patch: string): Promise<void> {
  const attribute = `${patchDir(patch)}/signal`;
  if (await exists(tool.sys, attribute)) {
    await tool.out("signaling stalled process(es):");
    await writeAttr(tool.sys, attribute, "1");
    return;
  }
  await warn(tool, "Livepatch process signaling is performed automatically on your system.");
  await warn(tool, "Skipping manual process signaling.");
}

async function stackOf(tool: Tool, path: string): Promise<string> {
  try {
    return await readText(tool.sys, path);
  } catch (error) {
    if (error instanceof SysError) return ""; // The task has ended meanwhile.
    throw error;
  }
}

/** The stalled block; prints nothing when no transition is stalled. */
export async function showStalled(tool: Tool): Promise<void> {
  const patch = await transitionPatch(tool.sys);
  const tasks = patch === null ? [] : await stalledTasks(tool.sys, patch);
  if (tasks.length === 0) return;
  const parts = ["", "Stalled processes:"];
  for (const { tid, comm, stack } of tasks) {
    parts.push(`${tid} ${comm}`, "stack:");
    const lines = (await stackOf(tool, stack)).replace(/\n$/, "");
    if (lines) parts.push(lines);
  }
  await tool.out(parts.join("\n"));
}
