import type { HostJob, SigAction, SysCalls } from "../user/sys.ts";

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
}
