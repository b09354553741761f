// hostFolder.ts - folders of this computer as file systems of the machine.
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { packArchive, type Entry } from "../machine/initramfs.ts";
import { makeDirs } from "../user/kpatch/io.ts";
import type { SysCalls } from "../user/sys.ts";
import type { MountRequest } from "./commandLine.ts";
import { readFolder } from "./checkout.ts";

const MS_RDONLY = 1;
const SCRIPT_DIR = "opt/patchbay";

/** The script as a file of the machine, or null when it is one already (of a mounted folder). */
export function scriptEntry(script: string): Entry | null {
  if (!existsSync(script) || !statSync(script).isFile()) return null;
  return { type: "f", path: guestScript(script).slice(1), mode: 0o755, data: readFileSync(script) };
}

export const guestScript = (script: string): string => `/${SCRIPT_DIR}/${basename(script)}`;

/** Appends a manifest and its files for each folder; returns what mounts them. */
export function hostFolders(blobs: Uint8Array[], mounts: MountRequest[]): (sys: SysCalls) => Promise<void> {
  const todo = mounts.map(({ hostDir, guestDir }) => {
    const files = [...readFolder(resolve(hostDir))];
    const number = blobs.length;
    const entries = files.map(([path, data]): Entry => ({ type: "f", path, mode: 0o755, data }));
    const { manifest, blobs: contents } = packArchive(entries, number + 1);
    blobs.push(manifest, ...contents);
    return { guestDir, number };
  });
  return async (sys) => {
    for (const { guestDir, number } of todo) {
      await makeDirs(sys, guestDir);
      await sys.mount(String(number), guestDir, "hostfs", MS_RDONLY, "");
    }
  };
}
