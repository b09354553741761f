/**
 * Where everything of a module goes, relative to where it will be loaded, and
 * what it takes from the kernel.
 */

import type { KernelIndex } from "./kernelIndex";
import type { KData, KFunction, KGlobal, KObject } from "./kobject";
import { DataLayout, linkerItem } from "./layout";
import { bareName } from "./names";
import { PATCH_INIT } from "./tree";

/** The loader takes the first of a name: the patch's own come before functions it brings that are called so too. */
const LOADERS = new Set(["init_module", "cleanup_module"]);

/** The first word of a module's memory: its struct Module, for the loader. */
const HEADER_SIZE = 8;

export class ModuleLayout {
  /** Functions with a slot, in table order. */
  readonly traced: KFunction[];
  /** Functions without: private copies of accessors and library pieces. */
  readonly others: KFunction[];
  readonly data = new DataLayout(0);
  /** Kernel functions and data it refers to, by path name. */
  readonly gotFunctions = new Set<string>();
  readonly gotData = new Set<string>();
  /** Kernel globals it imports. */
  readonly globals = new Set<string>();
  /** What it takes from modules: see LateReference. */
  readonly late: LateReference[] = [];
  /** Its own globals, which live in its memory. */
  readonly variables = new Map<string, KGlobal>();

  /**
   * @param renewed functions the kernel has under the same name, but which
   *   are new here all the same: their signature is another
   * @param bindsLate patches: modules they refer to come and go
   */
  constructor(
    private readonly object: KObject,
    private readonly kernel: KernelIndex,
    include: string[],
    private readonly renewed: Set<string>,
    private readonly bindsLate: boolean,
  ) {
    const functions = this.closure(include);
    this.traced = functions.filter((f) => f.kind === "traced");
    this.others = functions.filter((f) => f.kind !== "traced");
    this.data.place(linkerItem("", new Uint8Array(HEADER_SIZE)));
    for (const f of functions) this.place(f);
    if (bindsLate) this.bindRelocs();
  }

  position(name: string): number {
    return this.traced.findIndex((f) => f.name === name);
  }

  has(name: string): boolean {
    return this.traced.some((f) => f.name === name);
  }

  /** True when calls to a function go through a site of the kernel's. */
  throughKernel(name: string): boolean {
    return !this.has(name) || (this.inKernel(name) && !this.renewed.has(name));
  }

  inKernel(name: string): boolean {
    return this.kernel.functions.get(name)?.kind === "traced";
  }

  /**
   * True when a datum is the kernel's. Strings never are, nor are function
   * objects of modules: no symbol table lists them, so a module makes its own.
   */
  kernelData(name: string): boolean {
    if (!name.startsWith("fn:")) return this.kernel.data.has(name);
    const target = name.slice("fn:".length);
    return this.inKernel(target) && !this.kernel.functions.get(target)!.module && !this.renewed.has(target);
  }

  /** Address of a function object that vmlinux has; a module fits one build alone. */
  functionObject(name: string): number | undefined {
    return name.startsWith("fn:") ? this.kernel.data.get(name)?.address : undefined;
  }

  variableAddress(name: string): number {
    return this.data.address(variable(name));
  }

  /** Offset of the word that will hold a symbol's value, if it is bound late. */
  lateCell(name: string): number | undefined {
    const cell = this.data.placed.get(late(name));
    return cell?.address;
  }

  private closure(include: string[]): KFunction[] {
    const found = new Map<string, KFunction>();
    const visit = (name: string): void => {
      const f = this.object.functions.get(name);
      if (!f || found.has(name)) return;
      found.set(name, f);
      for (const callee of f.callees) {
        if (this.object.functions.get(callee)?.kind === "inline") visit(callee);
      }
    };
    for (const name of include) visit(name);
    const order = [...this.object.functions.keys()];
    const rank = new Map(order.map((name, i) => [name, i]));
    const functions = [...found.values()];
    const hasRival = functions.some((f) => f.file !== PATCH_INIT && LOADERS.has(bareName(f.name)));
    const place = (f: KFunction): number => (hasRival && f.file === PATCH_INIT ? -1 : rank.get(f.name)!);
    return functions.sort((a, b) => place(a) - place(b));
  }

  private place(f: KFunction): void {
    for (const name of f.data) this.placeData(this.object.data.get(name)!);
    for (const name of f.globals) this.placeGlobal(name);
    for (const callee of f.callees) {
      const target = this.object.functions.get(callee);
      if (target?.kind === "traced" && this.throughKernel(callee)) this.takeFunction(callee);
    }
  }

  /** A variable or an array, also when nothing refers to it. */
  placeParameter(name: string): void {
    const buffer = this.object.data.get(name);
    if (buffer) this.placeData(buffer);
    else this.placeGlobal(name);
  }

  private placeGlobal(name: string): void {
    const theirs = this.kernel.globals.get(name);
    if (theirs?.module && this.bindsLate) this.bind(name, theirs.module);
    else if (theirs) this.globals.add(name);
    const own = this.object.globals.get(name);
    if (!own || this.kernel.globals.has(name) || this.variables.has(name)) return;
    this.variables.set(name, own);
    if ("data" in own.init) this.placeData(this.object.data.get(own.init.data)!);
    this.data.place(variableItem(own, this.data.end));
  }

  private placeData(item: KData): void {
    if (this.kernelData(item.name)) {
      if (this.functionObject(item.name) !== undefined) return;
      const owner = this.kernel.data.get(item.name)?.module;
      if (owner && this.bindsLate) this.bind(item.name, owner);
      else this.gotData.add(item.name);
      return;
    }
    if (this.data.placed.has(item.name)) return;
    this.data.place(item);
    for (const { target } of item.relocs) {
      if ("data" in target) this.placeData(this.object.data.get(target.data)!);
      else if (this.throughKernel(target.site)) this.takeFunction(target.site);
    }
  }

  private takeFunction(name: string): void {
    const owner = this.kernel.functions.get(name)?.module;
    if (owner && this.bindsLate) this.bind(name, owner);
    else this.gotFunctions.add(name);
  }

  /** Reserves a word for a symbol of a module. */
  private bind(name: string, object: string): void {
    if (this.data.placed.has(late(name))) return;
    const offset = this.data.place(word(late(name), 4, this.data.end));
    this.late.push({ object, symbol: name, offset, addend: 0 });
  }

  /** References inside the data that cannot be filled in at load time either. */
  private bindRelocs(): void {
    for (const { item, address } of this.data.placed.values()) {
      for (const { offset, target } of item.relocs) {
        const symbol = "site" in target ? target.site : target.data;
        if (this.lateCell(symbol) === undefined) continue;
        const object = this.late.find((l) => l.symbol === symbol)!.object;
        const addend = "site" in target ? 0 : target.addend;
        this.late.push({ object, symbol, offset: address + offset, addend });
      }
    }
  }
}

/**
 * A word of the module's memory that gets the value of another module's
 * symbol, plus addend, whenever that module is loaded: the site of a function
 * or the address of a datum. Linux: the sections .klp.rela.OBJECT.
 */
export interface LateReference {
  object: string;
  /** Path name. */
  symbol: string;
  offset: number;
  addend: number;
}

function late(name: string): string {
  return `late:${name}`;
}

/** Memory for one value, aligned to its size. */
function word(name: string, size: number, end: number): KData {
  const item = linkerItem(name, new Uint8Array(size));
  return { ...item, residue: -(-end & -size) & 15 };
}

function variable(name: string): string {
  return `var:${name}`;
}

/** A global as eight bytes of memory, with its first value. */
function variableItem(g: KGlobal, end: number): KData {
  const item = word(variable(g.name), 8, end);
  const { init } = g;
  if ("data" in init) return { ...item, relocs: [{ offset: 0, target: init }] };
  writeConstant(new DataView(item.bytes.buffer), init.text);
  return item;
}

function writeConstant(view: DataView, text: string): void {
  const [op, value = "0"] = text.split(" ");
  if (op === "i32.const") view.setInt32(0, Number(value), true);
  else if (op === "i64.const") view.setBigInt64(0, BigInt(value), true);
  else if (op === "f32.const") view.setFloat32(0, Number(value), true);
  else view.setFloat64(0, Number(value), true);
}
