/**
 * Every loop of a module counts the kernel's watchdog_fuel down, and barks
 * below zero: a patch that never ends becomes a soft lockup, not a dead tab.
 * The kernel's own loops are not instrumented; they are known to end.
 */

import { id } from "./wat";

export const BARK = "env.watchdog_bark";

const LOOP = /\(loop(?: \$\S+)?(?: \(result \w+\))?(?=\s)/g;

export function addFuel(body: string, fuel: string): string {
  const burn =
    `(global.set ${id(fuel)} (i32.sub (global.get ${id(fuel)}) (i32.const 1)))` +
    `(if (i32.lt_s (global.get ${id(fuel)}) (i32.const 0)) (then (call ${id(BARK)})))`;
  return body.replace(LOOP, (head) => `${head} ${burn}`);
}
