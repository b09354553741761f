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

/** Whether an exception came out of kernel code and not out of the host. */
export function isKernelFault(error: unknown): error is Error {
  if (error instanceof KernelTrap || error instanceof WebAssembly.RuntimeError) return true;
  return error instanceof RangeError && /call stack|recursion/i.test(error.message);
}

/** A function on an exception's stack; `module` is empty for the kernel's own. */
export interface TrapFrame {
  name: string;
  module: string;
}

/**
 * The kernel functions on an exception's stack, innermost first.
 * V8: `at NAME (wasm://wasm/MODULE-HASH:…)`; SpiderMonkey:
 * `NAME@url:wasm-function[…]`; JavaScriptCore: `<?>.wasm-function[NAME]@[wasm code]`.
 * Only V8 tells the module.
 */
export function wasmFrames(stack: string): TrapFrame[] {
  const frames: TrapFrame[] = [];
  for (const line of stack.split("\n")) {
    const v8 = /^\s*at (?:\S+\.)?(\S+) \(?wasm:\/\/wasm\/(?:([\w-]+)-)?[0-9a-f]+:/.exec(line);
    const other = v8 ?? /wasm-function\[([^\]\d][^\]]*)\]/.exec(line) ?? /^(\S+?)@\S*wasm/.exec(line);
    if (other) frames.push({ name: plainName(other[1]!), module: v8?.[2] ?? "" });
  }
  return frames.filter(({ name }, i) => name !== "" && name !== frames[i - 1]?.name);
}

/** `fs/proc/meminfo/meminfo_proc_show$body` -> `meminfo_proc_show`. */
function plainName(symbol: string): string {
  return symbol.replace(/^.*\//, "").replace(/\$.*$/, "");
}

const MAX_FRAMES = 32;

/**
 * Reports a fault of the running task to the kernel, which prints the oops and
 * ends the task.
 * @returns false when the machine cannot go on.
 */
export function reportOops(kernel: KernelExports, mem: KernelMemory, error: Error): boolean {
  const reason = error instanceof KernelTrap ? error.reason : TrapReason.WASM;
  if (reason === TrapReason.PANIC) return false;
  const buf = kernel.host_buffer();
  mem.putCstring(buf, error.message, 200);
  kernel.oops_begin(reason);
  for (const { name, module } of wasmFrames(error.stack ?? "").slice(0, MAX_FRAMES)) {
    mem.putCstring(buf + mem.putCstring(buf, name, 512), module, 64);
    kernel.oops_frame();
  }
  return kernel.oops_end(reason) !== 0;
}
