// ko.ts - what user space reads out of a module file: its `.modinfo`.
//
// A .ko is a Wasm module. Its custom section `.modinfo` holds NUL-terminated
// `key=value` strings, as the ELF section of that name does. Bytes that are no
// Wasm module, or a damaged one, have no modinfo: null, never an exception.
import { concat } from "../text.ts";

export type ModInfo = Array<[key: string, value: string]>;

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const CUSTOM = 0;
const MODINFO = ".modinfo";

class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
  ) {}

  /** An unsigned LEB128 of at most 32 bits; NaN past the end. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.bytes.length) return NaN;
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return NaN;
  }

  take(count: number): Uint8Array | null {
    if (!(this.at + count <= this.bytes.length)) return null;
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
}

/** The content of a custom section, or null. */
export function customSection(image: Uint8Array, name: string): Uint8Array | null {
  return findSection(image, name)?.content ?? null;
}

interface FoundSection {
  /** Of the section, in the file. */
  start: number;
  end: number;
  content: Uint8Array;
}

function findSection(image: Uint8Array, name: string): FoundSection | null {
  if (!HEADER.every((byte, i) => image[i] === byte)) return null;
  const reader = new Reader(image, HEADER.length);
  while (reader.at < image.length) {
    const start = reader.at;
    const id = image[reader.at++];
    const body = reader.take(reader.u32());
    if (!body) return null;
    if (id !== CUSTOM) continue;
    const inner = new Reader(body, 0);
    const label = inner.take(inner.u32());
    if (label && new TextDecoder().decode(label) === name) {
      return { start, end: reader.at, content: body.subarray(inner.at) };
    }
  }
  return null;
}

export function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

/** The module with another content of a custom section that it has already. */
export function withSection(image: Uint8Array, name: string, content: Uint8Array): Uint8Array {
  const old = findSection(image, name);
  if (old === null) throw new Error(`withSection: no ${name}`);
  const label = new TextEncoder().encode(name);
  const head = [CUSTOM, ...leb(1 + label.length + content.length), label.length, ...label];
  return concat([image.subarray(0, old.start), Uint8Array.from(head), content, image.subarray(old.end)]);
}

/** The module with other strings; it has a `.modinfo` already. */
export function withModInfo(image: Uint8Array, info: ModInfo): Uint8Array {
  const text = info.map(([key, value]) => `${key}=${value}\0`).join("");
  return withSection(image, MODINFO, new TextEncoder().encode(text));
}

/** The module's strings in file order, or null when this is no module. */
export function readModInfo(image: Uint8Array): ModInfo | null {
  const section = customSection(image, MODINFO);
  if (!section) return null;
  return new TextDecoder()
    .decode(section)
    .split("\0")
    .filter((entry) => entry.includes("="))
    .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]);
}

export const infoField = (info: ModInfo, key: string): string | undefined =>
  info.find(([name]) => name === key)?.[1];

/** A file name as the kernel's name for the module: no directory, no suffix, `-` as `_`. */
export const moduleNameOf = (path: string): string =>
  path.replace(/^.*\//, "").replace(/\.ko$/, "").replaceAll("-", "_");
