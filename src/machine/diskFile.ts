/**
 * A disk as one file: `patchbay disk 1`, a line of JSON that describes it, and
 * the contents of its files, one behind the other.
 */
import type { Disk, DiskEntry } from "./disk.ts";

const MAGIC = "patchbay disk 1\n";

type Described = Omit<DiskEntry, "data"> & { size: number | null };

const encoder = new TextEncoder();

export function encodeDisk({ entries, ...rest }: Disk): Uint8Array<ArrayBuffer> {
  const described = entries.map(({ data, ...rest }): Described => ({ ...rest, size: data?.length ?? null }));
  const head = encoder.encode(`${MAGIC}${JSON.stringify({ ...rest, entries: described })}\n`);
  const size = described.reduce((sum, entry) => sum + (entry.size ?? 0), head.length);
  const bytes = new Uint8Array(size);
  bytes.set(head);
  let at = head.length;
  for (const { data } of entries) {
    if (data === null) continue;
    bytes.set(data, at);
    at += data.length;
  }
  return bytes;
}

/** Null for what is no disk, or only a part of one. */
export function decodeDisk(bytes: Uint8Array): Disk | null {
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC.length));
  const end = bytes.indexOf(10, MAGIC.length);
  if (magic !== MAGIC || end < 0) return null;
  const text = new TextDecoder().decode(bytes.subarray(MAGIC.length, end));
  let at = end + 1;
  try {
    const { entries, ...disk } = JSON.parse(text) as Omit<Disk, "entries"> & { entries: Described[] };
    const whole = entries.map(({ size, ...rest }): DiskEntry => {
      if (size === null) return { ...rest, data: null };
      at += size;
      return { ...rest, data: bytes.slice(at - size, at) };
    });
    return at === bytes.length ? { ...disk, entries: whole } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
