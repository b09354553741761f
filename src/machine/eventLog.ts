/**
 * Everything that came into the machine from outside. Together with the kernel
 * image and the boot options it determines every later state: see replay.ts.
 */

export type MachineEvent =
  /** The clock moved to `ns` since boot, as the host saw it pass. */
  | { kind: "time"; ns: number }
  /** Bytes typed at the terminal. */
  | { kind: "input"; bytes: Uint8Array }
  | { kind: "winsize"; rows: number; cols: number }
  /** A host job ended. A failed job has an error and no result. */
  | { kind: "job"; pid: number; result?: unknown; error?: string };

/** An event and the number of system calls made before it. */
export type LoggedEvent = MachineEvent & { step: number };

/** A log being written, or one being read back. */
export class EventLog {
  readonly events: LoggedEvent[] = [];
  #next = 0;

  /** @param replay events of an earlier run: they come back in their place. */
  constructor(readonly replay: LoggedEvent[] | null = null) {}

  record(step: number, event: MachineEvent): void {
    this.events.push({ step, ...event });
  }

  /** The next event to replay if it belongs before system call `step` + 1. */
  due(step: number): LoggedEvent | null {
    const event = this.replay?.[this.#next];
    if (event === undefined || event.step > step) return null;
    this.#next++;
    return event;
  }

  /** Whether an earlier run is being played and has events left. */
  get replaying(): boolean {
    return this.replay !== null && this.#next < this.replay.length;
  }
}
