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
  return error instanceof RangeError && /call stack|recursion/i.test(error.message);
}

/**
 * A function on an exception's stack: by name and module (empty: the kernel),
 * or, where the kernel was shipped without names, by its index in vmlinux.
 */
export type TrapFrame = { name: string; module: string } | { index: number };

/** Trampolines (src/kbuild/slots.ts) are frames that Linux does not have. */
const TRAMPOLINE = "ftrace_trampoline:";

/**
 * The kernel functions on an exception's stack, innermost first.
 * V8: `at NAME (wasm://wasm/MODULE-HASH:wasm-function[N]:…)`; SpiderMonkey:
 * `NAME@url:wasm-function[N]:…`; JavaScriptCore: `<?>.wasm-function[NAME or N]@…`.
 * Only V8 tells the module.
 */
export function wasmFrames(stack: string): TrapFrame[] {
  const frames = stack
    .split("\n")
    .filter((line) => !line.includes(TRAMPOLINE))
    .flatMap(frameOf);
  return frames.filter((frame, i) => JSON.stringify(frame) !== JSON.stringify(frames[i - 1]));
}

function frameOf(line: string): TrapFrame[] {
  const v8 = /^\s*at (?:\S+\.)?(\S+) \(wasm:\/\/wasm\/(?:([\w-]+)-)?[0-9a-f]+:/.exec(line);
  if (v8) return [{ name: plainName(v8[1]!), module: v8[2] ?? "" }];
  const [, index] = /wasm-function\[(\d+)\]/.exec(line) ?? [];
  const [, named] =
    /wasm-function\[([^\]\d][^\]]*)\]/.exec(line) ?? /^([\w/@$]+\/\w\S*?)@\S*wasm/.exec(line) ?? [];
  if (named !== undefined) return [{ name: plainName(named), module: "" }];
  return index === undefined ? [] : [{ index: Number(index) }];
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
  mem.putCstring(exports.host_buffer(), error.message, 200);
  exports.oops_begin(reason);
  showFrames(kernel, error.stack ?? "");
  return exports.oops_end(reason) !== 0;
}
