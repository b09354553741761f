// protocol.ts - everything that passes between a page and the machine's worker.
//
// Plain data that structured cloning carries. Requests that want an answer have
// an `id`; the answer bears the same one. The worker never asks the page for
// anything but a compile, which it has no room for itself.
import type { Status } from "../machine/status.ts";
import type { BuildJob } from "../user/make/buildJobs.ts";

export type { BuildDiagnostic } from "../user/kpatch/buildJob.ts";
export type { PatchRow, Status, TaskRow } from "../machine/status.ts";

/** What the page asks of the machine. */
export type ToMachine =
  /** Fetch what `base` holds and boot. First, and once. Without a disk it is kept in memory alone. */
  | { type: "boot"; base: string; rows: number; cols: number; disk?: DiskChoice }
  /** Keys, as a terminal sends them. */
  | { type: "input"; data: string }
  | { type: "resize"; rows: number; cols: number }
  /** So much of the output is on the screen: the machine may print more. */
  | { type: "shown"; bytes: number }
  /** What the patch box holds now: the program `patchbox` prints it. */
  | { type: "patch"; diff: string }
  /** A file of the kernel's source tree, by its path in the tree. */
  | { type: "readSource"; id: number; path: string }
  | { type: "listSources"; id: number }
  /** Answer to `compile`. */
  | { type: "compiled"; id: number; answer: CompileAnswer };

/** What the machine tells the page. */
export type ToPage =
  | { type: "booted"; kernel: KernelInfo }
  /** What the console shows, in order. */
  | { type: "output"; data: Uint8Array }
  | { type: "status"; status: Status }
  | { type: "reply"; id: number; reply: Reply }
  /** A patch was asked for that nobody has built before. */
  | { type: "compile"; id: number; request: CompileRequest }
  /** The machine is gone: no memory of it is left to look at. */
  | { type: "died"; reason: string };

export interface KernelInfo {
  /** `uname -r`. */
  release: string;
  /** Hash of everything the kernel was linked from, hexadecimal. */
  build: string;
}

export type Reply = { ok: true; value: string | string[] } | { ok: false; error: string };

export interface DiskChoice {
  /** Of all that this browser keeps for this site. */
  name: string;
  /** It begins empty; what was on it is lost with the first save. */
  isNew: boolean;
}

export interface CompileRequest {
  /** Absolute URL of the folder with the kernel's description. */
  base: string;
  job: BuildJob;
  /** Description of the kernel that asks, when it was built in the machine. */
  running: Uint8Array | null;
}

export type CompileAnswer = { ok: true; answer: unknown } | { ok: false; error: string };
