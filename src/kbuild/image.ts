/**
 * KernelImage: what the patch builder must know about a linked kernel. Plain
 * JSON, shipped beside vmlinux.wasm, as System.map and Module.symvers are.
 */

import type { FileMap } from "./compile";
import { digestText } from "./digest";
import type { KernelLayout } from "./kernelLayout";
import type { FunctionKind, KData, KFunction, KInit, KLayout, KObject, ValType } from "./kobject";
import { siteName } from "./passes";
import { sourceDigests } from "./sources";

/** What uname -r prints. */
export const RELEASE = "7.3.4-patchbay";
/** A module is refused when its vermagic is another. */
export const VERMAGIC = `${RELEASE} SMP preempt mod_unload `;

export interface ImageFunction {
  name: string;
  /** Module it belongs to; none for vmlinux. Indices are then relative. */
  module?: string;
  file: string;
  line: number;
  /** By its file: modules may call it. */
  exported: boolean;
  kind: FunctionKind;
  /** Table indices; 0 for functions without a slot. */
  site: number;
  body: number;
  trampoline: number;
  /** Asyncify touched it: it may sleep, so may those who call it. */
  sleepable: boolean;
  params: ValType[];
  results: ValType[];
  /** Functions it calls directly, by path name. */
  callees: string[];
  /** Bytes of its Wasm body. */
  size: number;
  digest: string;
}

export interface ImageGlobal {
  name: string;
  module?: string;
  type: ValType;
  init: KInit;
}

export interface ImageData {
  name: string;
  module?: string;
  address: number;
  size: number;
  /** It starts out as zero: a .bss item. */
  zero: boolean;
  digest: string;
}

/** A module that was built with the kernel. */
export interface ModuleImage {
  name: string;
  /** The source that defines init_module, and all it was made from. */
  root: string;
  files: string[];
  functions: ImageFunction[];
  globals: ImageGlobal[];
  data: ImageData[];
  /** Of the classes its files declare. */
  layouts: Record<string, KLayout>;
}

export interface KernelImage {
  release: string;
  vermagic: string;
  /** Hash of everything that was linked: names this very build. */
  build: string;
  /** Of the files that kernel and host both are built from. */
  contract: string;
  /** Functions with a slot: sites 1…n, bodies n+1…2n, trampolines 2n+1…3n. */
  nrFunctions: number;
  dataEnd: number;
  functions: ImageFunction[];
  /** Path names of the functions the host calls. */
  entries: string[];
  globals: ImageGlobal[];
  /** Buffers and function objects; strings are private to whoever uses them. */
  data: ImageData[];
  layouts: Record<string, KLayout>;
  /** Values of the symbols the linker defines. */
  symbols: Record<string, number>;
  /** What the host offers, as `env.switch_to`. */
  imports: string[];
  /** Hashes of the sources it was built from, by path in the tree. */
  sources: Record<string, string>;
  /** Modules of the tree, for patches of them. */
  modules: ModuleImage[];
}

/** Files with what kernel and host must agree on. */
const CONTRACT = ["abi.ts", "host.ts"];

export const contractDigest = (tree: FileMap): string =>
  digestText(CONTRACT.map((file) => tree.get(file) ?? "").join("\0"));

/** The description of what linkKernel() just linked. */
export function describeImage(
  object: KObject,
  layout: KernelLayout,
  sleepable: Set<string>,
  sizes: Map<string, number>,
  entries: string[],
): KernelImage {
  const functions = [...object.functions.values()].map((f) => ({
    ...pick(f),
    ...(layout.slot(f.name) ?? { site: 0, body: 0, trampoline: 0 }),
    sleepable: sleepable.has(f.name) || sleepable.has(siteName(f.name)),
    size: sizes.get(f.name) ?? 0,
  }));
  const data = [...object.data.values()]
    .filter((item) => item.kind !== "string")
    .map((item) => describeData(item, layout.address(item.name)));
  return {
    release: RELEASE,
    vermagic: VERMAGIC,
    build: layout.build,
    contract: "",
    nrFunctions: layout.nrFunctions,
    dataEnd: layout.symbols["data_end"]!,
    functions,
    entries,
    globals: [...object.globals.values()].map(({ name, type, init }) => {
      return { name, type, init };
    }),
    data,
    layouts: Object.fromEntries(object.layouts),
    symbols: layout.symbols,
    imports: [...object.functionImports.values(), ...object.globalImports.values()].map(importName),
    sources: sourceDigests(object.sources),
    modules: [],
  };
}

export const importName = ({ module, base }: { module: string; base: string }): string => `${module}.${base}`;

export function describeData({ name, bytes, digest }: KData, address: number): ImageData {
  return { name, address, size: bytes.length, zero: bytes.every((b) => b === 0), digest };
}

/** What a KFunction and its description have in common. */
export function pick(f: KFunction) {
  const { name, file, line, exported, kind, params, results, callees, digest } = f;
  return { name, file, line, exported, kind, params, results, callees, digest };
}
