/** A KernelImage, modules included, with its lists made into look-up tables. */

import type { ImageData, ImageFunction, ImageGlobal, KernelImage } from "./image";
import type { KLayout } from "./kobject";
import { bareName } from "./names";

export class KernelIndex {
  readonly functions = new Map<string, ImageFunction>();
  readonly globals = new Map<string, ImageGlobal>();
  readonly data = new Map<string, ImageData>();
  readonly layouts = new Map<string, KLayout>();
  /** Modules that have a copy of a symbol, of a helper file they share. */
  private readonly owners = new Map<string, string[]>();
  /** Direct callers by callee. */
  private readonly callers = new Map<string, string[]>();

  constructor(readonly image: KernelImage) {
    for (const part of [...image.modules, image]) {
      for (const f of part.functions) this.functions.set(f.name, f);
      for (const g of part.globals) this.globals.set(g.name, g);
      for (const d of part.data) this.data.set(d.name, d);
      for (const [name, layout] of Object.entries(part.layouts)) this.layouts.set(name, layout);
    }
    for (const m of image.modules) {
      for (const { name } of [...m.functions, ...m.globals, ...m.data]) {
        this.owners.set(name, [...(this.owners.get(name) ?? []), m.name]);
      }
    }
    for (const f of this.functions.values()) {
      for (const callee of f.callees) {
        this.callers.set(callee, [...(this.callers.get(callee) ?? []), f.name]);
      }
    }
  }

  /** Names of the modules that have the symbol; none for vmlinux. */
  ownersOf(name: string): string[] {
    return this.image.functions.some((f) => f.name === name) ? [] : (this.owners.get(name) ?? []);
  }

  /** Takes shared symbols from this module from now on: its copies are meant. */
  prefer(module: string): void {
    for (const part of this.image.modules.filter((m) => m.name === module)) {
      for (const f of part.functions) if (this.functions.get(f.name)?.module) this.functions.set(f.name, f);
      for (const g of part.globals) if (this.globals.get(g.name)?.module) this.globals.set(g.name, g);
      for (const d of part.data) if (this.data.get(d.name)?.module) this.data.set(d.name, d);
    }
  }

  /** Module that a source file is, or the only one it is part of; null for vmlinux. */
  moduleOf(file: string): string | null {
    const owners = this.image.modules.filter((m) => m.files.includes(file));
    return owners.length === 1 ? owners[0]!.name : null;
  }

  callersOf(name: string): string[] {
    return this.callers.get(name) ?? [];
  }

  /** Path name of a global that is known by its bare name. */
  globalNamed(bare: string): string {
    const found = this.image.globals.find((g) => bareName(g.name) === bare);
    if (!found) throw new Error(`vmlinux: undefined symbol ${bare}`);
    return found.name;
  }

  notraceNamed(bare: string): string {
    const found = this.image.functions.find((f) => f.kind === "notrace" && bareName(f.name) === bare);
    if (!found) throw new Error(`vmlinux: undefined symbol ${bare}`);
    return found.name;
  }

  /** 0 when the bare name is unique in its object, else which of its bearers it is, from 1. */
  sympos(f: ImageFunction): number {
    const bare = bareName(f.name);
    const same = [...this.functions.values()].filter(
      (g) => g.kind !== "inline" && g.module === f.module && bareName(g.name) === bare,
    );
    return same.length === 1 ? 0 : same.indexOf(f) + 1;
  }
}
