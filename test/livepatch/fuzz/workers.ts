/** Tasks that read /proc/walk all the time, fork while they do, and look at what they read. */

import type { SysCalls } from "../../../src/user/sys.ts";
import type { Guest } from "../guest.ts";

const WORKERS = 3;
const SIGNALS = { USR1: 10, STOP: 19, CONT: 18, KILL: 9 } as const;
export type WorkerSignal = keyof typeof SIGNALS;

const plain = new TextDecoder();

async function readWalk(sys: SysCalls): Promise<string> {
  const fd = await sys.open("/proc/walk", 0);
  const text = plain.decode(await sys.read(fd, 4096));
  await sys.close(fd);
  return text;
}

/** Versions that may run together in one call of walk_show: by its own, those of the others. */
const TOGETHER: Record<string, string[]> = { "0": ["0", "2"], "1": ["1", "2"] };

/**
 * What is wrong with a text of /proc/walk, or null. Each function must end in
 * the code that began it, even after a force; the rest only without one.
 */
export function wrongWalk(text: string, forced: boolean): string | null {
  const open: { name: string; version: string }[] = [];
  const pairs: Record<string, string>[] = [];
  for (const line of text.trimEnd().split("\n")) {
    const [, mark, name, version] = /^([<>])(show|inner|leaf) (\d)$/.exec(line) ?? [];
    if (name === undefined) return `no such line: ${line}`;
    if (mark === "<") open.push({ name, version: version! });
    else {
      const begun = open.pop();
      if (begun?.name !== name || begun.version !== version) return `ended by foreign code: ${line}`;
    }
    if (name === "inner" && mark === "<") pairs.push({ inner: version! });
    if (name === "leaf" && mark === "<") pairs.at(-1)!.leaf = version!;
  }
  if (open.length > 0 || pairs.length !== 2) return "not complete";
  if (forced) return null;
  const show = text.charAt("<show ".length);
  const mixed = pairs.some((p) => p.inner !== p.leaf || !TOGETHER[show]!.includes(p.inner!));
  return mixed ? "versions of one patch are mixed" : null;
}

export class Workers {
  readonly problems: string[] = [];
  reads = 0;
  /** Forces so far: who reads while one comes may see anything. */
  forces = 0;
  readonly #pids: number[] = [];
  /** Those that a signal stopped. */
  readonly #stopped = new Set<number>();

  constructor(
    private readonly guest: Guest,
    private readonly forked: () => void = () => undefined,
  ) {}

  async start(): Promise<void> {
    while (this.#pids.length < WORKERS) this.#pids.push(await this.#fork());
  }

  #fork(): Promise<number> {
    return this.guest.sys.fork(async (own) => {
      await own.sigaction(SIGNALS.USR1, () => {});
      for (let i = 0; ; i++) {
        await this.#read(own);
        if (i % 3 === 2) await this.#forkReader(own);
      }
    });
  }

  /** A child that reads at once: it begins where its parent is. */
  async #forkReader(own: SysCalls): Promise<void> {
    this.forked();
    const pid = await own.fork(async (child) => {
      await this.#read(child);
      return 0;
    });
    // A signal may interrupt the wait; then the next one finds it.
    await own.wait4(pid, 0).catch(() => null);
  }

  async #read(sys: SysCalls): Promise<void> {
    const { forces } = this;
    const text = await readWalk(sys);
    this.reads++;
    const wrong = wrongWalk(text, forces !== this.forces);
    if (wrong !== null) this.problems.push(`${wrong}:\n${text}`);
  }

  async signal(worker: number, signal: WorkerSignal): Promise<void> {
    const at = worker % WORKERS;
    const { sys } = this.guest;
    await sys.kill(this.#pids[at]!, SIGNALS[signal]);
    if (signal === "STOP") this.#stopped.add(at);
    if (signal === "CONT" || signal === "KILL") this.#stopped.delete(at);
    if (signal !== "KILL") return;
    await sys.wait4(this.#pids[at]!, 0);
    this.#pids[at] = await this.#fork();
  }

  /** Nobody works while `body` runs. */
  async without<T>(body: () => Promise<T>): Promise<T> {
    const working = this.#pids.filter((_, at) => !this.#stopped.has(at));
    for (const pid of working) await this.guest.sys.kill(pid, SIGNALS.STOP);
    const result = await body();
    for (const pid of working) await this.guest.sys.kill(pid, SIGNALS.CONT);
    return result;
  }

  async stop(): Promise<void> {
    const { sys } = this.guest;
    for (const pid of this.#pids) await sys.kill(pid, SIGNALS.KILL);
    for (const pid of this.#pids) await sys.wait4(pid, 0);
  }

  /** What init itself reads of the file. */
  read(): Promise<string> {
    return readWalk(this.guest.sys);
  }
}
