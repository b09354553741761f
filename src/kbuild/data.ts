/**
 * Static data of a compiled module, cut into named items.
 *
 * A string is named by its content, a function object by its function, a
 * buffer by the global that holds its address; what no global holds is named
 * by the function that mentions it first, as C names static locals.
 */

import { OBJECT_HEADER } from "./ascFacts";
import { digestBytes, digestText } from "./digest";
import type { KData, KReloc } from "./kobject";

export interface Segment {
  address: number;
  bytes: Uint8Array;
}

const STRING_CLASS = 2;
/** Offset of the class id in an object's header. */
const CLASS_ID = 12;

export class DataMap {
  readonly items = new Map<string, KData>();
  private readonly names = new Map<number, string>();
  /** Segments that begin with an object header. */
  private readonly managed = new Set<number>();
  private readonly segments: Segment[];

  constructor(segments: Segment[]) {
    this.segments = [...segments].sort((a, b) => a.address - b.address);
  }

  /** Names function objects and strings, which name themselves. */
  nameObjects(functionObjects: Map<number, string>): void {
    for (const s of this.segments) {
      const fn = functionObjects.get(s.address);
      if (fn !== undefined) this.name(s, `fn:${fn}`, "function");
      else if (isString(s)) this.name(s, stringName(s), "string");
    }
  }

  /** Names the item that `address` starts, unless it has a name. */
  nameBuffer(address: number, name: string): void {
    const s = this.find(address);
    if (!s || this.names.has(s.address)) return;
    if (address === s.address) this.name(s, this.free(name), "buffer");
    if (address === s.address + OBJECT_HEADER) {
      this.name(s, this.free(name), "buffer");
      this.managed.add(s.address);
    }
  }

  /** The item at an address of the compile range; a buffer may be anonymous. */
  at(address: number, anonymous: string): { data: string; addend: number } | undefined {
    const s = this.find(address);
    if (!s) return undefined;
    if (!this.names.has(s.address)) {
      this.name(s, this.free(`${anonymous}.data`), "buffer");
    }
    return { data: this.names.get(s.address)!, addend: address - s.address };
  }

  /** Finds the references inside the items; call when all have names. */
  relocate(): void {
    for (const s of this.segments) {
      const item = this.items.get(this.names.get(s.address) ?? "");
      if (!item) continue;
      item.relocs = this.relocsOf(s, item);
      item.digest = digestItem(item, this.managed.has(s.address));
    }
  }

  private relocsOf(s: Segment, item: KData): KReloc[] {
    if (item.kind === "string") return [];
    if (item.kind === "function") {
      const site = item.name.slice("fn:".length);
      return [{ offset: OBJECT_HEADER, target: { site } }];
    }
    const view = new DataView(s.bytes.buffer, s.bytes.byteOffset);
    const relocs: KReloc[] = [];
    const first = -s.address & 3;
    for (let at = first; at + 4 <= s.bytes.length; at += 4) {
      const word = view.getUint32(at, true);
      if (this.starts(word)) {
        relocs.push({ offset: at, target: this.at(word, item.name)! });
      }
    }
    return relocs;
  }

  /** True when an item, or the object in it, begins at this address. */
  private starts(address: number): boolean {
    const s = this.find(address);
    if (!s) return false;
    return address === s.address || address === s.address + OBJECT_HEADER;
  }

  private name(s: Segment, name: string, kind: KData["kind"]): void {
    this.names.set(s.address, name);
    if (this.items.has(name)) return;
    const residue = s.address & 15;
    const { bytes } = s;
    const later = { relocs: [], digest: "", exported: false };
    this.items.set(name, { name, kind, bytes, residue, ...later });
  }

  private free(name: string): string {
    let n = 0;
    let candidate = name;
    while (this.items.has(candidate)) candidate = `${name}.${++n}`;
    return candidate;
  }

  private find(address: number): Segment | undefined {
    let low = 0;
    let high = this.segments.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (this.segments[mid]!.address <= address) low = mid + 1;
      else high = mid;
    }
    const s = this.segments[low - 1];
    return s && address < s.address + s.bytes.length ? s : undefined;
  }
}

/**
 * Content hash with every reference replaced by its name, and without the
 * class id in an object's header: asc counts classes in order of their use.
 */
function digestItem(item: KData, managed: boolean): string {
  const bytes = item.bytes.slice();
  if (managed) bytes.fill(0, CLASS_ID, CLASS_ID + 4);
  for (const r of item.relocs) bytes.fill(0, r.offset, r.offset + 4);
  const targets = item.relocs.map((r) => JSON.stringify(r)).join();
  return digestText(digestBytes(bytes) + targets);
}

function isString(s: Segment): boolean {
  if (s.bytes.length < OBJECT_HEADER) return false;
  const word = new DataView(s.bytes.buffer, s.bytes.byteOffset);
  const sized = word.getUint32(0, true) === s.bytes.length - 4;
  return sized && word.getUint32(CLASS_ID, true) === STRING_CLASS;
}

function stringName(s: Segment): string {
  return `str:${digestBytes(s.bytes)}`;
}
