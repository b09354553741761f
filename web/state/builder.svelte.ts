import type { MachineView } from "./machine.svelte.ts";
import type { Typist } from "./typist.svelte.ts";

/** Where in the source a build went wrong, as the compiler says it. */
export interface Problem {
  path: string;
  line: number;
  column: number;
  message: string;
}

/** The user's patches in the machine: named edit-1, edit-2, ..., as each is built and loaded. */
export class Builder {
  #machine: MachineView;
  #typist: Typist;
  #count = 0;
  #isBuilding = $state(false);
  #problems = $state.raw<Problem[]>([]);
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
  get problems(): Problem[] {
    return this.#problems;
  }
  /** What the last build or load said when it failed; empty when it did not. */
  get failure(): string {
    return this.#failure;
  }

  /** Gives the machine the diff, and writes, builds and loads it there, in the terminal. */
  async build(diff: string): Promise<void> {
    if (this.#isBuilding || this.#typist.isTyping) return;
    this.#isBuilding = true;
    this.#problems = [];
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
    this.#problems = problemsIn(answer);
    const errors = answer
      .split("\n")
      .filter((line) => /^(ERROR|kpatch|kpatch-build|insmod)\b.*:/i.test(line.trim()));
    if (!answer.includes("SUCCESS") || errors.length)
      this.#failure = errors.join("\n") || "The build failed.";
  }
}

const OURS = /^livepatch[_-]edit[_-]\d+$/;

/** Places in what the compiler printed: `ERROR TS2304: Cannot find name 'x'.` … `in fs/proc/meminfo.ts(12,3)`. */
export function problemsIn(printed: string): Problem[] {
  const problems: Problem[] = [];
  let message = "";
  for (const line of printed.split("\n")) {
    const said = /\b(?:ERROR|WARNING) (?:AS|TS)\d+: (.*)/.exec(line);
    if (said) message = said[1].trim();
    const place = /([\w./-]+\.ts)(?::(\d+):(\d+)|\((\d+),(\d+)\))/.exec(line);
    if (!place) continue;
    const [, path, l1, c1, l2, c2] = place;
    const text = message || line.slice(place.index + place[0].length).replace(/^[:\s]+/, "");
    problems.push({ path, line: Number(l1 ?? l2), column: Number(c1 ?? c2), message: text });
    message = "";
  }
  return problems;
}
