/**
 * The boot archive as the kernel reads it (kernel-as/init/initramfs.ts): a
 * manifest, which is blob 0, and the contents of files, which are the others.
 */

const encoder = new TextEncoder();

export interface ArchiveEntry {
  /** Directory, file, symbolic link, program, fifo, another name of a file. */
  type: "d" | "f" | "l" | "x" | "p" | "h";
  mode: number;
  /** From the root, without a slash before it. */
  path: string;
  /** Of a file: how long it is, and which blob. */
  size: number;
  blob: number;
  /** Of a link, a program, another name. */
  target: string;
}

/** Characters that would end a path too early, as octal numbers. */
const escapePath = (path: string): string =>
  path.replace(/[\\\n]|(?<= -)>(?= )/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`);

/** One line of a manifest. */
export function manifestLine({ type, mode, size, blob, path, target }: ArchiveEntry): string {
  const arrow = target === "" ? "" : ` -> ${escapePath(target)}`;
  return `${type} ${mode.toString(8)} ${size} ${blob} ${escapePath(path)}${arrow}\n`;
}

/** What follows belongs to them, and was written then (ns of the epoch, decimal). */
export const ownerLine = (uid: number, gid: number, mtime: string): string => `m 0 ${uid} ${gid} ${mtime}\n`;

export class BootArchive {
  readonly entries: ArchiveEntry[] = [];
  /** The first is the manifest's place. */
  #blobs: Uint8Array[] = [new Uint8Array()];
  #manifest: Uint8Array | null = null;

  /** Numbers from here on are free for blobs of somebody else's. */
  get endOfBlobs(): number {
    return this.#blobs.length;
  }

  /**
   * A second manifest in the same blobs: the number that `mount -t hostfs`
   * wants to show what `fill` puts in.
   */
  nested(fill: (archive: BootArchive) => void): number {
    const inner = new BootArchive();
    inner.#blobs = this.#blobs;
    fill(inner);
    return this.#blobs.push(inner.#text()) - 1;
  }

  directory(path: string, mode = 0o755): void {
    this.#add({ type: "d", mode, path });
  }

  file(path: string, contents: Uint8Array | string, mode = 0o644): void {
    const bytes = typeof contents === "string" ? encoder.encode(contents) : contents;
    this.#add({ type: "f", mode, path, size: bytes.length, blob: this.#blobs.push(bytes) - 1 });
  }

  link(path: string, target: string): void {
    this.#add({ type: "l", mode: 0o777, path, target });
  }

  /** A program of the registry, at `path`. */
  program(path: string, name: string): void {
    this.#add({ type: "x", mode: 0o755, path, target: name });
  }

  /** What the machine's option `readBlob` wants; the archive is complete then. */
  readonly readBlob = (blob: number): Uint8Array | null => {
    if (blob !== 0) return this.#blobs[blob] ?? null;
    return (this.#manifest ??= this.#text());
  };

  #text(): Uint8Array {
    return encoder.encode(this.entries.map(manifestLine).join(""));
  }

  #add(entry: Pick<ArchiveEntry, "type" | "mode" | "path"> & Partial<ArchiveEntry>): void {
    this.entries.push({ size: 0, blob: 0, target: "", ...entry });
  }
}
