/**
 * Where everything of a kernel goes: table entries in link order, static data
 * from 64 KiB on, and behind it what the linker itself defines.
 */

import { kallsymsSize, writeKallsyms, type Symbol } from "./kallsyms";
import type { KData, KObject } from "./kobject";
import { DataLayout, linkerItem } from "./layout";
import { fileOf } from "./names";

/** The first 64 KiB stay unused, so that a null pointer hits nothing. */
const DATA_START = 65536;

export interface Slot {
  site: number;
  body: number;
  trampoline: number;
}

export class KernelLayout {
  readonly start = DATA_START;
  readonly nrFunctions: number;
  /** Values of the symbols that kernel-as/host.ts declares. */
  readonly symbols: Record<string, number>;
  private readonly slots = new Map<string, Slot>();
  /** Functions without a slot: one entry each, behind the trampolines. */
  private readonly plain = new Map<string, number>();
  private readonly data = new DataLayout(DATA_START);

  constructor(
    private readonly object: KObject,
    readonly build: string,
  ) {
    const traced = [...object.functions.values()].filter((f) => f.kind === "traced");
    this.nrFunctions = traced.length;
    traced.forEach((f, i) => this.slots.set(f.name, this.slotAt(i)));
    const notrace = [...object.functions.values()].filter((f) => f.kind === "notrace");
    notrace.forEach((f, i) => this.plain.set(f.name, 1 + 3 * traced.length + i));
    for (const item of object.data.values()) this.data.place(item);
    const banner = new TextEncoder().encode(`${build}\0`);
    const linux_build = this.data.place(linkerItem("linux_build", banner));
    const symbols = this.kernelSymbols(new Map());
    const table = linkerItem("kallsyms", new Uint8Array(kallsymsSize(symbols)));
    this.symbols = {
      linux_build,
      kallsyms_addr: this.data.place(table),
      kallsyms_num: symbols.length,
      nr_functions: this.nrFunctions,
      ftrace_end: 1 + 3 * this.nrFunctions + this.plain.size,
      data_end: this.data.end,
    };
  }

  slot(name: string): Slot | undefined {
    return this.slots.get(name);
  }

  /** Functions without a slot, in the order of their entries. */
  get notrace(): string[] {
    return [...this.plain.keys()];
  }

  /** What a pointer to the function holds. */
  private entry(name: string): number | undefined {
    return this.slot(name)?.site ?? this.plain.get(name);
  }

  address(name: string): number {
    return this.data.address(name);
  }

  /** The data image, with the symbol table filled in. */
  bytes(sizes: Map<string, number>): Uint8Array {
    const image = this.data.bytes((r) =>
      "site" in r.target
        ? (this.entry(r.target.site) ?? noSlot(r.target.site))
        : this.address(r.target.data) + r.target.addend,
    );
    const { kallsyms_addr } = this.symbols as { kallsyms_addr: number };
    const table = writeKallsyms(this.kernelSymbols(sizes), kallsyms_addr);
    image.set(table, kallsyms_addr - this.start);
    return image;
  }

  private slotAt(i: number): Slot {
    const n = this.nrFunctions;
    return { site: 1 + i, body: 1 + n + i, trampoline: 1 + 2 * n + i };
  }

  private kernelSymbols(sizes: Map<string, number>): Symbol[] {
    const functions = [...this.object.functions.values()]
      .filter((f) => f.kind !== "inline")
      .map(({ name, file, exported }) => {
        const value = this.slot(name) ? 1 : 0;
        return { name, file, value, size: sizes.get(name) ?? 0, type: exported ? "T" : "t" };
      });
    const buffers = [...this.object.data.values()]
      .filter((item) => item.kind === "buffer")
      .map((item) => ({
        name: item.name,
        file: fileOf(item.name),
        value: this.address(item.name),
        size: item.bytes.length,
        type: dataType(item),
      }));
    return [...functions, ...buffers];
  }
}

function dataType(item: KData): string {
  const letter = item.bytes.some((b) => b !== 0) ? "d" : "b";
  return item.exported ? letter.toUpperCase() : letter;
}

function noSlot(name: string): never {
  throw new Error(`vmlinux: address of ${name}, which has no slot`);
}
