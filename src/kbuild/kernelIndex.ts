/** A KernelImage, modules included, with its lists made into look-up tables. */

import type { ImageData, ImageFunction, ImageGlobal, KernelImage } from "./image";
import { bareName } from "./names";

export class KernelIndex {
  readonly functions = new Map<string, ImageFunction>();
  readonly globals = new Map<string, ImageGlobal>();
  readonly data = new Map<string, ImageData>();
  /** Direct callers by callee. */
  private readonly callers = new Map<string, string[]>();

  constructor(readonly image: KernelImage) {
    for (const part of [...image.modules, image]) {
      for (const f of part.functions) this.functions.set(f.name, f);
      for (const g of part.globals) this.globals.set(g.name, g);
      for (const d of part.data) this.data.set(d.name, d);
    }
    for (const f of this.functions.values()) {
      for (const callee of f.callees) {
        this.callers.set(callee, [...(this.callers.get(callee) ?? []), f.name]);
      }
    }
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
