// double.ts - a machine of cardboard for tests of the page's state: a shell that
// knows the answers it is given, behind the same calls as the real one.
import type { MachineEvents } from "../../src/worker/client.ts";
import type { Status } from "../../src/worker/protocol.ts";
import type { Starter } from "../../web/state/machine.svelte.ts";
import type { Screen } from "../../web/state/typist.svelte.ts";

const PROMPT = "root@patchbay:~# ";

/** What the shell prints for a line, and what the machine's status is afterwards. */
export type Shell = (line: string) => { text: string; status?: Partial<Status> };

export class Double {
  readonly sources = new Map<string, string>();
  patch = "";
  readonly lines: string[] = [];
  events: MachineEvents | null = null;
  status: Status = { uptime: 1, patches: [], tasks: [], nrTasks: 0 };
  #shell: Shell;
  #line = "";

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  readonly start: Starter = (_size, events) => {
    this.events = events;
    events.booted({ release: "7.3.4-patchbay", build: "0123456789abcdef" });
    this.print(PROMPT);
    return Promise.resolve(this);
  };

  input(data: string): void {
    for (const key of data) {
      if (key !== "\r") {
        this.#line += key;
        this.print(key);
        continue;
      }
      const line = this.#line;
      this.#line = "";
      this.lines.push(line);
      const { text, status } = this.#shell(line);
      this.status = { ...this.status, ...status };
      this.events?.statusChanged(this.status);
      this.print(`\r\n${text}${PROMPT}`);
    }
  }

  print(text: string): void {
    this.events?.output(new TextEncoder().encode(text), () => undefined);
  }

  offerPatch(diff: string): void {
    this.patch = diff;
  }

  readSource(path: string): Promise<string> {
    const text = this.sources.get(path);
    return text === undefined ? Promise.reject(new Error(`${path}: no such file`)) : Promise.resolve(text);
  }

  listSources(): Promise<string[]> {
    return Promise.resolve([...this.sources.keys()].sort());
  }

  resize(): void {}
  dispose(): void {}
}

/** A screen of one line: what was printed since the last newline. */
export class LineScreen implements Screen {
  #line = "";
  #listeners = new Set<() => void>();

  write(data: Uint8Array): void {
    this.#line = (this.#line + new TextDecoder().decode(data)).split("\n").at(-1) ?? "";
    // As in xterm.js, the listeners hear of it later.
    setTimeout(() => this.#listeners.forEach((listener) => listener()));
  }

  cursorLine(): string {
    return this.#line;
  }

  onChange(callback: () => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }
}
