// kmod.ts - what kmod's tools share: a module's state, and errno as they word it.
import { Errno } from "../../../kernel-as/abi.ts";
import { strerror } from "../strerror.ts";
import type { SysCalls } from "../sys.ts";
import { isDir, listDir, readAttr, readText } from "./io.ts";
import { MODULES } from "./sysfs.ts";

/** kmod's own words for what the kernel says about an image. */
const INSERT_TEXTS: Record<number, string> = {
  [Errno.ENOEXEC]: "Invalid module format",
  [Errno.ENOENT]: "Unknown symbol in module",
  [Errno.ESRCH]: "Module has wrong symbol version",
  [Errno.EINVAL]: "Invalid parameters",
};

export const insertText = (code: number): string => INSERT_TEXTS[code] ?? strerror(code);

/** builtin: it has a directory in sysfs, but nothing that was ever inserted. */
export type InitState = "absent" | "builtin" | "live" | "coming" | "going";

export async function initState(sys: SysCalls, name: string): Promise<InitState> {
  const state = await readAttr(sys, `${MODULES}/${name}/initstate`);
  if (state === "live" || state === "coming" || state === "going") return state;
  return (await isDir(sys, `${MODULES}/${name}`)) ? "builtin" : "absent";
}

export const holders = (sys: SysCalls, name: string): Promise<string[]> =>
  listDir(sys, `${MODULES}/${name}/holders`);

export const refcount = async (sys: SysCalls, name: string): Promise<number> =>
  Number((await readAttr(sys, `${MODULES}/${name}/refcnt`)) ?? 0);

/** A row of /proc/modules. */
export interface LoadedModule {
  name: string;
  size: number;
  refcount: number;
  users: string[];
}

export async function loadedModules(sys: SysCalls): Promise<LoadedModule[]> {
  const text = await readText(sys, "/proc/modules");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name, size, count, users] = line.split(" ");
      const names = (users ?? "-").split(",").filter((user) => user !== "" && user !== "-");
      return { name, size: Number(size), refcount: Number(count), users: names };
    });
}

/** Every `*.ko` below a directory. */
export async function findModules(sys: SysCalls, dir: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await listDir(sys, dir)) {
    const path = `${dir}/${name}`;
    // `build` and `source` lead to the kernel tree, which holds no installed module.
    if (name === "build" || name === "source") continue;
    if (name.endsWith(".ko")) found.push(path);
    else if (await isDir(sys, path)) found.push(...(await findModules(sys, path)));
  }
  return found;
}

export const moduleRoot = async (sys: SysCalls): Promise<string> =>
  `/lib/modules/${(await sys.uname()).release}`;
