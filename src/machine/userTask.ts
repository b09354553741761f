import { TaskField } from "../../kernel-as/abi.ts";
import type { HostJob, SigAction, SysCalls } from "../user/sys.ts";
import type { KernelMemory } from "./memory.ts";

/** The host's half of a user task: the program that runs between its system calls. */
export class UserTask {
  /** Settles the system call the program waits in; null while it runs. */
  resume: ((ax: number) => void) | null = null;
  /** A call has not come back to the program: it may make no other. */
  inCall = false;
  /** What the child it is forking will do. */
  childEntry: ((sys: SysCalls) => Promise<number>) | null = null;
  /** What a fresh child does first. */
  start: (() => void) | null = null;
  readonly handlers = new Map<number, Exclude<SigAction, string>>();
  /** Environment of the program it runs; the kernel gives init this one. */
  env = new Map([
    ["HOME", "/"],
    ["TERM", "linux"],
  ]);
  job: HostJob | null = null;
  jobResult: unknown = undefined;
  jobError: string | null = null;

  constructor(
    readonly pid: number,
    /** Address of its struct Task. */
    readonly task: number,
  ) {}

  /** Runs the handlers of the signals that the kernel has left for the program. */
  deliverSignals(mem: KernelMemory): void {
    const at = this.task + TaskField.DELIVER;
    const set = mem.u32(at);
    if (set === 0) return;
    mem.setU32(at, 0);
    for (let sig = 1; sig < 32; sig++) {
      if ((set & (1 << (sig - 1))) !== 0) this.handlers.get(sig)?.(sig);
    }
  }
}
