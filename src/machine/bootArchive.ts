/**
 * The boot archive as the kernel reads it (kernel-as/init/initramfs.ts): a
 * manifest, which is blob 0, and the contents of files, which are the others.
 */

const encoder = new TextEncoder();

export class BootArchive {
  #lines: string[] = [];
  /** The first is the manifest's place. */
  #blobs: Uint8Array[] = [new Uint8Array()];
  #manifest: Uint8Array | null = null;

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
    this.#add("d", mode, path);
  }

  file(path: string, contents: Uint8Array | string, mode = 0o644): void {
    const bytes = typeof contents === "string" ? encoder.encode(contents) : contents;
    this.#add("f", mode, path, bytes.length, this.#blobs.push(bytes) - 1);
  }

  link(path: string, target: string): void {
    this.#add("l", 0o777, `${path} -> ${target}`);
  }

  /** A program of the registry, at `path`. */
  program(path: string, name: string): void {
    this.#add("x", 0o755, `${path} -> ${name}`);
  }

  /** What the machine's option `readBlob` wants; the archive is complete then. */
  readonly readBlob = (blob: number): Uint8Array | null => {
    if (blob !== 0) return this.#blobs[blob] ?? null;
    return (this.#manifest ??= this.#text());
  };

  #text(): Uint8Array {
    return encoder.encode(this.#lines.map((line) => `${line}\n`).join(""));
  }

  #add(type: string, mode: number, path: string, size = 0, blob = 0): void {
    this.#lines.push(`${type} ${mode.toString(8)} ${size} ${blob} ${path}`);
  }
}
