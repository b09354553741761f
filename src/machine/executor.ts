import { Asyncify, TaskField, TaskFlag } from "../../kernel-as/abi.ts";
import type { KernelInstance } from "./instance.ts";
import { isKernelFault, reportOops } from "./trap.ts";

/**
 * Enters kernel code and comes out of it: by returning, by unwinding into the
 * task that sleeps, or by a trap, which the kernel turns into an oops.
 */
export class Executor {
  constructor(
    private readonly kernel: KernelInstance,
    private readonly onFatal: () => void,
  ) {}

  /** The system call in current's registers. */
  syscall(): void {
    this.#enter(this.kernel.exports.entry_SYSCALL_64_after_hwframe);
  }

  /** Goes on with a task that is in the kernel: a fresh one, or one that slept. */
  resume(task: number, flags: number): void {
    const { exports, state, data, mem } = this.kernel;
    if ((flags & TaskFlag.FRESH) === 0) {
      data.value = mem.u32(task + TaskField.STACK);
      state.value = Asyncify.REWINDING;
    }
    const inSyscall = (flags & TaskFlag.SYSCALL) !== 0;
    this.#enter(inSyscall ? exports.entry_SYSCALL_64_after_hwframe : exports.ret_from_fork_asm);
  }

  #enter(entry: () => void): void {
    const { state, exports } = this.kernel;
    try {
      entry();
    } catch (error) {
      this.#trapped(error);
      return;
    }
    if (state.value === Asyncify.UNWINDING) {
      state.value = Asyncify.NORMAL;
      exports.finish_task_switch();
    }
  }

  #trapped(error: unknown): void {
    const { state } = this.kernel;
    state.value = Asyncify.NORMAL;
    if (!isKernelFault(error)) throw error;
    if (!reportOops(this.kernel, error)) this.onFatal();
  }
}
