// session.ts - one machine and what it needs of the page: its output, its
// tables, and the jobs it cannot do itself.
import { prebuiltKey } from "../kbuild/prebuilt.ts";
import { compileKernel } from "../machine/compileKernel.ts";
import { Machine, type HaltReason } from "../machine/machine.ts";
import { rootfs } from "../machine/rootfs.ts";
import { StatusReader } from "../machine/status.ts";
import { essentials } from "../user/essentials.ts";
import { BUILD_JOBS, type BuildJob } from "../user/make/buildJobs.ts";
import type { HostJob, Program } from "../user/sys.ts";
import { fetchPrebuilt, type Assets } from "./assets.ts";
import { SlicePacing } from "./pacing.ts";
import { patchbox } from "./patchbox.ts";
import type { ToPage } from "./protocol.ts";

/** At most ten tables a second. */
const STATUS_MS = 100;
/** Output waits this long for more of it, so that a page is not told of every byte. */
const OUTPUT_MS = 4;

/** By then there is a prompt, and time to fetch what it did not need. */
const PROMPT_MS = 300;

/** What a session asks of the server it lives in. */
export interface SessionHost {
  send(message: ToPage): void;
  /** Builds with the page's compiler. */
  compile(job: BuildJob): Promise<unknown>;
  /** The machine runs no more. */
  halted(reason: HaltReason): void;
}

export class Session {
  #machine: Machine;
  #status: StatusReader;
  #pacing = new SlicePacing();
  #started = performance.now();
  #output: Uint8Array[] = [];
  #flushing = false;
  #lastStatus = "";
  #ticker: ReturnType<typeof setInterval>;
  #programs = new Map<string, Program>([...essentials, ["patchbox", patchbox]]);
  #allPrograms: Promise<void> | null = null;
  /** What the page's patch box holds. */
  patch = "";

  constructor(
    private readonly base: string,
    private readonly assets: Assets,
    private readonly host: SessionHost,
  ) {
    const names = [...assets.packed.programs, "patchbox"];
    this.#machine = new Machine({
      vmlinux: compileKernel(assets.vmlinux),
      cmdline: "quiet",
      epochNs: Date.now() * 1e6,
      readBlob: rootfs({ ...assets, programs: names }).readBlob,
      programs: this.#programs,
      awaitProgram: (name) =>
        this.#programs.has(name) || !names.includes(name) ? null : this.#loadPrograms(),
      doJob: (job) => this.#doJob(job),
      onOutput: (bytes) => this.#print(bytes),
      clock: { kind: "host", now: () => performance.now() * 1e6 },
      pacing: this.#pacing,
    });
    this.#status = new StatusReader(this.#machine.kernel, assets.packed.roots);
    this.#machine.onHalt = (reason) => this.#halted(reason);
    this.#ticker = setInterval(() => this.#report(), STATUS_MS);
  }

  boot(rows: number, cols: number): void {
    this.#machine.boot();
    this.#machine.resize(rows, cols);
    setTimeout(() => void this.#loadPrograms(), PROMPT_MS);
  }

  input(data: string): void {
    this.#machine.input(new TextEncoder().encode(data));
  }

  resize(rows: number, cols: number): void {
    this.#machine.resize(rows, cols);
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

  async #doJob(job: HostJob): Promise<unknown> {
    if (job.kind === "patchbox") return this.patch;
    if (BUILD_JOBS.has(job.kind)) return this.#build(job as BuildJob);
    throw new Error(`a page cannot do the job ${job.kind}`);
  }

  async #build(job: BuildJob): Promise<unknown> {
    const { build, prebuilt } = this.assets.packed;
    const asked = job.kind === "build-patch" && job.request.prebuilt;
    const key = asked ? prebuiltKey(build, job.request) : "";
    return prebuilt.includes(key) ? fetchPrebuilt(this.base, key) : this.host.compile(job);
  }

  #print(bytes: Uint8Array): void {
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
    const status = this.#status.read((performance.now() - this.#started) / 1000);
    const text = JSON.stringify(status);
    if (text === this.#lastStatus) return;
    this.#lastStatus = text;
    this.host.send({ type: "status", status });
  }

  #halted(reason: HaltReason): void {
    clearInterval(this.#ticker);
    this.#flush();
    this.#pacing.close();
    this.host.halted(reason);
  }
}
