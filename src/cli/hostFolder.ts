// hostFolder.ts - folders and scripts of this computer as files of the machine.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { PackedRootfs } from "../kbuild/rootfs.ts";
import type { BootArchive } from "../machine/bootArchive.ts";
import { makeDirs } from "../user/kpatch/io.ts";
import type { SysCalls } from "../user/sys.ts";
import type { MountRequest } from "./commandLine.ts";
import { isSelftestFolder, linkBuiltSelftests } from "./selftestFolder.ts";

const SCRIPT_DIR = "opt/patchbay";

/**
 * Puts the script into the archive and returns its path in the machine. A
 * script that this computer does not have is one of the machine's already.
 */
export function addScript(archive: BootArchive, script: string): string {
  if (!existsSync(script) || !statSync(script).isFile()) return script;
  const path = `${SCRIPT_DIR}/${basename(script)}`;
  archive.file(path, readFileSync(script), 0o755);
  return `/${path}`;
}

const MS_RDONLY = 1;

/** Puts the folders beside the archive and returns what mounts them, read-only. */
export function addFolders(
  archive: BootArchive,
  mounts: MountRequest[],
  packed: PackedRootfs,
): (sys: SysCalls) => Promise<void> {
  const todo = mounts.map(({ hostDir, guestDir }) => {
    const number = archive.nested((folder) => copyFolder(folder, resolve(hostDir), "", packed));
    return { guestDir, number };
  });
  return async (sys) => {
    for (const { guestDir, number } of todo) {
      await makeDirs(sys, guestDir);
      await sys.mount(String(number), guestDir, "hostfs", MS_RDONLY, "");
    }
  };
}

function copyFolder(archive: BootArchive, from: string, prefix: string, packed: PackedRootfs): void {
  const names = readdirSync(from).sort();
  for (const name of names) {
    const [source, target] = [join(from, name), prefix + name];
    const stat = statSync(source, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      archive.directory(target);
      copyFolder(archive, source, `${target}/`, packed);
    } else if (stat?.isFile()) archive.file(target, readFileSync(source), stat.mode & 0o777);
  }
  if (!isSelftestFolder(names)) return;
  const present = readdirSync(from, { recursive: true, encoding: "utf8" });
  linkBuiltSelftests(archive, prefix, new Set(present), packed);
}
