// buildJobs.ts - what `make` asks of the host: a module, or the kernel.
//
// Plain data only, as in ../kpatch/buildJob.ts. src/kbuild does the work.
import type { BuildDiagnostic, BuildRequest } from "../kpatch/buildJob.ts";

/** Jobs for the compiler. */
export type BuildJob =
  | { kind: "build-patch"; request: BuildRequest }
  | { kind: "build-module"; request: ModuleRequest }
  | { kind: "build-kernel"; request: KernelRequest };

const KINDS: BuildJob["kind"][] = ["build-patch", "build-module", "build-kernel"];
export const BUILD_JOBS: ReadonlySet<string> = new Set(KINDS);

export interface ModuleRequest {
  /** Files of the kernel's source tree by path relative to it. */
  tree: Record<string, string>;
  /** The module's own files, by path relative to its directory. */
  sources: Record<string, string>;
  /** Those of them it is made of; one defines init_module(). */
  parts: string[];
  /** `hello` of `hello.o`. */
  name: string;
  /** Description of the kernel it is for, out of its vmlinux; null: of the kernel that was shipped. */
  kernel: Uint8Array | null;
}

export type ModuleAnswer =
  | {
      kind: "built";
      ko: Uint8Array;
      /** Files it was made from: its own, and those of the tree. */
      own: string[];
      tree: string[];
      warnings: BuildDiagnostic[];
    }
  | CompileError
  /** No file of it defines init_module(). */
  | { kind: "no-module" };

export interface CompileError {
  kind: "compile-error";
  /** `file` is relative to the module's directory, or starts with `/`: relative to the tree. */
  diagnostics: BuildDiagnostic[];
}

export interface KernelRequest {
  /** Files of the kernel's source tree by path relative to it. */
  tree: Record<string, string>;
}

export type KernelAnswer =
  | {
      kind: "built";
      /** With its description and what a host needs to start it. */
      vmlinux: Uint8Array;
      systemMap: string;
      /** Of the tree, by the source that defines init_module(). */
      modules: { file: string; name: string; ko: Uint8Array }[];
      build: string;
    }
  | CompileError;
