import type { Pacing } from "../machine/clock.ts";

/** The machine's share of a thread before input, timers and messages get theirs. */
const SLICE_MS = 10;

/** Runs the machine in slices. A message to oneself is the quickest macrotask there is. */
export class SlicePacing implements Pacing {
  #started = performance.now();
  #channel = new MessageChannel();
  #waiting: (() => void) | null = null;

  constructor() {
    this.#channel.port1.onmessage = () => {
      const callback = this.#waiting;
      this.#waiting = null;
      this.#started = performance.now();
      callback?.();
    };
  }

  due(): boolean {
    return performance.now() - this.#started > SLICE_MS;
  }

  defer(callback: () => void): void {
    this.#waiting = callback;
    this.#channel.port2.postMessage(null);
  }

  close(): void {
    this.#channel.port1.close();
  }
}
