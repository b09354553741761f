// buildJob.ts - what kpatch-build and klp-build ask of the host, and what comes back.
//
// Plain data only: it crosses a worker boundary, and an answer may have been
// stored when the kernel was built. src/kbuild does the work.

export interface BuildRequest {
  /** Files of the unpatched source tree by path relative to it. */
  tree: Record<string, string>;
  /** What the patches make of the files they touch; null: the file is gone. */
  patched: Record<string, string | null>;
  /** The module's name as its file has it, without `.ko`. */
  name: string;
  replace: boolean;
  /** A module that was built with the kernel will do. */
  prebuilt: boolean;
  /** Wants the intermediate results: both sides are compiled. */
  details?: boolean;
  /** Path names of the functions that count as changed, whatever the comparison finds. */
  changed?: string[];
  /** The module that is patched, when its source is not in the tree; `patched` are its files then. */
  outside?: OutsideModule;
}

export interface OutsideModule {
  /** As its file has it, without `.ko`. */
  name: string;
  /** Files below the module's directory by path relative to it. */
  sources: Record<string, string>;
  /** Those that are compiled as such; the first exports init_module(). */
  parts: string[];
  /** The module as it runs. */
  running: Uint8Array;
}

/** One function of the files that are compared, before and after. */
export interface FunctionDetail {
  /** Path name: `fs/proc/meminfo/meminfo_proc_show`. */
  name: string;
  file: string;
  orig?: SideDetail;
  patched?: SideDetail;
}

export interface SideDetail {
  checksum: string;
  /** Its instructions, all references by name. */
  text: string;
}

/** What create-diff-object says on stdout about one function. */
export interface FunctionNote {
  /** Source file: `fs/proc/meminfo.ts`. */
  file: string;
  /** Worded by the front end. */
  kind: "changed" | "new" | "callback" | "ignoring" | "ignoring-section" | "force-unsafe" | "needless-ignore";
  /** Bare name of the function, or a section. */
  func: string;
}

/** A reason why the change cannot become a patch, from the table of reasons. */
export interface Refusal {
  id: string;
  file: string;
  /** The tool's own words, one `ERROR:` line each. */
  details: string[];
  /** `2 unsupported section change(s)`. */
  summary: string;
  /** Ours: why in one sentence, and what to do instead. */
  why?: string;
  advice?: string;
  /** Anchor in the author's guide. */
  section?: string;
}

/** A warning that stops nothing; `ours` when kpatch has none like it. */
export interface BuildWarning {
  file: string;
  text: string;
  ours: boolean;
  /** What to do about it, and where the author's guide says more. */
  advice?: string;
  section?: string;
}

/** Where source did not compile. */
export interface BuildDiagnostic {
  file: string;
  line: number;
  column: number;
  length: number;
  message: string;
}

interface Findings {
  notes: FunctionNote[];
  warnings: BuildWarning[];
  /** When they were asked for. */
  details?: FunctionDetail[];
}

export type BuildAnswer =
  /** objects: `vmlinux` and modules the patch changes, sorted. */
  | ({ kind: "built"; ko: Uint8Array; objects: string[] } & Findings)
  /** No file that is compiled differs. */
  | { kind: "no-objects" }
  /** Files differ, every function compares equal. */
  | ({ kind: "no-change" } & Findings)
  | ({ kind: "refused"; refusals: Refusal[] } & Findings)
  /** The patched source (or, with original true, the tree itself) does not compile. */
  | { kind: "compile-error"; original: boolean; diagnostics: BuildDiagnostic[]; text: string }
  /** The patched code names what exists neither in the kernel nor in the patch. */
  | ({ kind: "undefined"; symbols: string[] } & Findings);
