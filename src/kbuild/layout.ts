/** Places data items one behind the other, each aligned as it was compiled. */

import type { KData, KReloc } from "./kobject";

export interface PlacedItem {
  item: KData;
  address: number;
}

export class DataLayout {
  readonly placed = new Map<string, PlacedItem>();
  /** First free byte. */
  end: number;

  constructor(readonly start: number) {
    this.end = start;
  }

  /** @returns the address of the item. */
  place(item: KData): number {
    const gap = (item.residue - this.end) & 15;
    const address = this.end + gap;
    this.placed.set(item.name, { item, address });
    this.end = address + item.bytes.length;
    return address;
  }

  address(name: string): number {
    const placed = this.placed.get(name);
    if (!placed) throw new Error(`kbuild: no data item ${name}`);
    return placed.address;
  }

  /** The bytes from start to end; `fill` gives the value of each reference. */
  bytes(fill: (reloc: KReloc, at: number) => number): Uint8Array {
    const image = new Uint8Array(this.end - this.start);
    const view = new DataView(image.buffer);
    for (const { item, address } of this.placed.values()) {
      const at = address - this.start;
      image.set(item.bytes, at);
      for (const r of item.relocs) {
        view.setUint32(at + r.offset, fill(r, address + r.offset), true);
      }
    }
    return image;
  }
}

/** Makes an item the linker itself provides. */
export function linkerItem(name: string, bytes: Uint8Array): KData {
  const rest = { residue: 0, relocs: [], digest: "", exported: false };
  return { name, kind: "buffer", bytes, ...rest };
}
