// hostFolder.ts - folders and scripts of this computer as files of the machine.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { BootArchive } from "../machine/bootArchive.ts";
import type { MountRequest } from "./commandLine.ts";

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

/** Copies a folder's files, without write permission, to where it is to be seen. */
export function addFolder(archive: BootArchive, { hostDir, guestDir }: MountRequest): void {
  copy(archive, resolve(hostDir), guestDir.replace(/^\/+|\/+$/g, ""));
}

function copy(archive: BootArchive, from: string, to: string): void {
  archive.directory(to, 0o555);
  for (const name of readdirSync(from).sort()) {
    const [source, target] = [join(from, name), `${to}/${name}`];
    const stat = statSync(source, { throwIfNoEntry: false });
    if (stat?.isDirectory()) copy(archive, source, target);
    else if (stat?.isFile()) archive.file(target, readFileSync(source), stat.mode & 0o555);
  }
}
