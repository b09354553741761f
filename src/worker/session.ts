// session.ts - one computer, whatever kernel it runs, and what it needs of the
// page: its output, its tables, its disk, and the jobs it cannot do itself.
import { prebuiltKey } from "../kbuild/prebuilt.ts";
import { Computer } from "../machine/computer.ts";
import type { HaltReason } from "../machine/haltReason.ts";
import type { Machine } from "../machine/machine.ts";
import { rootfs } from "../machine/rootfs.ts";
import { StatusReader } from "../machine/status.ts";
import type { Kernel } from "../machine/vmlinux.ts";
import { essentials } from "../user/essentials.ts";
import { BUILD_JOBS, type BuildJob } from "../user/make/buildJobs.ts";
import type { HostJob, Program } from "../user/sys.ts";
import { fetchPrebuilt, type Assets } from "./assets.ts";
import type { DiskStore } from "./diskStore.ts";
import { SlicePacing } from "./pacing.ts";
import { patchbox } from "./patchbox.ts";
import type { ToPage } from "./protocol.ts";

/** At most ten tables a second. */
const STATUS_MS = 100;
/** Output waits this long for more of it, so that a page is not told of every byte. */
const OUTPUT_MS = 4;

/** What a power cut may cost; sync(1) and a reboot save at once. */
const SAVE_MS = 2000;

/** By then there is a prompt, and time to fetch what it did not need. */
const PROMPT_MS = 300;

/** What a session asks of the server it lives in. */
export interface SessionHost {
  send(message: ToPage): void;
  /** Builds with the page's compiler. */
  compile(job: BuildJob, running: Uint8Array | null): Promise<unknown>;
  /** A machine begins: the first, or the next after a reboot. */
  booting(): void;
  /** It is off for good. */
  off(reason: HaltReason): void;
}

export class Session {
  #computer: Computer;
  #status: StatusReader | null = null;
  #pacing = new SlicePacing();
  #started = 0;
  #size = { rows: 24, cols: 80 };
  #output: Uint8Array[] = [];
  #flushing = false;
  #lastStatus = "";
  #ticker: ReturnType<typeof setInterval>;
  #saver: ReturnType<typeof setInterval>;
  #programs = new Map<string, Program>([...essentials, ["patchbox", patchbox]]);
  #allPrograms: Promise<void> | null = null;
  /** What the page's patch box holds. */
  patch = "";

  constructor(
    private readonly base: string,
    private readonly assets: Assets,
    private readonly host: SessionHost,
    private readonly store: DiskStore | null,
  ) {
    const { packed, vmlinux } = assets;
    const names = [...packed.programs, "patchbox"];
    this.#computer = new Computer({
      ...{ vmlinux, build: packed.build, release: packed.release },
      archive: rootfs({ ...assets, programs: names }),
      disk: store?.disk ?? null,
      cmdline: "quiet",
      epochNs: Date.now() * 1e6,
      programs: this.#programs,
      awaitProgram: (name) =>
        this.#programs.has(name) || !names.includes(name) ? null : this.#loadPrograms(),
      doJob: (job, kernel) => this.#doJob(job, kernel),
      onOutput: (bytes) => this.#print(bytes),
      clock: { kind: "host", now: () => performance.now() * 1e6 },
      pacing: this.#pacing,
      onMachine: (machine, kernel) => this.#begin(machine, kernel),
      onOff: (reason) => this.#off(reason),
      saveDisk: (disk) => void store?.save(disk),
    });
    this.#ticker = setInterval(() => this.#report(), STATUS_MS);
    this.#saver = setInterval(() => void this.#save(), SAVE_MS);
  }

  boot(rows: number, cols: number): void {
    this.#size = { rows, cols };
    this.#computer.switchOn();
    setTimeout(() => void this.#loadPrograms(), PROMPT_MS);
  }

  input(data: string): void {
    this.#computer.machine.input(new TextEncoder().encode(data));
  }

  resize(rows: number, cols: number): void {
    this.#size = { rows, cols };
    this.#computer.machine.resize(rows, cols);
  }

  #begin(machine: Machine, kernel: Kernel): void {
    this.#started = performance.now();
    this.#status = new StatusReader(machine.kernel, kernel.roots ?? this.assets.packed.roots);
    this.host.booting();
    // The new kernel's terminal has no size until it is told.
    queueMicrotask(() => machine.resize(this.#size.rows, this.#size.cols));
  }

  /** What lies on the disk now, in case the page goes without a word. */
  async #save(): Promise<void> {
    if (this.store !== null) await this.store.save(await this.#computer.readDisk());
  }

  /** Fetches the programs that no prompt needs. */
  #loadPrograms(): Promise<void> {
    this.#allPrograms ??= this.#fetchPrograms();
    return this.#allPrograms;
  }

  async #fetchPrograms(): Promise<void> {
    try {
      const { programs } = await import("../user/programs.ts");
      for (const [name, program] of programs) this.#programs.set(name, program);
    } catch {
      // Offline: the next program that is missed tries again.
      this.#allPrograms = null;
    }
  }

  async #doJob(job: HostJob, { description }: Kernel): Promise<unknown> {
    if (job.kind === "patchbox") return this.patch;
    if (BUILD_JOBS.has(job.kind)) return this.#build(job as BuildJob, description);
    throw new Error(`a page cannot do the job ${job.kind}`);
  }

  async #build(job: BuildJob, running: Uint8Array | null): Promise<unknown> {
    const { build, prebuilt } = this.assets.packed;
    if (job.kind === "build-patch" && job.request.prebuilt && running === null) {
      const key = prebuiltKey(build, job.request);
      if (prebuilt.includes(key)) return fetchPrebuilt(this.base, key, job.request);
    }
    return this.host.compile(job, running);
  }

  /** The page has caught up by so much. */
  shown(bytes: number): void {
    this.#pacing.shown(bytes);
  }

  #print(bytes: Uint8Array): void {
    this.#pacing.printed(bytes.length);
    this.#output.push(bytes);
    if (this.#flushing) return;
    this.#flushing = true;
    setTimeout(() => this.#flush(), OUTPUT_MS);
  }

  #flush(): void {
    this.#flushing = false;
    const data = new Uint8Array(this.#output.reduce((size, bytes) => size + bytes.length, 0));
    this.#output.reduce((at, bytes) => (data.set(bytes, at), at + bytes.length), 0);
    this.#output = [];
    this.host.send({ type: "output", data });
  }

  #report(): void {
    if (this.#status === null) return;
    const status = this.#status.read((performance.now() - this.#started) / 1000);
    const text = JSON.stringify(status);
    if (text === this.#lastStatus) return;
    this.#lastStatus = text;
    this.host.send({ type: "status", status });
  }

  #off(reason: HaltReason): void {
    clearInterval(this.#ticker);
    clearInterval(this.#saver);
    this.#flush();
    this.#pacing.close();
    this.host.off(reason);
  }
}
