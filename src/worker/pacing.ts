import type { Pacing } from "../machine/clock.ts";

/** The machine's share of a thread before input, timers and messages get theirs. */
const SLICE_MS = 10;

/** Output that the page has not shown yet, in bytes: with more, the machine waits, as for a slow terminal. */
const UNSEEN = 1 << 17;

/** Runs the machine in slices. A message to oneself is the quickest macrotask there is. */
export class SlicePacing implements Pacing {
  #started = performance.now();
  #channel = new MessageChannel();
  #waiting: (() => void) | null = null;
  #unseen = 0;

  constructor() {
    this.#channel.port1.onmessage = () => {
      const callback = this.#waiting;
      this.#waiting = null;
      this.#started = performance.now();
      callback?.();
    };
  }

  due(): boolean {
    return this.#unseen > UNSEEN || performance.now() - this.#started > SLICE_MS;
  }

  defer(callback: () => void): void {
    this.#waiting = callback;
    this.#goOn();
  }

  #goOn(): void {
    if (this.#waiting !== null && this.#unseen <= UNSEEN) this.#channel.port2.postMessage(null);
  }

  printed(bytes: number): void {
    this.#unseen += bytes;
  }

  /** The page has shown so much more. */
  shown(bytes: number): void {
    const held = this.#unseen > UNSEEN;
    this.#unseen -= bytes;
    if (held) this.#goOn();
  }

  close(): void {
    this.#channel.port1.close();
  }
}
