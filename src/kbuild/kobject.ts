/**
 * KObject: what the compiler made of a source tree, with symbolic references.
 *
 * The counterpart of a relocatable ELF object built with -ffunction-sections
 * -fdata-sections: every function and every datum stands alone and refers to
 * the others by name, so two objects can be compared piece by piece. Only the
 * linker (link.ts) and the module writer (module.ts) give them addresses.
 */

export type ValType = "i32" | "i64" | "f32" | "f64";

/**
 * traced:  has a slot; every call goes through it.
 * notrace: no slot, called directly; cannot be traced or patched.
 * inline:  accessors and library pieces; melt into their callers.
 */
export type FunctionKind = "traced" | "notrace" | "inline";

export interface KFunction {
  /** Path name, unique: `fs/proc/meminfo/meminfo_proc_show`. */
  name: string;
  /** Source file relative to the tree: `fs/proc/meminfo.ts`. */
  file: string;
  /** Line of the declaration, from 1; no part of any comparison. */
  line: number;
  /** Exported by its file, as a C function that is not static. */
  exported: boolean;
  kind: FunctionKind;
  params: ValType[];
  results: ValType[];
  /** Locals and body in text form, all references symbolic (symbolic.ts). */
  body: string;
  /** Functions called directly, by path name, in order of appearance. */
  callees: string[];
  /** Data items and mutable globals the body refers to. */
  data: string[];
  globals: string[];
  /** True when the body calls through a function pointer that may sleep. */
  indirect: boolean;
  /** It calls through a function pointer, which never sleeps (nosleep.ts). */
  atomic?: boolean;
  /** 64-bit hash over signature, body and everything that melts into it. */
  digest: string;
}

/** A word inside a data item that the linker fills in. */
export interface KReloc {
  offset: number;
  /** Address of a data item plus addend, or the site of a function. */
  target: { data: string; addend: number } | { site: string };
}

export interface KData {
  /** Name of the global that holds it, `str:HASH` or `fn:FUNCTION`. */
  name: string;
  kind: "string" | "function" | "buffer";
  bytes: Uint8Array;
  /** Address modulo 16 it was compiled for: keeps every alignment. */
  residue: number;
  relocs: KReloc[];
  digest: string;
  exported: boolean;
}

/** First value of a global: a constant instruction or a data address. */
export type KInit = { text: string } | { data: string; addend: number };

export interface KGlobal {
  name: string;
  type: ValType;
  init: KInit;
  exported: boolean;
}

export interface KImport {
  /** Name inside the object: `host/switch_to`. */
  name: string;
  module: string;
  base: string;
}
export interface KFunctionImport extends KImport {
  params: ValType[];
  results: ValType[];
}
export interface KGlobalImport extends KImport {
  type: ValType;
  mutable: boolean;
}

/** Fields of a class: name to `offset:type`, in declaration order. */
export interface KLayout {
  size: number;
  fields: Record<string, string>;
}

export interface KObject {
  functions: Map<string, KFunction>;
  functionImports: Map<string, KFunctionImport>;
  /** Mutable globals only; immutable ones are resolved into the bodies. */
  globals: Map<string, KGlobal>;
  globalImports: Map<string, KGlobalImport>;
  /** Immutable globals with a data address: name of the item they hold. */
  constants: Map<string, KInit>;
  data: Map<string, KData>;
  layouts: Map<string, KLayout>;
  /** The tree it was compiled from: texts by path. */
  sources: ReadonlyMap<string, string>;
}
