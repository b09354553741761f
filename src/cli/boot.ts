// boot.ts - a machine of this checkout.
import type { BootArchive } from "../machine/bootArchive.ts";
import type { Clock, Pacing } from "../machine/clock.ts";
import type { HaltReason } from "../machine/haltReason.ts";
import { Computer, type ComputerOptions } from "../machine/computer.ts";
import { programs } from "../user/programs.ts";
import type { Program } from "../user/sys.ts";
import type { Checkout } from "./checkout.ts";
import { readDiskFile, writeDiskFile } from "./diskFile.ts";
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
  /** A file that is its disk; null: a disk in memory, gone with the process. */
  disk: string | null;
  boots?: number;
  onOutput: ComputerOptions["onOutput"];
  onMachine: ComputerOptions["onMachine"];
  onOff: (reason: HaltReason) => void;
}

/** Not switched on yet. */
export function makeComputer(request: BootRequest): Computer {
  const { checkout, archive, init, cmdline, realtime, disk, boots, onOutput, onMachine, onOff } = request;
  const { vmlinux, packed } = checkout;
  return new Computer({
    ...{ vmlinux, archive, onOutput, onOff },
    ...{ build: packed.build, release: packed.release },
    cmdline: `quiet ${cmdline}`.trim(),
    epochNs: realtime ? Date.now() * 1e6 : VIRTUAL_EPOCH_NS,
    programs: new Map([...programs, ["init", init]]),
    doJob: jobsOf(checkout),
    clock: realtime ? wallClock() : { kind: "virtual" },
    disk: disk === null ? null : readDiskFile(disk),
    ...(disk !== null && { saveDisk: (content) => writeDiskFile(disk, content) }),
    ...(boots !== undefined && { boots }),
    ...(onMachine && { onMachine }),
    ...(realtime && { pacing: slices() }),
  });
}
