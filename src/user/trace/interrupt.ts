// interrupt.ts - Ctrl-C ends what trace-cmd waits for, not trace-cmd itself:
// it still has to write its file and to leave the kernel as it was.
import { Errno } from "../../../kernel-as/abi.ts";
import { SysError, type SysCalls, type WaitResult } from "../sys.ts";

const SIGINT = 2;

export interface Interrupt {
  pressed: boolean;
}

export async function catchInterrupt(sys: SysCalls): Promise<Interrupt> {
  const interrupt = { pressed: false };
  await sys.sigaction(SIGINT, () => (interrupt.pressed = true));
  return interrupt;
}

/** For a child that is going to run somebody else's program. */
export const restoreInterrupt = (sys: SysCalls): Promise<void> => sys.sigaction(SIGINT, "default");

/** The call's result, or null when a signal came first. */
export async function unlessInterrupted<T>(call: Promise<T>): Promise<T | null> {
  return call.catch((error: unknown) => {
    if (error instanceof SysError && error.code === Errno.EINTR) return null;
    throw error;
  });
}

/** Waits for a child, which Ctrl-C reaches as well. */
export async function waitFor(sys: SysCalls, pid: number): Promise<WaitResult> {
  for (;;) {
    const result = await unlessInterrupted(sys.wait4(pid, 0));
    if (result !== null) return result;
  }
}

export async function waitForInterrupt(sys: SysCalls, interrupt: Interrupt): Promise<void> {
  while (!interrupt.pressed) await unlessInterrupted(sys.poll([], -1));
}
