/**
 * Turns the Binaryen module asc hands over into a KObject.
 *
 * Destroys the module's data segments (they are taken out first, so that the
 * text of the functions can be printed without megabytes of zeros).
 */

import binaryen from "assemblyscript/binaryen";
import { readFacts, type AscFacts, type AscProgram } from "./ascFacts";
import { DataMap, type Segment } from "./data";
import { digestText } from "./digest";
import type { KFunction, KGlobal, KInit, KObject } from "./kobject";
import { fileOf } from "./names";
import { functionKind } from "./notrace";
import { initialValues, isStart } from "./start";
import { COMPILE_BASE, fieldAccessor, makeSymbolic, type Names } from "./symbolic";
import * as wat from "./wat";

/** Data segments as this Binaryen offers them; its type file lags behind. */
interface WithSegments {
  getNumDataSegments(): number;
  getDataSegmentByIndex(i: number): number;
  getDataSegmentInfo(segment: number): { offset: number; data: ArrayBuffer };
}

/** asc's global: how many arguments the next indirect call passes. */
export const ARGUMENTS_LENGTH = "~argumentsLength";

type Module = InstanceType<typeof binaryen.Module> & WithSegments;

/**
 * @param countArguments whether calls that leave arguments out say so; without
 *   it, only where some function of this module asks
 */
export function readObject(
  module: Module,
  program: AscProgram,
  notrace: Set<string>,
  countArguments?: boolean,
): KObject {
  const facts = readFacts(program);
  const data = new DataMap(takeSegments(module));
  data.nameObjects(facts.functionObjects);
  const text = module.emitText();
  const globals = wat.splitGlobals(text);
  for (const g of globals) data.nameBuffer(addressIn(g.init), g.name);
  const printed = wat.splitFunctions(text);
  const reader = new BodyReader(text, globals, printed, data, countArguments);
  const functions = readFunctions(printed, reader, facts, notrace);
  const object: KObject = {
    functions,
    ...readImports(text),
    globals: reader.mutable,
    constants: reader.constants,
    data: data.items,
    layouts: facts.layouts,
    sources: new Map(),
  };
  initialValues(
    object,
    printed.map((f) => reader.start(f)),
  );
  data.relocate();
  for (const item of [...data.items.values(), ...object.globals.values()]) {
    item.exported = facts.exported.has(item.name);
  }
  digestFunctions(functions);
  return object;
}

function takeSegments(module: Module): Segment[] {
  const segments: Segment[] = [];
  for (let i = 0; i < module.getNumDataSegments(); i++) {
    const info = module.getDataSegmentInfo(module.getDataSegmentByIndex(i));
    const bytes = new Uint8Array(info.data);
    segments.push({ address: Number(info.offset), bytes });
  }
  for (const name of startFunctions(module)) {
    module.runPassesOnFunction(name, ["precompute"]);
  }
  module.runPasses(["remove-memory-init"]);
  return segments;
}

function startFunctions(module: Module): binaryen.FunctionRef[] {
  const refs: binaryen.FunctionRef[] = [];
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const ref = module.getFunctionByIndex(i);
    if (isStart(binaryen.getFunctionInfo(ref).name)) refs.push(ref);
  }
  return refs;
}

/** Address in the compile range that an initialiser holds, or -1. */
function addressIn(init: string): number {
  const m = /^i32\.const (\d+)$/.exec(init);
  return m && Number(m[1]) >= COMPILE_BASE ? Number(m[1]) : -1;
}

/** Holds what is needed to make the bodies of one module symbolic. */
class BodyReader {
  readonly mutable = new Map<string, KGlobal>();
  readonly constants = new Map<string, KInit>();
  private readonly accessors = new Map<string, string>();
  private readonly types: Map<string, string>;
  /** Indirect calls set it; only functions with optional parameters read it. */
  private readonly dropArgumentCount: boolean;

  constructor(
    text: string,
    globals: wat.PrintedGlobal[],
    printed: wat.PrintedFunction[],
    private readonly data: DataMap,
    countArguments = text.includes(`(global.get $${ARGUMENTS_LENGTH})`),
  ) {
    this.types = wat.splitTypes(text);
    this.dropArgumentCount = !countArguments;
    for (const f of printed) {
      const accessor = fieldAccessor(f.name, f.body);
      if (accessor) this.accessors.set(f.name, accessor);
    }
    for (const g of globals) this.addGlobal(g);
  }

  isAccessor(name: string): boolean {
    return this.accessors.has(name);
  }

  read(f: wat.PrintedFunction) {
    const names: Names = {
      dataAt: (address) => this.data.at(address, f.name),
      constants: this.constants,
      accessors: this.accessors,
      types: this.types,
    };
    const body = this.dropArgumentCount ? f.body.replace(ARGUMENT_COUNT, "(nop)") : f.body;
    return makeSymbolic(body, names);
  }

  /** A start function with its body made symbolic; null for others. */
  start(f: wat.PrintedFunction): { name: string; body: string } | null {
    return isStart(f.name) ? { name: f.name, body: this.read(f).text } : null;
  }

  private addGlobal(g: wat.PrintedGlobal): void {
    if (g.name === ARGUMENTS_LENGTH && this.dropArgumentCount) return;
    const address = addressIn(g.init);
    const item = address < 0 ? undefined : this.data.at(address, g.name);
    const init: KInit = item ?? { text: g.init };
    if (!g.mutable) this.constants.set(g.name, init);
    else
      this.mutable.set(g.name, {
        name: g.name,
        type: g.type,
        init,
        exported: false,
      });
  }
}

const ARGUMENT_COUNT = /\(global\.set \$~argumentsLength\s+\(i32\.const \d+\)\s+\)/g;

function readFunctions(
  printed: wat.PrintedFunction[],
  reader: BodyReader,
  facts: AscFacts,
  notrace: Set<string>,
): Map<string, KFunction> {
  const functions: KFunction[] = [];
  for (const f of printed) {
    if (isStart(f.name) || reader.isAccessor(f.name)) continue;
    const place = facts.places.get(f.name);
    const file = place?.file ?? fileOf(f.name);
    const { text, ...references } = reader.read(f);
    functions.push({
      name: f.name,
      file,
      line: place?.line ?? 0,
      exported: facts.exported.has(f.name),
      kind: functionKind(f.name, file, notrace),
      params: f.params,
      results: f.results,
      body: text,
      ...references,
      digest: "",
    });
  }
  return new Map(functions.sort(linkOrder).map((f) => [f.name, f]));
}

/** Files by path; functions of a file by name: no edit reorders the rest. */
function linkOrder(a: KFunction, b: KFunction): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

function readImports(text: string): Pick<KObject, "functionImports" | "globalImports"> {
  const functionImports: KObject["functionImports"] = new Map();
  const globalImports: KObject["globalImports"] = new Map();
  for (const { rest, kind, ...names } of wat.splitImports(text)) {
    if (kind === "func") {
      functionImports.set(names.name, { ...names, ...wat.readTypes(rest) });
    } else if (kind === "global") {
      const type = /(\w+)\)?$/.exec(rest)![1] as KGlobal["type"];
      const mutable = rest.startsWith("(mut ");
      globalImports.set(names.name, { ...names, type, mutable });
    }
  }
  return { functionImports, globalImports };
}

/** Digests cover what melts into a function, as its code will contain it. */
function digestFunctions(functions: Map<string, KFunction>): void {
  const digest = (f: KFunction): string => {
    if (f.digest) return f.digest;
    f.digest = "recursive";
    const melted = f.callees
      .map((name) => functions.get(name))
      .filter((callee) => callee?.kind === "inline")
      .map((callee) => digest(callee!));
    const head = wat.signature(f.params, f.results);
    return (f.digest = digestText([head, f.body, ...melted].join("\n")));
  };
  for (const f of functions.values()) digest(f);
}
