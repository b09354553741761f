import { Builder } from "./builder.svelte.ts";
import { DEMO, DEMO_PACE, STILL_PACE } from "./demo.ts";
import type { Draft } from "./draft.svelte.ts";
import { decodeLink, type SharedPatch } from "./link.ts";
import { MachineView, type Starter } from "./machine.svelte.ts";
import { Typist, type Pace, type Screen } from "./typist.svelte.ts";

/** Opened in the editor first: small, and its output is one `cat` away. */
const FIRST_FILE = "fs/proc/meminfo.ts";

/** All that a page holds: a machine, who types into it, a patch being written, a patch received. */
export class Playground {
  readonly machine: MachineView;
  #demoPace: Pace;
  #typist = $state.raw<Typist | null>(null);
  #builder = $state.raw<Builder | null>(null);
  #shared = $state.raw<SharedPatch | null>(null);
  #draft = $state.raw<Draft | null>(null);

  constructor(start: Starter, wantsMotion: boolean) {
    this.machine = new MachineView(start);
    this.#demoPace = wantsMotion ? DEMO_PACE : STILL_PACE;
  }

  get typist(): Typist | null {
    return this.#typist;
  }
  get builder(): Builder | null {
    return this.#builder;
  }
  /** What the address carried, until it is closed. */
  get shared(): SharedPatch | null {
    return this.#shared;
  }
  /** The patch being written; null until there is an editor for it. */
  get draft(): Draft | null {
    return this.#draft;
  }
  get isBusy(): boolean {
    return this.#typist?.isTyping ?? true;
  }

  onScreen(screen: Screen): void {
    const send = (keys: string) => this.machine.input(keys);
    this.#typist = new Typist(screen, send);
    this.#builder = new Builder(this.machine, this.#typist);
    // The editor is for later: its script and the sources come after the first prompt.
    void this.#typist.run([]).then(() => this.openEditor());
  }

  async playDemo(): Promise<void> {
    await this.#typist?.run(DEMO, this.#demoPace);
  }

  /** Fetches what the editor needs: nobody waits for it before the first prompt. */
  async openEditor(): Promise<void> {
    const { Draft } = await import("./draft.svelte.ts");
    const draft = new Draft(this.machine);
    await draft.list();
    await draft.open(draft.paths.includes(FIRST_FILE) ? FIRST_FILE : draft.paths[0]);
    this.#draft = draft;
  }

  async readLink(hash: string): Promise<void> {
    this.#shared = await decodeLink(hash);
  }

  closeShared(): void {
    this.#shared = null;
  }
}
