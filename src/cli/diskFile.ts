// diskFile.ts - a machine's disk as a file of this computer.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Disk } from "../machine/disk.ts";
import { decodeDisk, encodeDisk } from "../machine/diskFile.ts";

/** The file is somebody else's, or damaged: nothing we may write over. */
export class NoDisk extends Error {
  constructor(readonly path: string) {
    super(`${path}: not a disk of patchbay`);
  }
}

/** Null for a disk that is new. @throws NoDisk */
export function readDiskFile(path: string): Disk | null {
  if (!existsSync(path)) return null;
  const disk = decodeDisk(readFileSync(path));
  if (disk === null) throw new NoDisk(path);
  return disk;
}

/** Whole or not at all: a power cut leaves the disk as it was. */
export function writeDiskFile(path: string, disk: Disk): void {
  writeFileSync(`${path}.new`, encodeDisk(disk));
  renameSync(`${path}.new`, path);
}
