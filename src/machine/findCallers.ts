/** Answers who calls whom; fetched when the kernel asks for the first time. */

import { Limits } from "../../kernel-as/abi.ts";
import { CallGraph } from "./callGraph.ts";
import { pointersIn } from "./functionObjects.ts";
import type { KernelMemory } from "./memory.ts";
import { ForeignCode, readCode, type WasmCode } from "./wasmCode.ts";

/** The code that is loaded. */
export interface LoadedCode {
  readonly image: Uint8Array;
  readonly mem: KernelMemory;
  readonly modules: {
    readonly mapped: ReadonlyMap<number, MappedModule>;
    /** Of all modules there have been, what they imported. */
    readonly imported: readonly ModuleImports[];
  };
}

export interface MappedModule {
  wasm: Uint8Array;
  tableBase: number;
  imports: ModuleImports;
}

type ModuleImports = Record<string, Record<string, WebAssembly.ImportValue>>;

/** Value of a global that a module imports as "GOT.func.PATH" or "GOT.mem.PATH". */
function address(imports: ModuleImports, name: string): number {
  const from = /^GOT\.(func|mem)/.exec(name)?.[0] ?? "";
  const global = imports[from]?.[name.slice(from.length + 1)];
  return global instanceof WebAssembly.Global ? (global.value as number) : 0;
}

/** The imports that kernel-as/host.ts describes; sites are table entries. */
export class CallerFinder {
  #kernel: WasmCode | null = null;
  readonly #modules = new WeakMap<Uint8Array, WasmCode>();
  readonly #replaced = new Map<number, number[]>();

  constructor(private readonly loaded: LoadedCode) {}

  replaces(by: number, site: number): void {
    if (by !== site) this.#replaced.set(by, [...(this.#replaced.get(by) ?? []), site]);
  }

  callers(address: number, stacks: boolean): void {
    const bits = this.loaded.mem.bytes.subarray(address, address + Limits.FTRACE_ENTRIES / 8);
    const graph = this.#link();
    const asked = new Set(sitesIn(bits));
    bits.fill(0);
    // Grows while it is walked.
    for (const site of asked) {
      // Who calls a function that this one may run in place of, calls this one, too.
      for (const called of [site, ...(this.#replaced.get(site) ?? [])]) {
        for (const caller of graph.callersOf(called)) {
          bits[caller >> 3]! |= 1 << (caller & 7);
          if (stacks) asked.add(caller);
        }
      }
    }
    this.#replaced.clear();
  }

  #link(): CallGraph {
    const { image, mem, modules } = this.loaded;
    const graph = new CallGraph((this.#kernel ??= readCode(image)));
    for (const module of modules.mapped.values()) this.#add(graph, module);
    for (const entry of pointersIn(image)) graph.point(entry);
    for (const imports of modules.imported) {
      // For these the kernel has made function objects, and a module may have left their addresses anywhere.
      const made = Object.keys(imports["GOT.mem"] ?? {}).filter((name) => name.startsWith("fn:"));
      for (const name of made) graph.point(mem.u32(address(imports, `GOT.mem.${name}`)));
    }
    return graph;
  }

  /** A module of another make is not read: whom it calls is not known. */
  #add(graph: CallGraph, { wasm, tableBase, imports }: MappedModule): void {
    try {
      const code = this.#modules.get(wasm) ?? readCode(wasm);
      this.#modules.set(wasm, code);
      graph.addModule({ code, tableBase, value: (name) => address(imports, name) });
    } catch (error) {
      if (!(error instanceof ForeignCode)) throw error;
    }
  }
}

function sitesIn(bits: Uint8Array): number[] {
  return [...bits].flatMap((byte, i) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((n) => byte & (1 << n)).map((n) => 8 * i + n),
  );
}
