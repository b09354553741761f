// sysfs.ts - the livepatch and module directories of sysfs as a user program reads them.
import type { SysCalls } from "../sys.ts";
import { isDir, listDir, readAttr } from "./io.ts";

export const LIVEPATCH = "/sys/kernel/livepatch";
export const MODULES = "/sys/module";

/** A task that keeps a transition from ending. */
export interface Stalled {
  tid: string;
  comm: string;
  /** Path of its stack file. */
  stack: string;
}

export const patchDir = (name: string): string => `${LIVEPATCH}/${name}`;

export const loadedPatches = (sys: SysCalls): Promise<string[]> => listDir(sys, LIVEPATCH);

export const isEnabled = async (sys: SysCalls, name: string): Promise<boolean> =>
  (await readAttr(sys, `${patchDir(name)}/enabled`)) === "1";

export const inTransition = async (sys: SysCalls, name: string): Promise<boolean> =>
  (await readAttr(sys, `${patchDir(name)}/transition`)) === "1";

export async function transitionPatch(sys: SysCalls): Promise<string | null> {
  for (const name of await loadedPatches(sys)) if (await inTransition(sys, name)) return name;
  return null;
}

/** Tasks whose patch_state is neither -1 nor the state the patch is going to. */
export async function stalledTasks(sys: SysCalls, patch: string): Promise<Stalled[]> {
  const target = await readAttr(sys, `${patchDir(patch)}/enabled`);
  const stalled: Stalled[] = [];
  for (const pid of await listDir(sys, "/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    for (const tid of await threads(sys, pid)) {
      const dir = `/proc/${pid}/task/${tid}`;
      const state = await readAttr(sys, `${dir}/patch_state`);
      if (state === null || state === "-1" || state === target) continue;
      const comm = (await readAttr(sys, `${dir}/comm`)) ?? "";
      stalled.push({ tid, comm, stack: `${dir}/stack` });
    }
  }
  return stalled.sort((a, b) => Number(a.tid) - Number(b.tid));
}

const threads = (sys: SysCalls, pid: string): Promise<string[]> => listDir(sys, `/proc/${pid}/task`);

/** One row of "Currently livepatched functions". */
export interface LiveFunction {
  patch: string;
  object: string;
  /** `name,sympos`. */
  func: string;
  transition: boolean;
}

/** Who owns each patched function: the patch with the highest stack_order. */
export async function liveFunctions(sys: SysCalls): Promise<LiveFunction[]> {
  const owners = new Map<string, LiveFunction & { order: number }>();
  for (const patch of await loadedPatches(sys)) {
    const order = await readAttr(sys, `${patchDir(patch)}/stack_order`);
    if (order === null) continue;
    const transition = await inTransition(sys, patch);
    for (const object of await subDirs(sys, patchDir(patch))) {
      for (const func of await subDirs(sys, `${patchDir(patch)}/${object}`)) {
        const row = { patch, object, func, transition, order: Number(order) };
        const key = `${object}/${func}`;
        if ((owners.get(key)?.order ?? -1) < row.order) owners.set(key, row);
      }
    }
  }
  return [...owners.values()];
}

async function subDirs(sys: SysCalls, dir: string): Promise<string[]> {
  const dirs: string[] = [];
  for (const name of await listDir(sys, dir)) if (await isDir(sys, `${dir}/${name}`)) dirs.push(name);
  return dirs;
}
