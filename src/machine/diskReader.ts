/**
 * Reads the root file system out of kernel memory. It runs no kernel code and
 * changes nothing, so a machine whose disk is saved stays equal to its replay.
 */
import { FsField, Limits, Mode } from "../../kernel-as/abi.ts";
import type { ArchiveEntry, BootArchive } from "./bootArchive.ts";
import { directoriesOf, type Disk, type DiskEntry } from "./disk.ts";
import type { KernelInstance } from "./instance.ts";

const TYPES: Record<number, DiskEntry["type"]> = {
  [Mode.IFDIR]: "d",
  [Mode.IFREG]: "f",
  [Mode.IFLNK]: "l",
  [Mode.IFIFO]: "p",
};

/** A program file's text: kernel-as/init/initramfs.ts. */
const PROGRAM = "\x7fPBX";

/** A directory longer than this is memory we misread. */
const MAX_ENTRIES = 100_000;

/** @param time now, in ns of the epoch */
export function readDisk(
  kernel: KernelInstance,
  readBlob: (blob: number) => Uint8Array | null,
  archive: BootArchive,
  formatted: string,
  time: number,
): Disk {
  return new DiskReader(kernel, readBlob, archive, formatted).read(time);
}

class DiskReader {
  readonly #shipped: Map<string, ArchiveEntry>;
  readonly #shippedDirs: Map<string, number>;
  /** First path of each file that has several. */
  readonly #paths = new Map<number, string>();
  readonly #seen = new Set<string>();
  readonly #entries: DiskEntry[] = [];

  constructor(
    private readonly kernel: KernelInstance,
    /** What it booted with. */
    private readonly readBlob: (blob: number) => Uint8Array | null,
    archive: BootArchive,
    private readonly formatted: string,
  ) {
    this.#shipped = new Map(archive.entries.map((entry) => [entry.path, entry]));
    this.#shippedDirs = directoriesOf(archive);
  }

  read(time: number): Disk {
    const mount = this.kernel.globals.get("fs/mount/root_mnt")!.value as number;
    this.#directory(this.#u32(this.#u32(mount + FsField.MOUNT_SB) + FsField.SB_ROOT), "");
    const known = [...this.#shippedDirs.keys(), ...this.#shipped.keys()];
    const gone = new Set(known.filter((path) => !this.#seen.has(path)));
    const parent = (path: string) => path.slice(0, path.lastIndexOf("/"));
    const removed = [...gone].filter((path) => !gone.has(parent(path))).sort();
    return { formatted: this.formatted, time, removed, entries: this.#entries };
  }

  #u32(address: number): number {
    return this.kernel.mem.u32(address);
  }

  /** Children by name: their order in memory is the order they were made in. */
  #directory(dentry: number, prefix: string): void {
    const head = dentry + FsField.DENTRY_CHILDREN;
    const found: [name: string, dentry: number][] = [];
    for (let node = this.#u32(head); node !== head && found.length < MAX_ENTRIES; node = this.#u32(node)) {
      const child = node - FsField.DENTRY_SIBLING;
      found.push([this.kernel.mem.cstring(this.#u32(child + FsField.DENTRY_NAME)), child]);
    }
    for (const [name, child] of found.sort(([a], [b]) => (a < b ? -1 : 1))) {
      this.#file(child, this.#u32(child + FsField.DENTRY_INODE), prefix + name);
    }
  }

  #file(dentry: number, inode: number, path: string): void {
    this.#seen.add(path);
    const entry = this.#describe(inode, path);
    // A device of mknod(1): nothing here can be behind it after a reboot.
    if (entry === null) return;
    if (!this.#isShipped(inode, entry)) {
      if (entry.type === "f") entry.data = this.#contents(inode);
      this.#entries.push(entry);
    }
    if (entry.type === "d") this.#directory(dentry, `${path}/`);
  }

  #describe(inode: number, path: string): DiskEntry | null {
    const mode = this.#u32(inode + FsField.INODE_MODE);
    const type = this.#typeOf(inode, mode);
    if (type === undefined) return null;
    const entry: DiskEntry = {
      type,
      path,
      mode: mode & 0o7777,
      uid: this.#u32(inode + FsField.INODE_UID),
      gid: this.#u32(inode + FsField.INODE_GID),
      mtime: String(this.kernel.mem.view.getBigUint64(inode + FsField.INODE_MTIME, true)),
      target: this.#target(inode, type),
      data: null,
    };
    const other = this.#paths.get(inode);
    if (other !== undefined) return { ...entry, type: "h", target: other };
    if (type !== "d" && this.#u32(inode + FsField.INODE_NLINK) > 1) this.#paths.set(inode, path);
    return entry;
  }

  #typeOf(inode: number, mode: number): DiskEntry["type"] | undefined {
    const type = TYPES[mode & Mode.IFMT];
    const isProgram =
      type === "f" &&
      this.#u32(inode + FsField.INODE_LINK) !== 0 &&
      this.#u32(inode + FsField.INODE_NR_PAGES) === 0 &&
      this.#u32(inode + FsField.INODE_BACKED_SIZE) === this.#u32(inode + FsField.INODE_SIZE);
    return isProgram ? "x" : type;
  }

  #target(inode: number, type: DiskEntry["type"]): string {
    if (type !== "l" && type !== "x") return "";
    const text = this.kernel.mem.cstring(this.#u32(inode + FsField.INODE_LINK));
    return type === "l" ? text : text.slice(PROGRAM.length).replace(/\n$/, "");
  }

  /** Whether the file is as it was shipped. */
  #isShipped(inode: number, { type, path, mode, uid, gid, mtime, target }: DiskEntry): boolean {
    if (uid !== 0 || gid !== 0 || mtime !== this.formatted) return false;
    if (type === "d") return this.#shippedDirs.get(path) === mode;
    const shipped = this.#shipped.get(path);
    if (shipped?.type !== type || shipped.mode !== mode || shipped.target !== target) return false;
    if (type !== "f") return true;
    return (
      this.#u32(inode + FsField.INODE_BLOB) === shipped.blob &&
      this.#u32(inode + FsField.INODE_NR_PAGES) === 0 &&
      this.#u32(inode + FsField.INODE_SIZE) === shipped.size &&
      this.#u32(inode + FsField.INODE_BACKED_SIZE) === shipped.size
    );
  }

  /** What backs the file, and over it the pages that were written. */
  #contents(inode: number): Uint8Array {
    const { mem } = this.kernel;
    const data = new Uint8Array(mem.f64FromI64(inode + FsField.INODE_SIZE));
    const backed = this.#u32(inode + FsField.INODE_BACKED_SIZE);
    const text = this.#u32(inode + FsField.INODE_LINK);
    const blob = this.#u32(inode + FsField.INODE_BLOB);
    const backing = text !== 0 ? mem.copy(text, backed) : backed > 0 ? this.readBlob(blob) : null;
    if (backing !== null) data.set(backing.subarray(0, Math.min(backed, data.length)));
    const pages = this.#u32(inode + FsField.INODE_PAGES);
    const max = Math.min(
      this.#u32(inode + FsField.INODE_PAGES_MAX),
      Math.ceil(data.length / Limits.PAGE_SIZE),
    );
    for (let i = 0; i < max; i++) {
      const page = this.#u32(pages + 4 * i);
      const at = i * Limits.PAGE_SIZE;
      if (page !== 0)
        data.set(mem.bytes.subarray(page, page + Math.min(Limits.PAGE_SIZE, data.length - at)), at);
    }
    return data;
  }
}
