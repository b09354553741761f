/**
 * What a machine's disk holds: how its root file system differs from the one
 * that was shipped. It outlives the kernel, and with the host's help the page.
 */
import { hashBytes } from "./hash.ts";
import { manifestLine, ownerLine, type ArchiveEntry, type BootArchive } from "./bootArchive.ts";

export interface DiskEntry {
  type: ArchiveEntry["type"];
  path: string;
  mode: number;
  uid: number;
  gid: number;
  /** Nanoseconds of the epoch, decimal: a number would not hold them. */
  mtime: string;
  /** Of a link, a program, another name for a file. */
  target: string;
  /** Of a file. */
  data: Uint8Array | null;
}

export interface Disk {
  /** When shipped files were written: at the first boot. */
  formatted: string;
  /** When it was saved, as a number; a clock never starts before. */
  time: number;
  /** Shipped files that are gone. */
  removed: string[];
  entries: DiskEntry[];
}

export const emptyDisk = (epochNs: number): Disk => {
  return { formatted: String(BigInt(epochNs)), time: epochNs, removed: [], entries: [] };
};

/** Equal for disks that hold the same: a write changes a time. */
export const describeDisk = ({ removed, entries }: Disk): string =>
  JSON.stringify([removed, entries.map(({ data, ...entry }) => [entry, data?.length])]);

export function hashDisk(disk: Disk): string {
  const text = JSON.stringify(disk, (_key, value: unknown) =>
    value instanceof Uint8Array ? hashBytes(value) : value,
  );
  return hashBytes(new TextEncoder().encode(text));
}

/** Contents of a file that differs from the shipped one. */
export const fileOnDisk = (disk: Disk, path: string): Uint8Array | null =>
  disk.entries.find((entry) => entry.path === path)?.data ?? null;

/** Every directory of an archive with its mode, those without a line of their own too. */
export function directoriesOf(archive: BootArchive): Map<string, number> {
  const found = new Map<string, number>();
  for (const { path } of archive.entries) {
    for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1))
      found.set(path.slice(0, at), 0o755);
  }
  for (const { type, path, mode } of archive.entries) if (type === "d") found.set(path, mode);
  return found;
}

/** What a kernel reads at boot: the shipped files as the disk has them. */
export function diskBlobs(archive: BootArchive, disk: Disk): (blob: number) => Uint8Array | null {
  const first = archive.endOfBlobs;
  const data: Uint8Array[] = [];
  const changed = new Set(disk.entries.map(({ path }) => path));
  const gone = disk.removed;
  const isGone = (path: string) =>
    changed.has(path) || gone.some((g) => path === g || path.startsWith(`${g}/`));
  const lineOf = (entry: DiskEntry): string => {
    const { data: bytes, uid, gid, mtime } = entry;
    const blob = bytes === null ? 0 : first + data.push(bytes) - 1;
    const line = manifestLine({ ...entry, size: bytes?.length ?? 0, blob });
    return ownerLine(uid, gid, mtime) + line;
  };
  const isDir = ({ type }: { type: string }) => type === "d";
  const shipped = archive.entries.filter((entry) => !isDir(entry) && !isGone(entry.path));
  const asShipped = { uid: 0, gid: 0, mtime: disk.formatted, target: "", data: null };
  const dirs = [
    ...[...directoriesOf(archive)]
      .filter(([path]) => !isGone(path))
      .map(([path, mode]): DiskEntry => ({ type: "d", path, mode, ...asShipped })),
    ...disk.entries.filter(isDir),
  ];
  // Directories come last, and inner ones first: what is put into one changes its time.
  const manifest = [
    ownerLine(0, 0, disk.formatted),
    ...shipped.map(manifestLine),
    ...disk.entries.filter((entry) => !isDir(entry)).map(lineOf),
    ...dirs.sort((a, b) => (a.path < b.path ? 1 : -1)).map(lineOf),
  ];
  const text = new TextEncoder().encode(manifest.join(""));
  return (blob) => (blob === 0 ? text : blob < first ? archive.readBlob(blob) : (data[blob - first] ?? null));
}
