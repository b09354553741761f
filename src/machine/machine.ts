import { RegsField, Sys, TaskField, TaskFlag } from "../../kernel-as/abi.ts";
import type { HostJob, Program, SysCalls } from "../user/sys.ts";
import { type Clock, NO_PACING, type Pacing } from "./clock.ts";
import { EventLog, type LoggedEvent, type MachineEvent } from "./eventLog.ts";
import { Executor } from "./executor.ts";
import { stateHash } from "./hash.ts";
import { haltReason, type HaltReason } from "./haltReason.ts";
import { KernelInstance } from "./instance.ts";
import { readExec } from "./marshal.ts";
import { TaskCalls } from "./taskCalls.ts";
import { UserTask } from "./userTask.ts";

export interface MachineOptions {
  vmlinux: WebAssembly.Module;
  /** The bytes that vmlinux was compiled from. */
  image: Uint8Array;
  /** The kernel command line. */
  cmdline: string;
  /** Wall clock at boot, ns of the epoch: part of the machine's input. */
  epochNs: number;
  /** Files that the host holds; blob 0 is the initramfs manifest. */
  readBlob: (blob: number) => Uint8Array | null;
  programs: ReadonlyMap<string, Program>;
  /** For a program whose code is still to come into `programs`: until it has. */
  awaitProgram?: (name: string) => Promise<void> | null;
  /** Does a host job; a rejection becomes the program's error. */
  doJob: (job: HostJob) => Promise<unknown>;
  /** Whether a kernel image could be started; none can unless given. */
  probeKernel?: (image: Uint8Array) => boolean;
  /** The disk shall be saved now. */
  syncDisk?: () => void;
  onOutput: (bytes: Uint8Array) => void;
  clock: Clock;
  pacing?: Pacing;
  /** An earlier run's events: they come instead of input, clock and jobs. */
  replay?: LoggedEvent[];
}

/** A program that ran while its task did not. */
export class OutOfTurn extends Error {}

/** As the kernel marks registers that are in no system call. */
const NO_SYSCALL = 0xffffffff;

/**
 * A kernel with its memory, its table, its user programs and its log. One task
 * runs at a time; the kernel decides which. Its state is a pure function of
 * (kernel image, options, event log).
 */
export class Machine {
  readonly kernel: KernelInstance;
  readonly log: EventLog;
  /** System calls made so far. */
  steps = 0;
  /** Set when the machine has stopped for good. */
  haltReason: HaltReason | null = null;
  /** Called when nothing can happen before an event from outside. */
  onQuiet: (() => void) | null = null;
  onHalt: ((reason: HaltReason) => void) | null = null;
  onCrash: ((error: unknown) => void) | null = null; // A program threw; not one that only failed.
  /** Called after each system call; for checkpoints. */
  onStep: ((step: number) => void) | null = null;

  readonly #exec: Executor;
  readonly #users = new Map<number, UserTask>();
  readonly #pacing: Pacing;
  #jobs = 0;
  #paused = false;
  /** Code is fetched in the middle of a system call: events wait. */
  #fetched: Promise<void> | null = null;
  /** A user program has the CPU: events wait for its next system call. */
  #inUser = false;
  #clockStart = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: MachineOptions) {
    this.log = new EventLog(options.replay ?? null);
    this.#pacing = options.pacing ?? NO_PACING;
    this.kernel = new KernelInstance(options.vmlinux, {
      image: options.image,
      ttyOutput: (bytes) => options.onOutput(bytes),
      readBlob: (blob) => options.readBlob(blob),
      hostJob: (pid) => this.#startJob(pid),
      probeKernel: (image) => options.probeKernel?.(image) ?? false,
      syncDisk: () => options.syncDisk?.(),
      halt: (reason) => this.#halt(haltReason(reason)),
    });
    this.#exec = new Executor(this.kernel, () => this.#halt("panic"));
  }

  /** Boots and runs until the first pause. */
  boot(): void {
    const { exports, mem } = this.kernel;
    if (this.options.clock.kind === "host") this.#clockStart = this.options.clock.now();
    mem.putCstring(exports.host_buffer(), this.options.cmdline, 2048);
    exports.start_kernel(this.options.epochNs);
    this.#run();
  }

  /** Bytes typed at the terminal. */
  input(bytes: Uint8Array): void {
    this.#inject({ kind: "input", bytes });
  }

  resize(rows: number, cols: number): void {
    this.#inject({ kind: "winsize", rows, cols });
  }

  /** Hash of memory, variables and table: equal states have equal hashes. */
  hash(): string {
    return stateHash(this.kernel);
  }

  /** Stops for good; nothing runs any more. */
  destroy(): void {
    this.#halt("halt");
  }

  // Events.

  /** Something came from outside, now. */
  #inject(event: MachineEvent): void {
    if (this.haltReason !== null || this.log.replaying) return;
    if (this.#fetched !== null) return void this.#fetched.then(() => this.#inject(event));
    if (event.kind !== "time") this.#passTime();
    this.log.record(this.steps, event);
    this.#apply(event);
    if (!this.#paused && !this.#inUser) this.#run();
  }

  #apply(event: MachineEvent): void {
    const { exports, mem } = this.kernel;
    if (event.kind === "time") exports.set_time(event.ns);
    else if (event.kind === "winsize") exports.tty_resize(event.rows, event.cols);
    else if (event.kind === "job") this.#endJob(event);
    else {
      const buf = exports.host_buffer();
      for (let i = 0; i < event.bytes.length; i += 4096) {
        const part = event.bytes.subarray(i, i + 4096);
        mem.bytes.set(part, buf);
        exports.tty_receive(buf, part.length);
      }
    }
  }

  /** Events of the run that is replayed which belong here. */
  #replayDue(): boolean {
    let any = false;
    for (let e = this.log.due(this.steps); e !== null; e = this.log.due(this.steps)) {
      const { step, ...event } = e;
      this.log.record(step, event);
      this.#apply(event);
      any = true;
    }
    return any;
  }

  /** Tells the kernel how late it is, where the wall clock counts. */
  #passTime(): void {
    if (this.options.clock.kind !== "host" || this.log.replay !== null) return;
    const ns = Math.floor(this.options.clock.now() - this.#clockStart);
    this.log.record(this.steps, { kind: "time", ns });
    this.kernel.exports.set_time(ns);
  }

  // Host jobs.

  #startJob(pid: number): void {
    const user = this.#users.get(pid);
    if (user?.job == null || this.log.replay !== null) return;
    this.#jobs++;
    const job = user.job;
    queueMicrotask(() => {
      this.options.doJob(job).then(
        (result) => this.#jobEnded({ kind: "job", pid, result }),
        (error: unknown) => this.#jobEnded({ kind: "job", pid, error: String(error) }),
      );
    });
  }

  #jobEnded(event: MachineEvent): void {
    this.#jobs--;
    this.#inject(event);
  }

  #endJob(event: Extract<MachineEvent, { kind: "job" }>): void {
    const user = this.#users.get(event.pid);
    if (user === undefined) return;
    user.jobResult = event.result;
    user.jobError = event.error ?? null;
    this.kernel.exports.job_done(event.pid, event.error === undefined ? 1 : -1);
  }

  // Running.

  /**
   * Goes on until a user program has the CPU or everybody waits. In virtual
   * time an outstanding job holds the whole machine, so that its end has one
   * place in the order of things.
   */
  #run(): void {
    while (this.haltReason === null) {
      if (this.#jobs > 0 && this.options.clock.kind === "virtual") return;
      const task = this.kernel.current;
      const flags = this.kernel.mem.u32(task + TaskField.FLAGS);
      if ((flags & TaskFlag.IDLE) !== 0) {
        if (!this.#idle()) return;
      } else if ((flags & TaskFlag.USER) !== 0) {
        return this.#returnToUser(task, flags);
      } else {
        if (this.kernel.asksCallers) return this.#fetchFindCallers();
        this.#exec.resume(task, flags);
      }
    }
  }

  /** Stands still in the middle of a system call, for which nothing may happen but what the kernel waits for. */
  #fetchFindCallers(): void {
    this.#paused = true;
    this.#fetched = this.kernel.fetchFindCallers().then(() => {
      this.#paused = false;
      this.#fetched = null;
      if (this.haltReason === null) this.#run();
    });
  }

  /** One turn of the idle loop; false when only an event can help. */
  #idle(): boolean {
    const next = this.kernel.exports.do_idle();
    if (next === 0) return true;
    if (this.log.replay !== null && this.#replayDue()) return true;
    if (this.options.clock.kind === "virtual" && next > 0) {
      this.kernel.exports.set_time(next);
      return true;
    }
    this.#sleepUntil(next);
    return false;
  }

  #sleepUntil(next: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.options.clock.kind === "host" && next > 0 && !this.log.replaying) {
      const wait = (next - (this.options.clock.now() - this.#clockStart)) / 1e6;
      this.#timer = setTimeout(() => this.#wake(), Math.max(0, wait) + 1);
    }
    if (this.#jobs === 0 && next < 0) this.onQuiet?.();
  }

  #wake(): void {
    this.#timer = null;
    if (this.haltReason !== null || this.#paused || this.#inUser) return;
    this.#passTime();
    this.#run();
  }

  #returnToUser(task: number, flags: number): void {
    if (this.log.replay !== null) this.#replayDue();
    if (!this.#pacing.due()) return this.#continueUser(task, flags);
    this.#paused = true;
    this.#pacing.defer(() => {
      this.#paused = false;
      if (this.haltReason !== null) return;
      this.#passTime();
      this.#continueUser(task, flags);
    });
  }

  /** Gives the CPU to the program of a task that is in user mode. */
  #continueUser(task: number, flags: number): void {
    const { mem } = this.kernel;
    const user = this.#userOf(task);
    if ((flags & TaskFlag.FRESH) !== 0) {
      mem.setU32(task + TaskField.FLAGS, flags & ~TaskFlag.FRESH);
    }
    this.#inUser = true;
    const { start, resume } = user;
    user.start = user.resume = null;
    user.deliverSignals(mem);
    if (this.#executed(task)) {
      // Once: an event that comes before the program's first call passes here again.
      mem.setU32(task + TaskField.REGS + RegsField.ORIG_AX, NO_SYSCALL);
      queueMicrotask(() => this.#startProgram(user));
    } else if (start !== null) queueMicrotask(start);
    else resume?.(mem.i32(task + TaskField.REGS + RegsField.AX));
  }

  #userOf(task: number): UserTask {
    const pid = this.kernel.mem.i32(task + TaskField.PID);
    let user = this.#users.get(pid); // of a dead task, when the kernel itself waited for it
    if (user?.task !== task) this.#users.set(pid, (user = new UserTask(pid, task)));
    return user;
  }

  /** Whether the system call that ended was an execve that succeeded. */
  #executed(task: number): boolean {
    const regs = task + TaskField.REGS;
    const { mem } = this.kernel;
    if (mem.i32(regs + RegsField.ORIG_AX) !== Sys.EXECVE) return false;
    return mem.i32(regs + RegsField.AX) === 0;
  }

  // User programs.

  /**
   * Makes a system call of the running task. The answer is the kernel's ax, at
   * once when the task kept the CPU, else a promise that is settled when the
   * kernel returns to the task; never when the task has died.
   */
  syscall(user: UserTask): number | Promise<number> {
    if (this.haltReason !== null) return new Promise(() => {});
    this.checkTurn(user);
    this.steps++;
    this.#inUser = false;
    this.#exec.syscall();
    if (user.childEntry !== null) this.#adoptChild(user);
    this.onStep?.(this.steps);
    if (this.#keepsCpu(user)) {
      this.#inUser = true;
      return this.kernel.mem.i32(user.task + TaskField.REGS + RegsField.AX);
    }
    user.inCall = true;
    const ax = new Promise<number>((resolve) => {
      user.resume = resolve;
      this.#run();
    });
    return ax.then((value) => {
      user.inCall = false;
      return value;
    });
  }

  /**
   * A program has one thread, which runs while its task has the CPU. One that
   * began a second call before the first came back would write into a bounce
   * buffer that is not its own: a mistake of ours, and the end of it all.
   */
  checkTurn(user: UserTask): void {
    if (this.haltReason !== null) return;
    if (this.#inUser && this.kernel.current === user.task && !user.inCall) return;
    throw new OutOfTurn(`pid ${user.pid} made a system call while it was not running`);
  }

  /** After fork(): the child's pid is the answer, even if it has not been seen yet. */
  #adoptChild(parent: UserTask): void {
    const entry = parent.childEntry!;
    parent.childEntry = null;
    const pid = this.kernel.mem.i32(parent.task + TaskField.REGS + RegsField.AX);
    const task = pid > 0 ? this.#findTask(pid) : 0;
    if (task === 0) return;
    const child = new UserTask(pid, task);
    child.env = parent.env;
    for (const [sig, handler] of parent.handlers) child.handlers.set(sig, handler);
    child.start = () => this.#runProgram(child, entry);
    this.#users.set(pid, child);
  }

  /** Address of the task with that pid: a fresh one is the newest. */
  #findTask(pid: number): number {
    const { mem } = this.kernel;
    for (let t = this.kernel.newestTask; t !== 0; t = mem.u32(t + TaskField.NEXT)) {
      if (mem.i32(t + TaskField.PID) === pid) return t;
    }
    return 0;
  }

  /** Whether the program may simply go on after its system call. */
  #keepsCpu(user: UserTask): boolean {
    const { mem, current } = this.kernel;
    if (current !== user.task || this.haltReason !== null) return false;
    if ((mem.u32(user.task + TaskField.FLAGS) & TaskFlag.USER) === 0) return false;
    if (this.log.replay !== null || this.#pacing.due()) return false;
    return mem.u32(user.task + TaskField.DELIVER) === 0 && !this.#executed(user.task);
  }

  /** Starts the program that execve chose. */
  #startProgram(user: UserTask): void {
    const { name, argv } = readExec(this.kernel.mem, user.task);
    const env = user.env;
    user.handlers.clear();
    const coming = this.options.awaitProgram?.(name);
    if (coming) return this.#pauseUntil(coming, () => this.#startNamed(user, name, argv, env));
    this.#startNamed(user, name, argv, env);
  }

  awaitCode(program: string): Promise<void> {
    const coming = this.options.awaitProgram?.(program);
    return coming ? new Promise((resolve) => this.#pauseUntil(coming, resolve)) : Promise.resolve();
  }

  /** Stands still between two steps, so that how long it takes leaves no trace but time. */
  #pauseUntil(event: Promise<void>, goOn: () => void): void {
    this.#paused = true;
    const ended = () => {
      this.#paused = false;
      if (this.haltReason !== null) return;
      this.#passTime();
      goOn();
    };
    event.then(ended, ended);
  }

  #startNamed(user: UserTask, name: string, argv: string[], env: Map<string, string>): void {
    const program = this.options.programs.get(name);
    this.#runProgram(user, async (sys) => {
      if (program !== undefined) return program({ sys, argv, env });
      await sys.write(2, new TextEncoder().encode(`${name}: no such program in this machine\n`));
      return 127;
    });
  }

  /** The task is gone: its number may be given again. */
  forget(pid: number): void {
    this.#users.delete(pid);
  }

  /** What the child that `parent` is forking will do. */
  nextChild(parent: UserTask, entry: (sys: SysCalls) => Promise<number>): void {
    parent.childEntry = entry;
  }

  #runProgram(user: UserTask, entry: (sys: SysCalls) => Promise<number>): void {
    const sys = new TaskCalls(this, user);
    user.inCall = false;
    entry(sys).then(
      (status) => sys.exit(status),
      (error: unknown) => this.#crashed(sys, error),
    );
  }

  /** A program threw: our mistake, reported as a crash of that program. */
  async #crashed(sys: SysCalls, error: unknown): Promise<void> {
    this.onCrash?.(error);
    if (error instanceof OutOfTurn) throw error;
    const report = error instanceof Error ? (error.stack ?? error.message) : String(error);
    await sys.write(2, new TextEncoder().encode(`${report}\n`)).catch(() => 0);
    await sys.exit(134);
  }

  #halt(reason: HaltReason): void {
    if (this.haltReason !== null) return;
    this.haltReason = reason;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.onHalt?.(reason);
  }
}
