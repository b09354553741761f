/**
 * Traps of kernel code. A trap comes to the host as an exception; the kernel
 * prints it as Linux prints an oops (kernel-as/kernel/panic.ts).
 */

import type { KernelExports } from "./kernel.ts";
import type { KernelMemory } from "./memory.ts";

/** kernel-as/kernel/panic.ts Trap. */
export const enum TrapReason {
  WASM = 0,
  BUG = 1,
  SOFT_LOCKUP = 2,
  PANIC = 3,
}

/** Thrown by the import `trap`: the kernel stops where it stands. */
export class KernelTrap extends Error {
  constructor(readonly reason: TrapReason) {
    super(`kernel trap ${reason}`);
  }
}

/** What a report needs of the kernel that prints it. */
export interface FaultyKernel {
  readonly exports: KernelExports;
  readonly mem: KernelMemory;
  /** Table entry of the kernel function with that index in vmlinux; 0 for none. */
  entryOfFunction(index: number): number;
}

/** Whether an exception came out of kernel code and not out of the host. */
export function isKernelFault(error: unknown): error is Error {
  if (error instanceof KernelTrap || error instanceof WebAssembly.RuntimeError) return true;
  return error instanceof Error && STACK_OVERFLOW.test(error.message);
}

const STACK_OVERFLOW = /call stack size exceeded|too much recursion/i;

/** Each engine words a trap in its own way; the machine's log is the same in all of them. */
const TRAPS: [RegExp, string][] = [
  [/unreachable/i, "unreachable"],
  [/indirect|function signature|table/i, "bad indirect call"],
  [/bounds memory|memory access|index out of bounds/i, "memory access out of bounds"],
  [/divi|remainder/i, "divide by zero"],
  [/overflow|unrepresentable|Trunc|conversion/i, "integer overflow"],
  [STACK_OVERFLOW, "stack overflow"],
];

function trapText(message: string): string {
  return TRAPS.find(([pattern]) => pattern.test(message))?.[1] ?? "trap";
}

/**
 * A function on an exception's stack: by name and module (empty: the kernel),
 * or, where the kernel was shipped without names, by its index in vmlinux.
 */
export type TrapFrame = { name: string; module: string } | { index: number };

/** Trampolines (src/kbuild/slots.ts) are frames that Linux does not have. */
const TRAMPOLINE = "ftrace_trampoline:";

/** A line of an error's stack, engine by engine; MODULE. and NAME are missing where nothing is named. */
const LINES = [
  // V8: `    at MODULE.NAME (wasm://wasm/MODULE-HASH:wasm-function[N]:0x…)`
  /^\s*at (?:(?<name>\S+) \()?wasm:\/\/\S*wasm-function\[(?<index>\d+)\]/,
  // JavaScriptCore: `NAME@MODULE:wasm-function[N]`, without names `N@<?>:wasm-function[N]`
  /^(?:\d+|(?<name>\S+))@(?:<\?>|(?<module>[\w-]+)):wasm-function\[(?<index>\d+)\]/,
  // SpiderMonkey: `MODULE.NAME@URL line 5 > WebAssembly.Module:wasm-function[N]:0x…`
  /^(?<name>\S+?)?@.*:wasm-function\[(?<index>\d+)\]/,
  // JavaScriptCore until 2024: `<?>.wasm-function[NAME or N]@[wasm code]`
  /^(?:<\?>|(?<module>[\w-]+))\.wasm-function\[(?:(?<index>\d+)|(?<name>[^\]]+))\]@/,
];

/** The kernel functions on an exception's stack, innermost first. */
export function wasmFrames(stack: string): TrapFrame[] {
  const frames = stack
    .split("\n")
    .filter((line) => !line.includes(TRAMPOLINE))
    .flatMap(frameOf);
  return frames.filter((frame, i) => JSON.stringify(frame) !== JSON.stringify(frames[i - 1]));
}

function frameOf(line: string): TrapFrame[] {
  for (const pattern of LINES) {
    const groups = pattern.exec(line)?.groups;
    if (groups === undefined) continue;
    const { name, index, module = "" } = groups;
    if (name === undefined) return [{ index: Number(index) }];
    const [, before = module, path] = /^(?:([\w-]+)\.)?(.*)$/.exec(name)!;
    return [{ name: plainName(path!), module: before === "vmlinux" ? "" : before }];
  }
  return [];
}

/** `fs/proc/meminfo/meminfo_proc_show$body` -> `meminfo_proc_show`. */
function plainName(symbol: string): string {
  return symbol.replace(/^.*\//, "").replace(/\$.*$/, "");
}

const MAX_FRAMES = 32;

/** Has the kernel print the functions on an engine's stack, innermost first. */
export function showFrames(kernel: FaultyKernel, stack: string): void {
  for (const frame of wasmFrames(stack).slice(0, MAX_FRAMES)) {
    if ("name" in frame) showNamed(kernel, frame.name, frame.module);
    else {
      const entry = kernel.entryOfFunction(frame.index);
      if (entry !== 0) kernel.exports.stack_frame(entry);
    }
  }
}

function showNamed({ exports, mem }: FaultyKernel, name: string, module: string): void {
  const buf = exports.host_buffer();
  mem.putCstring(buf + mem.putCstring(buf, name, 512), module, 64);
  exports.stack_frame(0);
}

/**
 * Reports a fault of the running task to the kernel, which prints the oops and
 * ends the task.
 * @returns false when the machine cannot go on.
 */
export function reportOops(kernel: FaultyKernel, error: Error): boolean {
  const { exports, mem } = kernel;
  const reason = error instanceof KernelTrap ? error.reason : TrapReason.WASM;
  if (reason === TrapReason.PANIC) return false;
  exports.forget_calls();
  mem.putCstring(exports.host_buffer(), trapText(error.message), 200);
  exports.oops_begin(reason);
  showFrames(kernel, error.stack ?? "");
  return exports.oops_end(reason) !== 0;
}
