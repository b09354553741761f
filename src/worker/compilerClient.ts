// compilerClient.ts - the page's end of the compiler: 3 MB that nobody loads
// before something new is built.
import type { CompileAnswer, CompileRequest } from "./protocol.ts";
import { whenReady } from "./start.ts";

/** What both kinds of compiler can do. */
export interface RunningCompiler {
  compile(request: CompileRequest): Promise<unknown>;
  close(): void;
}

interface Answer {
  id: number;
  answer: CompileAnswer;
}

export class Compiler implements RunningCompiler {
  #worker: Worker;
  #nextId = 1;
  #pending = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#settle(data);
    worker.onerror = (event) => this.#fail(new Error(`the compiler crashed: ${event.message}`));
  }

  /** Loads the compiler into a worker; into the page where no module worker may be started. */
  static async start(): Promise<RunningCompiler> {
    try {
      const worker = new Worker(new URL("./compiler.ts", import.meta.url), {
        type: "module",
        name: "compiler",
      });
      return new Compiler(await whenReady(worker));
    } catch {
      const { compile } = await import("./compile.ts");
      return { compile, close: () => undefined };
    }
  }

  compile(request: CompileRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request });
    });
  }

  close(): void {
    this.#worker.terminate();
  }

  #settle({ id, answer }: Answer): void {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    if (answer.ok) waiting?.resolve(answer.answer);
    else waiting?.reject(new Error(answer.error));
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
