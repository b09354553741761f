import type { KernelExports } from "./kernel.ts";
import type { MappedModule } from "./findCallers.ts";
import type { KernelMemory } from "./memory.ts";
import { KernelTrap, TrapReason } from "./trap.ts";

const ENOEXEC = -8;
const ENOENT = -2;

/** What module_resolve() (kernel-as/kernel/module/) is asked for. */
const enum Resolve {
  /** Site of a function, by path name. */
  FUNC = 0,
  /** Address of a datum, by path name. */
  MEM = 1,
}

/** The part of a running kernel that its modules share. */
export interface ModuleKernel {
  readonly memory: WebAssembly.Memory;
  readonly mem: KernelMemory;
  readonly table: WebAssembly.Table;
  readonly state: WebAssembly.Global;
  readonly data: WebAssembly.Global;
  readonly exports: KernelExports;
  /** What the kernel asks of the host; the body of a patched function may ask it, too. */
  readonly imports: WebAssembly.ModuleImports;
  /** What the kernel exports under a name: a variable or an untraced function. */
  shared(name: string): WebAssembly.ImportValue | undefined;
}

type Imports = Record<string, Record<string, WebAssembly.ImportValue>>;

/** Thrown while imports are collected: the kernel has said which and why. */
class UnknownSymbol extends Error {}

/**
 * Maps modules: compiles their Wasm and links it to the kernel. Which symbol
 * is where is the kernel's answer (kallsyms); the variables of the kernel and
 * of other modules are shared as Wasm globals by name.
 */
export class ModuleLoader {
  readonly #instances = new Map<number, WebAssembly.Instance>();

  /** For findCallers.ts: the modules, and the imports of all there have been. */
  readonly mapped = new Map<number, MappedModule>();
  readonly imported: Imports[] = [];

  constructor(private readonly kernel: ModuleKernel) {}

  /** The import module_map: 0 or -errno. */
  map(handle: number, image: number, len: number, memoryBase: number, tableBase: number): number {
    const wasm = this.kernel.mem.copy(image, len);
    try {
      const module = new WebAssembly.Module(wasm);
      const imports = this.#imports(module, memoryBase, tableBase);
      const instance = new WebAssembly.Instance(module, imports);
      this.#instances.set(handle, instance);
      this.mapped.set(handle, { wasm, tableBase, imports });
      this.imported.push(imports);
      (instance.exports["__wasm_apply_data_relocs"] as (() => void) | undefined)?.();
      return 0;
    } catch (error) {
      if (error instanceof UnknownSymbol) return ENOENT;
      if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) return ENOEXEC;
      throw error;
    }
  }

  unmap(handle: number): void {
    this.#instances.delete(handle);
    this.mapped.delete(handle);
  }

  /** Variables of loaded modules, for the hash of the machine's state. */
  *globals(): Iterable<[string, WebAssembly.Global]> {
    for (const [handle, instance] of this.#instances) {
      for (const [name, value] of Object.entries(instance.exports)) {
        if (value instanceof WebAssembly.Global) yield [`${handle}:${name}`, value];
      }
    }
  }

  #imports(module: WebAssembly.Module, memoryBase: number, tableBase: number): Imports {
    const env = this.#env(memoryBase, tableBase);
    const imports: Imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      const group = (imports[from] ??= {});
      group[name] =
        from === "env"
          ? (env[name] ?? this.kernel.imports[name] ?? this.#unknown(name))
          : this.#resolve(from, name);
    }
    return imports;
  }

  #env(memoryBase: number, tableBase: number): Record<string, WebAssembly.ImportValue> {
    const k = this.kernel;
    return {
      memory: k.memory,
      ftrace: k.table,
      __asyncify_state: k.state,
      __asyncify_data: k.data,
      __memory_base: new WebAssembly.Global({ value: "i32" }, memoryBase),
      __table_base: new WebAssembly.Global({ value: "i32" }, tableBase),
      watchdog_bark: () => {
        throw new KernelTrap(TrapReason.SOFT_LOCKUP);
      },
    };
  }

  #resolve(from: string, name: string): WebAssembly.ImportValue {
    if (from === "GOT.func") return this.#address(Resolve.FUNC, name);
    if (from === "GOT.mem") return this.#address(Resolve.MEM, name);
    if (from !== "vmlinux") return this.#unknown(name);
    return this.#shared(name) ?? this.#unknown(name);
  }

  /** A variable or an untraced function of the kernel or of a module. */
  #shared(name: string): WebAssembly.ImportValue | undefined {
    const own = this.kernel.shared(name);
    if (own !== undefined) return own;
    for (const instance of this.#instances.values()) {
      const value = instance.exports[name];
      if (value instanceof WebAssembly.Global) return value;
    }
    return undefined;
  }

  #address(kind: Resolve, name: string): WebAssembly.Global {
    const { exports, mem } = this.kernel;
    const len = mem.putCstring(exports.host_buffer(), name, 1024) - 1;
    const value = exports.module_resolve(kind, len);
    if (value === 0) throw new UnknownSymbol(name);
    return new WebAssembly.Global({ value: "i32" }, value);
  }

  /** Lets the kernel log the name it cannot resolve. */
  #unknown(name: string): never {
    this.#address(Resolve.FUNC, name);
    throw new UnknownSymbol(name);
  }
}
