/**
 * Links the kernel: gives every function its table entries and every datum its
 * address, and writes vmlinux.wasm with the KernelImage that describes it.
 */

import binaryen from "assemblyscript/binaryen";
import { functionImport, functionText, globalImport, memoryAndTable } from "./assemble";
import { emit, parseModule, type Module } from "./binaryenModule";
import { dataAtAddress } from "./dataSection";
import { digestText } from "./digest";
import { describeImage, type KernelImage } from "./image";
import { KernelLayout } from "./kernelLayout";
import type { KFunction, KGlobal, KObject } from "./kobject";
import { bareName } from "./names";
import { atomicFunctions, checkAtomic } from "./nosleep";
import { asyncify, meltStubs, noAsyncify, optimizeFunctions, optimizeLocals, siteName } from "./passes";
import { makeBody, makeStub, makeTrampoline, TABLE, trampolineName } from "./slots";
import type { Resolver } from "./symbolic";
import { findTraceNames } from "./traceNames";
import { functionSizes, insertData, readSections, writeSections } from "./wasmSections";
import { id } from "./wat";

export interface LinkOptions {
  /**
   * Bare names of the functions the host calls. They are exported under these
   * names and go through their sites, so that they can be traced and patched.
   */
  entries: string[];
  /** Parts of the substrate to leave out, to measure what they cost (test/bench). */
  without?: ReadonlySet<"slots" | "asyncify">;
}

export interface LinkedKernel {
  wasm: Uint8Array;
  image: KernelImage;
}

/** Imports that may sleep: everything that sleeps gets there in the end. */
export const SLEEPING_IMPORT = "env.switch_to";

/** @throws Error when the tree lacks what every kernel needs. */
export function linkKernel(object: KObject, opts: LinkOptions): LinkedKernel {
  const layout = new KernelLayout(object, buildHash(object));
  const module = parseModule(kernelText(object, layout));
  const notrace = functionsOf(object, "notrace").map((f) => f.name);
  optimizeFunctions(module, notrace);
  const without = (part: "slots" | "asyncify") => opts.without?.has(part) ?? false;
  const atomic = atomicFunctions(object).map((f) => siteName(f.name));
  const sleepable = without("asyncify")
    ? noAsyncify(module)
    : asyncify(module, [SLEEPING_IMPORT], [...notrace, ...atomic]);
  checkAtomic(object, (name) => sleepable.has(siteName(name)));
  if (without("slots")) fillSites(module, functionsOf(object, "traced"));
  else weaveSlots(module, object, layout, sleepable);
  const entries = exportNames(module, object, opts.entries);
  if (without("slots")) optimizeLocals(module);
  else meltStubs(module);
  const code = emit(module);
  module.dispose();
  const sizes = functionSizes(code);
  const data = dataAtAddress(layout.bytes(sizes), layout.start);
  const wasm = writeSections(insertData(readSections(code), data));
  return { wasm, image: describeImage(object, layout, sleepable, sizes, entries) };
}

function functionsOf(object: KObject, kind: KFunction["kind"]): KFunction[] {
  return [...object.functions.values()].filter((f) => f.kind === kind);
}

/** Everything that decides what the kernel does; not where things lie. */
function buildHash(object: KObject): string {
  const parts: string[] = [];
  for (const f of object.functions.values()) parts.push(f.name, f.digest);
  for (const d of object.data.values()) parts.push(d.name, d.digest);
  for (const g of object.globals.values()) {
    parts.push(g.name, JSON.stringify(g.init));
  }
  return digestText(parts.join("\n"));
}

function kernelText(object: KObject, layout: KernelLayout): string {
  const resolver: Resolver = {
    data: (name, offset) => `(i32.const ${layout.address(name) + offset})`,
    callee: (name) => (layout.slot(name) ? siteName(name) : name),
  };
  const parts = memoryAndTable();
  for (const i of object.functionImports.values()) parts.push(functionImport(i));
  for (const i of object.globalImports.values()) {
    const value = layout.symbols[i.base];
    if (i.mutable || value === undefined) parts.push(globalImport(i));
  }
  for (const i of object.globalImports.values()) {
    const value = layout.symbols[i.base];
    if (i.mutable || value === undefined) continue;
    parts.push(`(global ${id(i.name)} ${i.type} (${i.type}.const ${value}))`);
  }
  for (const g of object.globals.values()) parts.push(globalText(g, resolver));
  for (const f of object.functions.values()) {
    parts.push(functionText(f, resolver));
  }
  return `(module\n${parts.join("\n")}\n)`;
}

function globalText(g: KGlobal, resolver: Resolver): string {
  const init = "text" in g.init ? `(${g.init.text})` : resolver.data(g.init.data, g.init.addend);
  return `(global ${id(g.name)} (mut ${g.type}) ${init})`;
}

/** Steps 3 and 4 of passes.ts, and the table. */
function weaveSlots(module: Module, object: KObject, layout: KernelLayout, sleepable: Set<string>): void {
  const trace = findTraceNames(object);
  const regs = layout.address(trace.regs);
  const traced = functionsOf(object, "traced");
  for (const { name } of traced) {
    const slot = layout.slot(name)!;
    const refs = {
      site: () => module.i32.const(slot.site),
      id: () => module.i32.const(slot.body),
      regs: () => module.i32.const(regs),
    };
    const f = binaryen.getFunctionInfo(module.getFunction(siteName(name)));
    makeBody(module, name, sleepable.has(siteName(name)), trace, refs);
    makeStub(module, name, f, refs.site());
    makeTrampoline(module, name, trace, refs);
  }
  const bodies = traced.map((f) => f.name);
  const entries = [...bodies, ...bodies, ...bodies.map(trampolineName), ...layout.notrace];
  module.addActiveElementSegment(TABLE, "slots", entries, module.i32.const(1));
}

/** A kernel without slots: the table serves function pointers only. */
function fillSites(module: Module, traced: KFunction[]): void {
  const entries = traced.map((f) => siteName(f.name));
  module.addActiveElementSegment(TABLE, "sites", entries, module.i32.const(1));
}

/** @returns the path names of the entry points. */
function exportNames(module: Module, object: KObject, entries: string[]): string[] {
  for (const g of object.globals.values()) module.addGlobalExport(g.name, g.name);
  for (const f of functionsOf(object, "notrace")) {
    module.addFunctionExport(f.name, f.name);
  }
  const byBareName = new Map<string, KFunction>();
  for (const f of object.functions.values()) byBareName.set(bareName(f.name), f);
  return entries.map((entry) => {
    const f = byBareName.get(entry);
    if (!f) throw new Error(`vmlinux: undefined entry point ${entry}`);
    const name = f.kind === "traced" ? siteName(f.name) : f.name;
    module.addFunctionExport(name, entry);
    return f.name;
  });
}
