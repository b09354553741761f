// resetSignals.ts - signals between a fork and the child's first steps.

import type { SysCalls } from "../sys.ts";

export const SIG_BLOCK = 0;
export const SIG_SETMASK = 2;

/** In the child: the signals that its parent caught do again what they usually do. */
export async function resetSignals(sys: SysCalls, caught: number[]): Promise<void> {
  for (const sig of caught) await sys.sigaction(sig, "default");
  if (caught.length > 0) await sys.sigprocmask(SIG_SETMASK, 0);
}
