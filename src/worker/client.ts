// client.ts - the page's end of the protocol: starts the machine wherever this
// page may run one, and turns messages into calls.
//
// Owns the compiler too: it is started by the first compile, and never before.
import type { BuildAnswer, BuildDiagnostic } from "../user/kpatch/buildJob.ts";
import type { RunningCompiler } from "./compilerClient.ts";
import type { Port } from "./port.ts";
import type { CompileRequest, DiskChoice, KernelInfo, Reply, Status, ToMachine, ToPage } from "./protocol.ts";
import { startPort } from "./start.ts";

/** What a page wants to hear. Called in the order of the events. */
export interface MachineEvents {
  booted(kernel: KernelInfo): void;
  /** `shown` is to be called when it is on the screen. */
  output(data: Uint8Array, shown: () => void): void;
  statusChanged(status: Status): void;
  /** The compiler is being loaded or is at work (true), or has answered (false). */
  compiling(busy: boolean): void;
  /** Where the source of the patch that was just built is wrong; empty when it compiled. */
  diagnosed(diagnostics: BuildDiagnostic[]): void;
  died(reason: string): void;
}

export interface BootOptions {
  /** Absolute URL of the folder with the kernel image. Ends with a slash. */
  base: string;
  rows: number;
  cols: number;
  /** The disk that this browser keeps; without one everything is gone with the page. */
  disk?: DiskChoice;
}

export class MachineClient {
  #port: Port<ToMachine, ToPage>;
  #events: MachineEvents;
  #nextId = 1;
  #pending = new Map<number, { resolve(value: string | string[]): void; reject(error: Error): void }>();
  #compiler: Promise<RunningCompiler> | null = null;

  constructor(port: Port<ToMachine, ToPage>, events: MachineEvents) {
    this.#port = port;
    this.#events = events;
    port.listen((message) => this.#receive(message));
  }

  /** Starts a machine in a worker, or in the page where no worker starts. */
  static async start(options: BootOptions, events: MachineEvents): Promise<MachineClient> {
    const client = new MachineClient(await startPort(), events);
    client.#port.send({ type: "boot", ...options });
    return client;
  }

  input(data: string): void {
    this.#port.send({ type: "input", data });
  }

  resize(rows: number, cols: number): void {
    this.#port.send({ type: "resize", rows, cols });
  }

  /** Gives the machine what its program `patchbox` is to print. */
  offerPatch(diff: string): void {
    this.#port.send({ type: "patch", diff });
  }

  /** @throws Error when the kernel's source tree has no such file. */
  async readSource(path: string): Promise<string> {
    return (await this.#ask({ type: "readSource", id: this.#nextId++, path })) as string;
  }

  /** Paths of the kernel's source files, sorted. */
  async listSources(): Promise<string[]> {
    return (await this.#ask({ type: "listSources", id: this.#nextId++ })) as string[];
  }

  dispose(): void {
    this.#port.close();
    void this.#compiler?.then((compiler) => compiler.close());
    for (const { reject } of this.#pending.values()) reject(new Error("the machine was stopped"));
    this.#pending.clear();
  }

  #ask(request: Extract<ToMachine, { id: number }>): Promise<string | string[]> {
    return new Promise((resolve, reject) => {
      this.#pending.set(request.id, { resolve, reject });
      this.#port.send(request);
    });
  }

  #settle(id: number, reply: Reply): void {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(new Error(reply.error));
  }

  async #compile(id: number, request: CompileRequest): Promise<void> {
    this.#events.compiling(true);
    try {
      this.#compiler ??= import("./compilerClient.ts").then(({ Compiler }) => Compiler.start());
      const answer = await (await this.#compiler).compile(request);
      if (request.job.kind === "build-patch") this.#events.diagnosed(diagnosticsOf(answer as BuildAnswer));
      this.#port.send({ type: "compiled", id, answer: { ok: true, answer } });
    } catch (error) {
      this.#compiler = null;
      const reason = error instanceof Error ? error.message : String(error);
      this.#port.send({ type: "compiled", id, answer: { ok: false, error: reason } });
    } finally {
      this.#events.compiling(false);
    }
  }

  #receive(message: ToPage): void {
    switch (message.type) {
      case "booted":
        return this.#events.booted(message.kernel);
      case "output":
        return this.#events.output(message.data, () =>
          this.#port.send({ type: "shown", bytes: message.data.length }),
        );
      case "status":
        return this.#events.statusChanged(message.status);
      case "reply":
        return this.#settle(message.id, message.reply);
      case "compile":
        void this.#compile(message.id, message.request);
        return;
      case "died":
        return this.#events.died(message.reason);
    }
  }
}

const diagnosticsOf = (answer: BuildAnswer): BuildDiagnostic[] =>
  answer.kind === "compile-error" ? answer.diagnostics : [];
