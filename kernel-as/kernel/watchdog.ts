// watchdog.ts - an end to loops that never end.
//
// Loops of module code count watchdog_fuel down (src/kbuild puts that in);
// below zero they call the host's watchdog_bark(), which becomes a soft
// lockup. Linux's watchdog is a kthread that should have run; here nothing
// else runs while a task is in the kernel, so the count is the clock.

/** Turns of module loops left to whoever runs. */
export let watchdog_fuel: i32 = 0;

/** About a tenth of a second of an empty loop; far more than a call needs. */
const FUEL: i32 = 50000000;

/** Whoever enters the kernel or is switched to starts afresh. */
export function touch_softlockup_watchdog(): void {
  watchdog_fuel = FUEL;
}
