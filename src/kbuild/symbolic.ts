/**
 * From printed function bodies to symbolic ones.
 *
 * asc compiled the tree for a base address no kernel constant uses, so every
 * i32.const in that range is the address of a data item. After this pass a
 * body names everything it refers to and holds no address, type index or
 * table index of the build it came from:
 *
 *   (i32.const 1509949680)           (data.ref "str:9c1d…" 20)
 *   (global.get $fs/proc/x/TABLE)    (data.ref "fs/proc/x/TABLE" 0)
 *   (global.get $abi/Errno.EINVAL)   (i32.const 22)
 *   (call $kernel/sched/Task#get:pid (i32.load offset=8
 *   (call_indirect (type $3)         (call_indirect $ftrace (param i32)
 *   (block $fs/x/twice|inlined.7     (block $inlined.0
 */

import { id, nameOf } from "./wat";
import type { KInit } from "./kobject";

/** Lowest address asc gives to static data. */
export const COMPILE_BASE = 0x5a000000;

export interface Names {
  /** Data item that holds an address of the compile range, with offset. */
  dataAt(address: number): { data: string; addend: number } | undefined;
  /** Immutable globals: what they stand for. */
  constants: Map<string, KInit>;
  /** Field accessors: the one instruction each of them is. */
  accessors: Map<string, string>;
  /** Signatures by printed type identifier. */
  types: Map<string, string>;
}

export interface SymbolicBody {
  text: string;
  callees: string[];
  data: string[];
  globals: string[];
  indirect: boolean;
}

const REFERENCE =
  /\(call (\$[^\s()]+)|\(global\.(get|set) (\$[^\s()]+)(\)?)|\(i32\.const (1[56]\d{8})\)|\((return_)?call_indirect(?: \$[^\s()]+)? \(type (\$[^\s()]+)\)/g;

export function makeSymbolic(body: string, names: Names): SymbolicBody {
  const callees = new Set<string>();
  const data = new Set<string>();
  const globals = new Set<string>();
  let indirect = false;
  const refer = (init: KInit): string => {
    if ("text" in init) return `(${init.text})`;
    data.add(init.data);
    return dataRef(init.data, init.addend);
  };
  const text = body.replace(REFERENCE, (all, callee, access, global, closed, address, ret, type) => {
    if (callee) {
      const accessor = names.accessors.get(nameOf(callee));
      if (accessor) return `(${accessor}`;
      callees.add(nameOf(callee));
      return all;
    }
    if (access) {
      const constant = closed && names.constants.get(nameOf(global));
      if (constant) return refer(constant);
      globals.add(nameOf(global));
      return all;
    }
    if (address) {
      const item = names.dataAt(Number(address));
      return item ? refer(item) : all;
    }
    indirect = true;
    const kind = ret ? "return_call_indirect" : "call_indirect";
    return `(${kind} $ftrace ${names.types.get(type) ?? ""}`;
  });
  return {
    text: ownLabels(text),
    callees: [...callees],
    data: [...data],
    globals: [...globals],
    indirect,
  };
}

const INLINED = /\$(?:"[^"\n]*\|inlined\.\d+"|[^\s()"]*\|inlined\.\d+)/g;

/** asc counts the places where a function is inlined through the whole program: one more shifts all others. */
function ownLabels(text: string): string {
  const labels = new Map<string, string>();
  return text.replace(INLINED, (label) => {
    if (!labels.has(label)) labels.set(label, `$inlined.${labels.size}`);
    return labels.get(label)!;
  });
}

export function dataRef(name: string, offset: number): string {
  return `(data.ref ${JSON.stringify(name)} ${offset})`;
}

export interface Resolver {
  /** Instruction that yields the address of a data item plus offset. */
  data(name: string, offset: number): string;
  /** Name under which a function is called here. */
  callee(name: string): string;
  /** Type and address of a global that lives in memory here. */
  variable?(name: string): { type: string; address: string } | undefined;
}

const SYMBOLIC =
  /\(data\.ref ("(?:[^"\\]|\\.)*") (-?\d+)\)|\(call (\$[^\s()]+)|\(global\.(get|set) (\$[^\s()]+)/g;

/** The reverse: a body of one particular link. */
export function resolveBody(body: string, resolver: Resolver): string {
  return body.replace(SYMBOLIC, (all, name, offset, callee, access, global) => {
    if (name) return resolver.data(JSON.parse(name), Number(offset));
    if (callee) return `(call ${id(resolver.callee(nameOf(callee)))}`;
    const variable = resolver.variable?.(nameOf(global));
    if (!variable) return all;
    const op = access === "get" ? "load" : "store";
    return `(${variable.type}.${op} ${variable.address}`;
  });
}

const FIELD =
  /^\s*\((\w+\.(?:load|store)\w*(?: (?:offset|align)=\d+)*)\s+\(local\.get \$0\)(?:\s+\(local\.get \$1\))?\s*\)\s*$/;

/** The instruction a compiler-made field accessor consists of, if it is one. */
export function fieldAccessor(name: string, body: string): string | undefined {
  if (!/#[gs]et:/.test(name)) return undefined;
  return FIELD.exec(body)?.[1];
}
