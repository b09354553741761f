import { type Sys, TaskField } from "../../kernel-as/abi.ts";
import { SysError, type SysCalls } from "../user/sys.ts";
import type { KernelInstance } from "./instance.ts";
import { Bounce, putRegs, sizeOf } from "./marshal.ts";
import type { UserTask } from "./userTask.ts";

/** What makes system calls happen: the machine. */
export interface CallTarget {
  readonly kernel: KernelInstance;
  /** Throws when the task does not have the CPU. */
  checkTurn(user: UserTask): void;
  /** Makes the call in the task's registers; ax, or a promise of it. */
  syscall(user: UserTask): number | Promise<number>;
  /** The task is gone: its number may be given again. */
  forget(pid: number): void;
  /** What the child that `parent` is forking will do. */
  nextChild(parent: UserTask, entry: (sys: SysCalls) => Promise<number>): void;
  /** Until the code that comes with a program is there. */
  awaitCode(program: string): Promise<void>;
}

const MAX_ERRNO = 4095;

/** How a task's system calls reach the kernel, through its bounce buffer. */
export class CallGate {
  constructor(
    protected readonly machine: CallTarget,
    protected readonly user: UserTask,
  ) {}

  get pid(): number {
    return this.user.pid;
  }

  protected get mem() {
    return this.machine.kernel.mem;
  }

  /** Makes the call; throws SysError when the kernel answers -errno. */
  protected async call(name: string, nr: Sys, ...args: number[]): Promise<number> {
    putRegs(this.mem, this.user.task, nr, args);
    const made = this.machine.syscall(this.user);
    const ax = typeof made === "number" ? made : await made;
    if (ax < 0 && ax >= -MAX_ERRNO) throw new SysError(-ax, name);
    return ax;
  }

  protected bounce(size: number, call: string): Bounce {
    this.machine.checkTurn(this.user);
    return new Bounce(this.machine.kernel, size, call);
  }

  /** bounce() and the call: without memory for the one, the answer is that of the other. */
  protected withBounce(size: number, name: string, made: (b: Bounce) => Promise<number>): Promise<number> {
    let b: Bounce;
    try {
      b = this.bounce(size, name);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    return made(b);
  }

  /** A call whose first argument is a path. */
  protected path(name: string, nr: Sys, path: string, ...rest: number[]): Promise<number> {
    return this.withBounce(sizeOf(path), name, (b) => this.call(name, nr, b.string(path), ...rest));
  }

  protected twoPaths(name: string, nr: Sys, first: string, second: string): Promise<number> {
    return this.withBounce(sizeOf(first, second), name, (b) =>
      this.call(name, nr, b.string(first), b.string(second)),
    );
  }

  /** Where the task's bounce buffer is now. */
  protected ubuf(): number {
    return this.mem.u32(this.user.task + TaskField.UBUF);
  }
}
