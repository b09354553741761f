import type { KernelExports } from "./kernel.ts";
import type { KernelMemory } from "./memory.ts";

/** What a trampoline calls, by path name. */
const DISPATCHERS = ["kernel/trace/ftrace_caller/ftrace_caller", "kernel/trace/ftrace_caller/ftrace_return"];
const TRAMPOLINE = "ftrace_trampoline:";
/** Deepest engine stack that is looked at. */
const DEEP = 64;
/** Frames between the trampoline's caller and the import are fewer than this. */
const NEAR = 12;
/** Longest symbol name the kernel's buffer takes. */
const MAX_NAME = 512;

/** A frame: the name that the linker wrote, or, in a kernel shipped without names, "#INDEX". */
type Symbol = string | null;

/** V8's structured stack frame, as far as it is needed. */
interface CallSite {
  getFunctionName(): string | null;
  toString(): string;
}

/** A function of vmlinux without a name; modules keep theirs. */
function unnamed(frame: string): Symbol {
  const index = /wasm-function\[(\d+)\]/.exec(frame)?.[1];
  return index === undefined ? null : `#${index}`;
}

/** V8's hooks; other engines have none of them. */
interface V8Error {
  stackTraceLimit?: number;
  prepareStackTrace?: unknown;
  captureStackTrace?(target: object): void;
}

const v8: V8Error = Error;

/** `at NAME (wasm://…)`, `NAME@url:wasm-function[…]`, `<?>.wasm-function[NAME]@…`. */
function symbolsOf(stack: string): string[] {
  const symbols: string[] = [];
  for (const line of stack.split("\n")) {
    const found = /wasm-function\[([^\]\d][^\]]*)\]/.exec(line) ?? /^(\S+?)@\S*wasm/.exec(line);
    const symbol = found?.[1] ?? unnamed(line);
    if (symbol !== null) symbols.push(symbol);
  }
  return symbols;
}

/**
 * Names of the functions on the engine's stack, innermost first, as the linker
 * wrote them; V8 gives those of the host too, which are nobody in the kernel.
 * Its structured frames cost a third of its text.
 */
function captureSymbols(depth: number): Symbol[] {
  if (!v8.captureStackTrace) return symbolsOf(new Error().stack ?? "");
  const { stackTraceLimit, prepareStackTrace } = v8;
  v8.stackTraceLimit = depth;
  v8.prepareStackTrace = (_error: unknown, sites: CallSite[]) => sites;
  const target: { stack?: CallSite[] } = {};
  v8.captureStackTrace(target);
  const sites = target.stack!;
  v8.stackTraceLimit = stackTraceLimit;
  v8.prepareStackTrace = prepareStackTrace;
  return sites.map((site) => site.getFunctionName() ?? unnamed(site.toString()));
}

/** What reading its stack needs of a kernel. */
export interface StackKernel {
  readonly exports: KernelExports;
  readonly mem: KernelMemory;
  /** Id of the kernel function with that index in vmlinux; 0 for none. */
  idOfFunction(index: number): number;
  /** Index in vmlinux of a function that it exports. */
  indexOf(name: string): number;
}

/**
 * Who is on the stack of the running kernel code. Linux reads return addresses;
 * Wasm hides them, but every engine names the frames in an error's stack. The
 * kernel turns a name into a function id, once for each name.
 */
export class KernelStack {
  readonly #ids = new Map<string, number>();

  constructor(private readonly kernel: StackKernel) {}

  /** A module came or went: the same name may be another function now. */
  forget(): void {
    this.#ids.clear();
  }

  /** The import ftrace_parent: id of who called the function being traced, or 0. */
  parent(): number {
    const symbols = captureSymbols(NEAR);
    const trampoline = this.#trampoline(symbols);
    return trampoline < 0 ? 0 : this.#id(symbols[trampoline + 1] ?? null);
  }

  /** Where the innermost trampoline is: what called the kernel's dispatcher. */
  #trampoline(symbols: Symbol[]): number {
    const dispatchers = DISPATCHERS.map((name) => `#${this.kernel.indexOf(name)}`);
    return symbols.findIndex((symbol, i) => {
      if (symbol === null) return false;
      return symbol.startsWith(TRAMPOLINE) || dispatchers.includes(symbols[i - 1] ?? "");
    });
  }

  /** The import stack_frames: ids to buf, innermost first; how many. */
  frames(buf: number, max: number): number {
    const symbols = captureSymbols(DEEP);
    const last = this.#trampoline(symbols);
    let n = 0;
    let before = 0;
    for (const symbol of symbols.slice(last + 1)) {
      const id = this.#id(symbol);
      if (id === 0 || id === before || n === max) continue;
      this.kernel.mem.setU32(buf + 4 * n++, id);
      before = id;
    }
    return n;
  }

  /** `fs/seq_file/seq_read_iter$body` -> id of seq_read_iter of fs/seq_file.ts. */
  #id(symbol: string | null): number {
    if (symbol === null) return 0;
    const name = symbol.replace(/\$.*$/, "");
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = name.startsWith("#") ? this.kernel.idOfFunction(Number(name.slice(1))) : this.#idOfName(name);
    this.#ids.set(name, id);
    return id;
  }

  #idOfName(name: string): number {
    const { exports, mem } = this.kernel;
    mem.putCstring(exports.frame_name_buffer(), name, MAX_NAME);
    return exports.frame_name_id() >>> 0;
  }
}
