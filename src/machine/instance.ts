import { Asyncify, Limits, TaskField } from "../../kernel-as/abi.ts";
import type { CallerFinder } from "./findCallers.ts";
import type { KernelExports } from "./kernel.ts";
import { KernelMemory } from "./memory.ts";
import { ModuleLoader } from "./modules.ts";
import { KernelTrap, showFrames, TrapReason } from "./trap.ts";

/** What the kernel asks of whoever runs it (kernel-as/host.ts). */
export interface KernelHost {
  /** The bytes that its module was compiled from. */
  image: Uint8Array;
  ttyOutput(bytes: Uint8Array): void;
  /** Bytes of a file the host holds, or null when there is no such file. */
  readBlob(blob: number): Uint8Array | null;
  hostJob(pid: number): void;
  /** Whether a kernel image could be started. */
  probeKernel(image: Uint8Array): boolean;
  syncDisk(): void;
  halt(reason: number): void;
}

/** Pages of 64 KiB the kernel starts with; it grows its memory itself. */
const INITIAL_PAGES = 64;
const MAX_PAGES = 16384;
const EIO = -5;
const ENOEXEC = -8;

/**
 * A running kernel: instance, memory, table and the two asyncify globals,
 * which the kernel shares with every module.
 */
export class KernelInstance {
  readonly memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES });
  readonly mem = new KernelMemory(this.memory);
  readonly table = new WebAssembly.Table({
    initial: Limits.FTRACE_ENTRIES,
    maximum: Limits.FTRACE_ENTRIES,
    element: "anyfunc",
  });
  readonly state = new WebAssembly.Global({ value: "i32", mutable: true }, Asyncify.NORMAL);
  readonly data = new WebAssembly.Global({ value: "i32", mutable: true }, 0);
  /** Which entry each entry of the table was last copied from; 0 none. */
  readonly swapped = new Uint32Array(Limits.FTRACE_ENTRIES);
  readonly exports: KernelExports;
  readonly globals: Map<string, WebAssembly.Global>;
  readonly image: Uint8Array;
  /** The kernel is going to call findCallers, which is to be set when its stack is unwound. */
  asksCallers = false;
  findCallers: Pick<CallerFinder, "callers" | "replaces"> | null = null;
  readonly modules: ModuleLoader;
  /** What the kernel asks of the host, and modules with it. */
  readonly imports: WebAssembly.ModuleImports;
  readonly #current: WebAssembly.Global;
  /** Entries from 1 on that vmlinux filled. */
  readonly #filled: number;
  readonly #shared: WebAssembly.ModuleImports;

  constructor(module: WebAssembly.Module, host: KernelHost) {
    Error.stackTraceLimit = Math.max(Error.stackTraceLimit, 64);
    this.image = host.image;
    this.modules = new ModuleLoader(this);
    this.imports = this.#imports(host);
    const instance = new WebAssembly.Instance(module, { env: this.imports });
    this.#shared = instance.exports as WebAssembly.ModuleImports;
    this.exports = instance.exports as unknown as KernelExports;
    this.#filled = filledEntries(this.table);
    this.globals = globalsOf(instance);
    this.#current = this.globals.get("kernel/sched/task/current")!;
  }

  #imports(host: KernelHost): WebAssembly.ModuleImports {
    return {
      memory: this.memory,
      ftrace: this.table,
      __asyncify_state: this.state,
      __asyncify_data: this.data,
      switch_to: () => this.#switchTo(),
      show_frames: () => showFrames(this, new Error().stack ?? ""),
      ftrace_set: (dst: number, src: number) => this.#ftraceSet(dst, src),
      ftrace_replaces: (by: number, site: number) => this.findCallers!.replaces(by, site),
      ftrace_callers: (bits: number, stacks: number) => {
        if (bits === 0) this.asksCallers = true;
        else this.findCallers!.callers(bits, stacks !== 0);
      },
      tty_output: (buf: number, len: number) => host.ttyOutput(this.mem.copy(buf, len)),
      host_read: (blob: number, offset: number, buf: number, len: number) =>
        this.#readBlob(host.readBlob(blob), offset, buf, len),
      module_map: (...args: [number, number, number, number, number]) => this.modules.map(...args),
      module_unmap: (handle: number) => this.modules.unmap(handle),
      host_job: (pid: number) => host.hostJob(pid),
      kernel_probe: (image: number, len: number) =>
        host.probeKernel(this.mem.copy(image, len)) ? 0 : ENOEXEC,
      disk_sync: () => host.syncDisk(),
      trap: (reason: TrapReason) => {
        throw new KernelTrap(reason);
      },
      machine_halt: (reason: number) => host.halt(reason),
      abort: () => {
        throw new KernelTrap(TrapReason.BUG);
      },
    };
  }

  /**
   * The one import that sleeps. First time: the caller's stack is unwound into
   * the task that calls. Second time, when that stack was wound up again:
   * normal running goes on from here.
   */
  #switchTo(): void {
    if (this.state.value === Asyncify.REWINDING) {
      this.state.value = Asyncify.NORMAL;
      return;
    }
    this.data.value = this.mem.u32(this.current + TaskField.STACK);
    this.state.value = Asyncify.UNWINDING;
  }

  /** Address of the task that was made last. */
  get newestTask(): number {
    return this.globals.get("kernel/fork/last_task")!.value as number;
  }

  /**
   * Table entry of the kernel function with that index in vmlinux; 0 for none.
   * An exported function's name is its index. From the end on: a site's entry
   * may be a copy of anything.
   */
  entryOfFunction(index: number): number {
    for (let i = this.#filled; i > 0; i--) {
      if ((this.table.get(i) as { name: string }).name === String(index)) return i;
    }
    return 0;
  }

  /** Address of the running task. */
  get current(): number {
    return this.#current.value as number;
  }

  /** Copies a table entry; the swap of live patching. Index 0 is no function. */
  #ftraceSet(dst: number, src: number): void {
    this.table.set(dst, src === 0 ? null : this.table.get(src));
    this.swapped[dst] = src;
  }

  /** Where it cannot be had, all may call all. */
  async fetchFindCallers(): Promise<void> {
    this.findCallers = await import("./findCallers.ts").then(
      ({ CallerFinder }) => new CallerFinder(this),
      () => ({
        replaces: () => undefined,
        callers: (at) => void this.mem.bytes.fill(0xff, at, at + Limits.FTRACE_ENTRIES / 8),
      }),
    );
    this.asksCallers = false;
  }

  #readBlob(blob: Uint8Array | null, offset: number, buf: number, len: number): number {
    if (blob === null) return EIO;
    const part = blob.subarray(offset, offset + len);
    this.mem.bytes.set(part, buf);
    return part.length;
  }

  /** What the kernel exports under a name for modules: a variable or an untraced function. */
  shared(name: string): WebAssembly.ImportValue | undefined {
    return this.#shared[name];
  }
}

/** Entries from 1 on that vmlinux filled, without a gap; found by halving. */
function filledEntries(table: WebAssembly.Table): number {
  let filled = 0;
  let empty = table.length;
  while (empty - filled > 1) {
    const middle = (filled + empty) >> 1;
    if (table.get(middle) === null) empty = middle;
    else filled = middle;
  }
  return filled;
}

function globalsOf(instance: WebAssembly.Instance): Map<string, WebAssembly.Global> {
  const globals = new Map<string, WebAssembly.Global>();
  for (const [name, value] of Object.entries(instance.exports)) {
    if (value instanceof WebAssembly.Global) globals.set(name, value);
  }
  return globals;
}
