/**
 * Who may call whom, as the code of the kernel and of its modules says. The
 * kernel asks when somebody traces callers (kernel-as/kernel/trace/follow_calls.ts).
 * The answer may name too many, never too few.
 */

import type { CodeFunction, TableCall, WasmCode } from "./wasmCode.ts";

/** A function's code, and those that call it by name. */
interface Code {
  type: string;
  callers: Code[];
  /** Table entry by which everybody calls it; 0: a function that is not traced. */
  site: number;
  /** Its address may be taken. */
  pointed: boolean;
  /** The host calls it. */
  byHost: boolean;
}

/** Functions of the host that call the kernel while the kernel waits for them. */
const REENTER = ["env.module_map", "env.show_frames"];

/** A module as it was mapped. */
export interface MappedCode {
  code: WasmCode;
  tableBase: number;
  /** Values of the globals it imports, as "GOT.func.PATH". */
  value: (global: string) => number;
}

const TABLE_BASE = "env.__table_base";

export class CallGraph {
  /** By the table entries that they are called through. */
  readonly #code = new Map<number, Code>();
  /** Callers of a site; callers through pointers, and late bound ones, of a type. */
  readonly #callers = new Lists<number | string>();
  /** Answers of #pointerCallers(). */
  readonly #byPointer = new Map<string, number[]>();
  readonly #exports = new Map<string, Code>();
  readonly #host = new Map<string, Code>();

  constructor(kernel: WasmCode) {
    const codes = this.#add(kernel, 1, () => 0);
    for (const [name, index] of kernel.exports) {
      this.#exports.set(name, codes[index]!);
      // What only modules import has a path in its name.
      if (!name.includes("/")) codes[index]!.byHost = true;
    }
  }

  /** Its functions are called through pointers that the kernel makes out of its lists. */
  addModule({ code, tableBase, value }: MappedCode): void {
    for (const f of this.#add(code, tableBase, value)) if (f.site >= tableBase) f.pointed = true;
    for (const f of code.functions) for (const name of f.reads) this.point(value(name));
  }

  /** Somebody has got the address of a function: of its table entry. */
  point(entry: number): void {
    const code = this.#code.get(entry);
    if (code) code.pointed = true;
  }

  /** Sites of the functions that may call that of a site. */
  callersOf(site: number): number[] {
    const code = this.#code.get(site);
    if (!code) return [];
    const named = this.#collect([...this.#callers.get(site), ...this.#callers.get(`late ${code.type}`)]);
    return code.pointed ? [...named, ...this.#pointerCallers(code.type)] : named;
  }

  /** Those that call through pointers of a type: the same for many functions. */
  #pointerCallers(type: string): number[] {
    const found = this.#byPointer.get(type) ?? this.#collect([...this.#callers.get(type)]);
    this.#byPointer.set(type, found);
    return found;
  }

  /** The traced functions among them; of the others, those that they are called by, and so on. */
  #collect(next: Code[]): number[] {
    const found = new Set<number>();
    const seen = new Set<Code | string>();
    for (let code = next.pop(); code; code = next.pop()) {
      if (code.site !== 0) found.add(code.site);
      if (code.site !== 0 || seen.has(code)) continue;
      seen.add(code);
      next.push(...code.callers);
      if (code.byHost) for (const name of REENTER) next.push(...(this.#host.get(name)?.callers ?? []));
      if (!code.pointed || seen.has(code.type)) continue;
      seen.add(code.type);
      next.push(...this.#callers.get(code.type), ...this.#callers.get(`late ${code.type}`));
    }
    return [...found];
  }

  #add(wasm: WasmCode, base: number, value: (global: string) => number): Code[] {
    const codes = wasm.functions.map((f) => this.#declare(f));
    this.#place(wasm.table, codes, base);
    wasm.functions.forEach((f, i) => {
      for (const callee of f.calls) codes[callee]!.callers.push(codes[i]!);
      for (const call of f.tableCalls) this.#callers.add(target(call, base, value), codes[i]!);
    });
    return codes;
  }

  #declare({ imported, type }: CodeFunction): Code {
    const known = imported.startsWith("vmlinux.")
      ? this.#exports.get(imported.slice("vmlinux.".length))
      : this.#host.get(imported);
    if (known) return known;
    const code: Code = { type, callers: [], site: 0, pointed: false, byHost: false };
    if (imported !== "") this.#host.set(imported, code);
    return code;
  }

  /** In the table: n bodies in the sites, n bodies, n trampolines; then functions that are not traced. */
  #place(table: number[], codes: Code[], base: number): void {
    const n = table.indexOf(table[0]!, 1);
    table.forEach((index, i) => {
      const code = codes[index]!;
      if (i < n) this.#code.set((code.site = base + i), code);
      else if (i >= 3 * n) this.#code.set(base + i, code);
    });
  }
}

function target({ entry, late, type }: TableCall, base: number, value: (global: string) => number) {
  if (late) return `late ${type}`;
  if (entry === null) return type;
  if (entry.base === "") return entry.at;
  return entry.at + (entry.base === TABLE_BASE ? base : value(entry.base));
}

class Lists<Key> {
  readonly #lists = new Map<Key, Code[]>();

  get(key: Key): readonly Code[] {
    return this.#lists.get(key) ?? [];
  }

  add(key: Key, code: Code): void {
    const list = this.#lists.get(key);
    if (list) list.push(code);
    else this.#lists.set(key, [code]);
  }
}
