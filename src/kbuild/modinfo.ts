/**
 * What a module source says about itself, by exported constants:
 *
 *   export const MODULE_LICENSE = "GPL";
 *   export const MODULE_AUTHOR = "…";
 *   export const MODULE_DESCRIPTION = "…";
 *   export const MODULE_VERSION = "…";
 *   export const MODULE_INFO_livepatch = "Y";         any other key
 *   export let replace: i32 = 0;                      a parameter, with
 *   export const MODULE_PARM_replace = "replace (default=0)";
 *   export const MODULE_PARMTYPE_replace = "bool";    when it is not an int
 *   export const pids = memory.data(64);              an array of int
 *
 * The strings end up in the file's .modinfo, not in the kernel's memory.
 */

import type { KObject } from "./kobject";
import { bareName } from "./names";
import { OBJECT_HEADER } from "./ascFacts";
import { VERMAGIC } from "./image";

/** A variable of the module that can be set when it is loaded. */
export interface ModuleParam {
  name: string;
  /** As modinfo shows it: int, uint, bool, long, ulong, array of int. */
  type: string;
  /** Path name of the global or of the buffer. */
  global: string;
  size: number;
  description: string;
}

/** Text of an exported string constant of a file, if it has it. */
function stringConstants(object: KObject, file: string): Map<string, string> {
  const prefix = `${file.replace(/\.ts$/, "")}/`;
  const found = new Map<string, string>();
  for (const [name, init] of object.constants) {
    if (!name.startsWith(`${prefix}MODULE_`) || !("data" in init)) continue;
    const item = object.data.get(init.data);
    if (item?.kind === "string") found.set(bareName(name), decode(item.bytes));
  }
  return found;
}

function decode(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const size = view.getUint32(OBJECT_HEADER - 4, true);
  const text = bytes.subarray(OBJECT_HEADER, OBJECT_HEADER + size);
  return new TextDecoder("utf-16le").decode(text);
}

const PARM = "MODULE_PARM_";
const PARMTYPE = "MODULE_PARMTYPE_";
const INFO = "MODULE_INFO_";

/** Parameters in the order of their variables in the source. */
export function moduleParams(object: KObject, file: string): ModuleParam[] {
  const said = stringConstants(object, file);
  const params: ModuleParam[] = [];
  for (const [key, description] of said) {
    if (!key.startsWith(PARM)) continue;
    const name = key.slice(PARM.length);
    const global = `${file.replace(/\.ts$/, "")}/${name}`;
    const shape = shapeOf(object, global);
    if (!shape) continue;
    const type = said.get(`${PARMTYPE}${name}`) ?? shape.type;
    params.push({ name, type, global, size: shape.size, description });
  }
  return params;
}

/** What a variable can hold: a number, or as many ints as its buffer. */
function shapeOf(object: KObject, global: string): { type: string; size: number } | undefined {
  const type = object.globals.get(global)?.type;
  if (type === "i32") return { type: "int", size: 4 };
  if (type === "i64") return { type: "long", size: 8 };
  const buffer = object.data.get(global);
  return buffer?.kind === "buffer" ? { type: "array of int", size: buffer.bytes.length } : undefined;
}

/** All entries of .modinfo for the module `name` made from `file`. */
export function moduleInfo(
  object: KObject,
  file: string,
  name: string,
  depends: string[],
  build: string,
): [string, string][] {
  const said = stringConstants(object, file);
  const info: [string, string][] = [];
  const add = (key: string, from: string) => {
    const value = said.get(from);
    if (value !== undefined) info.push([key, value]);
  };
  add("description", "MODULE_DESCRIPTION");
  add("author", "MODULE_AUTHOR");
  for (const key of said.keys()) {
    if (key.startsWith(INFO)) add(key.slice(INFO.length), key);
  }
  add("version", "MODULE_VERSION");
  add("license", "MODULE_LICENSE");
  info.push(...closing(name, depends, build));
  for (const p of moduleParams(object, file)) {
    info.push(["parm", `${p.name}:${p.description} (${p.type})`]);
  }
  return info;
}

/** .modinfo of a patch made by the patch builder. */
export function patchInfo(name: string, depends: string[], build: string): [string, string][] {
  return [["livepatch", "Y"], ["license", "GPL"], ...closing(name, depends, build)];
}

function closing(name: string, depends: string[], build: string): [string, string][] {
  return [
    ["depends", depends.join()],
    ["name", name.replaceAll("-", "_")],
    ["vermagic", VERMAGIC],
    ["patchbay_build", build],
  ];
}
