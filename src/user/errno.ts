// errno.ts - failed system calls as values and as words.

import { strerror } from "./strerror.ts";
import { SysError } from "./sys.ts";

export { strerror };

/** The text of a failed system call; rethrows anything else, which is our bug. */
export function sysMessage(e: unknown): string {
  if (e instanceof SysError) return strerror(e.code);
  throw e;
}

/** Runs a system call; its errno instead of an exception. */
export async function attempt<T>(
  call: Promise<T>,
): Promise<{ ok: true; value: T } | { ok: false; code: number }> {
  try {
    return { ok: true, value: await call };
  } catch (e) {
    if (e instanceof SysError) return { ok: false, code: e.code };
    throw e;
  }
}
