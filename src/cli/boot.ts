// boot.ts - a machine of this checkout.
import type { BootArchive } from "../machine/bootArchive.ts";
import type { Clock, Pacing } from "../machine/clock.ts";
import { compileKernel } from "../machine/compileKernel.ts";
import { Machine, type MachineOptions } from "../machine/machine.ts";
import { programs } from "../user/programs.ts";
import type { Program } from "../user/sys.ts";
import type { Checkout } from "./checkout.ts";
import { jobsOf } from "./jobs.ts";

/** Milliseconds the machine may have the thread before keys and timers get a turn. */
const SLICE_MS = 12;

/** For a machine that shares its thread with a terminal. */
function slices(): Pacing {
  let since = performance.now();
  return {
    due: () => performance.now() - since > SLICE_MS,
    defer: (callback) => {
      setImmediate(() => {
        since = performance.now();
        callback();
      });
    },
  };
}

const wallClock = (): Clock => ({ kind: "host", now: () => performance.now() * 1e6 });

/** What time a machine with a virtual clock thinks it is: the same in every run. */
const VIRTUAL_EPOCH_NS = Date.UTC(2026, 10, 21, 12) * 1e6;

export interface BootRequest {
  checkout: Checkout;
  archive: BootArchive;
  init: Program;
  /** More words for the kernel's command line. */
  cmdline: string;
  realtime: boolean;
  onOutput: MachineOptions["onOutput"];
}

/** Not booted yet: the caller sets its hooks first. */
export function makeMachine({ checkout, archive, init, cmdline, realtime, onOutput }: BootRequest): Machine {
  return new Machine({
    vmlinux: compileKernel(checkout.vmlinux),
    cmdline: `quiet ${cmdline}`.trim(),
    epochNs: realtime ? Date.now() * 1e6 : VIRTUAL_EPOCH_NS,
    readBlob: archive.readBlob,
    programs: new Map([...programs, ["init", init]]),
    doJob: jobsOf(checkout),
    onOutput,
    clock: realtime ? wallClock() : { kind: "virtual" },
    ...(realtime ? { pacing: slices() } : {}),
  });
}
