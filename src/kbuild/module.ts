/**
 * Writes a kernel module: a Wasm side module whose functions reach the kernel
 * only through slots, in the format README.md describes.
 */

import binaryen from "assemblyscript/binaryen";
import { emit, parseModule, type Module } from "./binaryenModule";
import type { KernelIndex } from "./kernelIndex";
import { describeModule } from "./moduleImage";
import type { ModuleImage } from "./image";
import type { KObject } from "./kobject";
import { SLEEPING_IMPORT } from "./link";
import { ModuleLayout } from "./moduleLayout";
import { moduleFile, type KlpSection } from "./moduleSections";
import { gotFunction, moduleText, TABLE_BASE, MEMORY_BASE } from "./moduleText";
import type { ModuleParam } from "./modinfo";
import { asyncify, meltStubs, optimizeFunctions, siteName } from "./passes";
import { functionSizes } from "./wasmSections";
import { atomicFunctions } from "./nosleep";
import { sleepingFunctions } from "./sleepers";
import { makeBody, makeStub, makeTrampoline, TABLE, trampolineName, type TraceNames } from "./slots";

export interface ModuleInput {
  object: KObject;
  kernel: KernelIndex;
  /** Path names of the functions that become part of the module. */
  include: string[];
  /** Those of them the kernel has with another signature. */
  renewed?: Set<string>;
  /** Key and value, in the order modinfo prints them. */
  modinfo: [string, string][];
  params?: ModuleParam[];
  /** For patches: which functions of which objects are replaced. */
  klp?: KlpSection;
}

export interface LinkedModule {
  ko: Uint8Array;
  /** What a patch of the module must know. */
  image: Pick<ModuleImage, "functions" | "globals" | "data">;
}

export function makeModule(input: ModuleInput): Uint8Array {
  return linkModule(input).ko;
}

/** @throws Error when the kernel lacks what every module needs. */
export function linkModule(input: ModuleInput): LinkedModule {
  const { object } = input;
  const { kernel } = input;
  const layout = new ModuleLayout(object, kernel, input.include, input.renewed ?? new Set(), !!input.klp);
  for (const p of input.params ?? []) layout.placeParameter(p.global);
  const fuel = kernel.globalNamed("watchdog_fuel");
  const trace = kernelTrace(kernel);
  layout.globals.add(trace.graphActive);
  layout.gotData.add(trace.regs);
  const direct = directImports(kernel, layout, trace);
  const module = parseModule(moduleText(moduleName(input), object, kernel, layout, fuel, direct));
  optimizeFunctions(module, []);
  const touched = asyncify(module, sleepingImports(kernel, direct), atomicSites(input, kernel));
  weaveSlots(module, kernel, layout, trace, touched);
  module.addGlobalExport(MEMORY_BASE, MEMORY_BASE);
  meltStubs(module);
  const code = emit(module);
  module.dispose();
  const ko = moduleFile(code, layout, input);
  return { ko, image: describeModule(layout, touched, functionSizes(code)) };
}

function moduleName({ modinfo }: ModuleInput): string {
  return modinfo.find(([key]) => key === "name")![1];
}

type KernelTrace = TraceNames & { regs: string };

function kernelTrace(kernel: KernelIndex): KernelTrace {
  const regs = kernel.image.data.find((d) => d.name.endsWith("/ftrace_regs"));
  if (!regs) throw new Error("vmlinux: undefined symbol ftrace_regs");
  return {
    unwindRecord: kernel.notraceNamed("__unwind_record"),
    caller: kernel.notraceNamed("ftrace_caller"),
    return: kernel.notraceNamed("ftrace_return"),
    graphActive: kernel.globalNamed("ftrace_graph_active"),
    regs: regs.name,
  };
}

/** Kernel functions the module's text calls by name, with or without a slot. */
function directImports(kernel: KernelIndex, layout: ModuleLayout, trace: TraceNames): string[] {
  const names = new Set([trace.unwindRecord, trace.caller, trace.return]);
  for (const f of [...layout.traced, ...layout.others]) {
    for (const callee of f.callees) {
      const target = kernel.functions.get(callee);
      if (target && target.kind !== "inline" && !layout.has(callee)) names.add(callee);
    }
  }
  return [...names];
}

function sleepingImports(kernel: KernelIndex, direct: string[]): string[] {
  const sleepable = direct.filter((name) => kernel.functions.get(name)!.sleepable);
  return [SLEEPING_IMPORT, ...sleepable.map((name) => `vmlinux.${name}`)];
}

/** Functions of nosleep.txt, unless the patch itself makes them sleep. */
function atomicSites({ object, include }: ModuleInput, kernel: KernelIndex): string[] {
  const inside = new Set(include);
  const sleeps = sleepingFunctions(inside, kernel, object);
  return atomicFunctions(object)
    .filter((f) => inside.has(f.name) && !sleeps.has(f.name))
    .map((f) => siteName(f.name));
}

/** Steps 3 and 4 of passes.ts, and the module's part of the table. */
function weaveSlots(
  m: Module,
  kernel: KernelIndex,
  layout: ModuleLayout,
  trace: KernelTrace,
  touched: Set<string>,
): void {
  const n = layout.traced.length;
  const entry = (i: number) => m.i32.add(m.global.get(TABLE_BASE, binaryen.i32), m.i32.const(i));
  const own = (at: number) => m.i32.add(m.global.get(MEMORY_BASE, binaryen.i32), m.i32.const(at));
  const theirSite = (name: string) => {
    const cell = layout.lateCell(name);
    return cell === undefined ? m.global.get(gotFunction(name), binaryen.i32) : m.i32.load(0, 4, own(cell));
  };
  const regs = () => m.global.get(`GOT.mem:${trace.regs}`, binaryen.i32);
  layout.traced.forEach(({ name }, i) => {
    const refs = { site: () => entry(i), id: () => entry(n + i), regs };
    const f = binaryen.getFunctionInfo(m.getFunction(siteName(name)));
    makeBody(m, name, touched.has(siteName(name)), trace, refs);
    const bound = layout.gotFunctions.has(name) || layout.lateCell(name) !== undefined;
    const called = bound ? theirSite(name) : refs.site();
    makeStub(m, name, f, called);
    makeTrampoline(m, name, trace, refs);
  });
  for (const name of [...layout.gotFunctions, ...layout.late.map((l) => l.symbol)]) {
    if (layout.has(name)) continue;
    const ref = m.getFunction(siteName(name));
    if (!ref) continue; // A datum, or only its address is taken.
    const f = binaryen.getFunctionInfo(ref);
    m.removeFunction(siteName(name));
    makeStub(m, name, f, theirSite(name));
  }
  const bodies = layout.traced.map((f) => f.name);
  const entries = [...bodies, ...bodies, ...bodies.map(trampolineName)];
  m.addActiveElementSegment(TABLE, "slots", entries, m.global.get(TABLE_BASE, binaryen.i32));
}
