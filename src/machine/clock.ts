/**
 * How time passes. A virtual clock jumps to the next timer as soon as every
 * task waits, so a script that sleeps for a minute takes no time. A host clock
 * follows the wall.
 */
export type Clock =
  | { kind: "virtual" }
  /** `now` is in nanoseconds and only its differences count. */
  | { kind: "host"; now: () => number };

/** Lets the host's other work be done: input, timers, messages. */
export interface Pacing {
  /** Whether the machine has had the thread for long enough. */
  due(): boolean;
  /** Calls back in a later macrotask. */
  defer(callback: () => void): void;
}

/** Never pauses: for tests and scripts, where nothing else waits. */
export const NO_PACING: Pacing = { due: () => false, defer: (callback) => callback() };
