import { MachineClient, type MachineEvents } from "../../src/worker/client.ts";
import type { BuildDiagnostic, DiskChoice, KernelInfo, Status } from "../../src/worker/protocol.ts";

const NOTHING: Status = { uptime: 0, patches: [], tasks: [], nrTasks: 0 };

/** Output kept for whoever asks what a command printed, in characters. */
const KEPT = 1 << 18;

type RunningMachine = Pick<
  MachineClient,
  "input" | "resize" | "offerPatch" | "readSource" | "listSources" | "dispose"
>;

/** How a page gets a machine for a screen of a given size. */
export type Starter = (
  options: { rows: number; cols: number },
  events: MachineEvents,
) => Promise<RunningMachine>;

/**
 * Starts the machine whose image lies in `kernel/` beside the page at `root`.
 * @param disk the one this browser keeps; without it, one in memory
 */
export function startFrom(root: string, disk?: DiskChoice): Starter {
  const base = new URL("kernel/", new URL(root, document.baseURI)).href;
  return (options, events) => MachineClient.start({ base, ...options, ...(disk && { disk }) }, events);
}

/** The machine as the page sees it. Outlives no page; restarted by loading the page again. */
export class MachineView implements MachineEvents {
  #client: RunningMachine | null = null;
  #start: Starter;
  #kernel = $state.raw<KernelInfo | null>(null);
  #status = $state.raw(NOTHING);
  #compiling = $state(false);
  #diagnostics = $state.raw<BuildDiagnostic[]>([]);
  #died = $state<string | null>(null);
  #decoder = new TextDecoder();
  #printed = "";
  #dropped = 0;

  /** Called with everything the console prints; calls back when it is on the screen. */
  show: (data: Uint8Array, shown: () => void) => void = (_, shown) => shown();

  constructor(start: Starter) {
    this.#start = start;
  }

  get kernel(): KernelInfo | null {
    return this.#kernel;
  }
  get status(): Status {
    return this.#status;
  }
  /** A compile is under way, or the compiler is being fetched for it. */
  get isCompiling(): boolean {
    return this.#compiling;
  }
  /** What the compiler found wrong in the patch it was given last. */
  get diagnostics(): BuildDiagnostic[] {
    return this.#diagnostics;
  }
  /** Why there is no machine any more. */
  get death(): string | null {
    return this.#died;
  }

  async start(rows: number, cols: number): Promise<void> {
    try {
      this.#client = await this.#start({ rows, cols }, this);
    } catch (error) {
      this.died(error instanceof Error ? error.message : String(error));
    }
  }

  input(data: string): void {
    this.#client?.input(data);
  }

  resize(rows: number, cols: number): void {
    this.#client?.resize(rows, cols);
  }

  offerPatch(diff: string): void {
    this.#running().offerPatch(diff);
  }

  readSource(path: string): Promise<string> {
    return this.#running().readSource(path);
  }

  listSources(): Promise<string[]> {
    return this.#running().listSources();
  }

  /** A point in the output, for `since`. */
  mark(): number {
    return this.#dropped + this.#printed.length;
  }

  /** What was printed since `mark`, without escape sequences. */
  since(mark: number): string {
    const text = this.#printed.slice(Math.max(0, mark - this.#dropped));
    return text.replace(/\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b[@-_]|\r/g, "");
  }

  stop(): void {
    this.#client?.dispose();
    this.#client = null;
  }

  booted(kernel: KernelInfo): void {
    this.#kernel = kernel;
  }

  output(data: Uint8Array, shown: () => void): void {
    this.#printed += this.#decoder.decode(data, { stream: true });
    const excess = this.#printed.length - KEPT;
    if (excess > 0) {
      this.#dropped += excess;
      this.#printed = this.#printed.slice(excess);
    }
    this.show(data, shown);
  }

  statusChanged(status: Status): void {
    this.#status = status;
  }

  compiling(busy: boolean): void {
    this.#compiling = busy;
  }

  diagnosed(diagnostics: BuildDiagnostic[]): void {
    this.#diagnostics = diagnostics;
  }

  died(reason: string): void {
    this.#died = reason;
  }

  #running(): RunningMachine {
    if (!this.#client) throw new Error("the machine is not running");
    return this.#client;
  }
}
