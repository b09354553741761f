import type { BuildDiagnostic } from "../../src/worker/protocol.ts";
import type { MachineView } from "./machine.svelte.ts";
import type { Typist } from "./typist.svelte.ts";

/** The user's patches in the machine: named edit-1, edit-2, ..., as each is built and loaded. */
export class Builder {
  #machine: MachineView;
  #typist: Typist;
  #count = 0;
  #isBuilding = $state(false);
  #failure = $state("");

  /** Ours, in the order of loading. The top one is unloaded first, as the kernel wants it. */
  readonly loaded = $derived.by(() =>
    this.#machine.status.patches.filter((patch) => OURS.test(patch.name)).map((patch) => patch.name),
  );

  constructor(machine: MachineView, typist: Typist) {
    this.#machine = machine;
    this.#typist = typist;
  }

  get isBuilding(): boolean {
    return this.#isBuilding;
  }
  /** Where the source of the last patch is wrong. */
  get problems(): BuildDiagnostic[] {
    return this.#machine.diagnostics;
  }
  /** What the last build or load said when it failed; empty when it did not. */
  get failure(): string {
    return this.#failure;
  }

  /** Gives the machine the diff, and writes, builds and loads it there, in the terminal. */
  async build(diff: string): Promise<void> {
    if (this.#isBuilding || this.#typist.isTyping) return;
    this.#isBuilding = true;
    this.#machine.diagnosed([]);
    this.#failure = "";
    const name = `edit-${++this.#count}`;
    try {
      this.#machine.offerPatch(diff);
      const mark = this.#machine.mark();
      const build = [
        `patchbox > ${name}.patch`,
        `kpatch-build -s /usr/src/linux ${name}.patch`,
        `kpatch load livepatch-${name}.ko`,
      ].join(" && ");
      await this.#typist.run([build]);
      this.#judge(this.#machine.since(mark), build);
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    } finally {
      this.#isBuilding = false;
    }
  }

  async unload(): Promise<void> {
    const name = this.loaded.at(-1);
    if (name) await this.#typist.run([`kpatch unload ${name}`]);
  }

  #judge(printed: string, command: string): void {
    const answer = printed.slice(printed.indexOf(command) + command.length);
    const errors = answer
      .split("\n")
      .filter((line) => /^(ERROR|kpatch|kpatch-build|insmod)\b.*:/i.test(line.trim()));
    if (!answer.includes("SUCCESS") || errors.length)
      this.#failure = errors.join("\n") || "The build failed.";
  }
}

const OURS = /^livepatch[_-]edit[_-]\d+$/;
