// built.ts - patches made by the patch builder: what they declare lies in
// the section .klp.funcs of their file.
//
//   number, replace (bit 0; above it where relocs.ts finds its list), then
//   for each function
//   {object name (0: vmlinux), old name, sympos, position in the module}
//   number, then for each callback
//   {object name, kind, position in the module}
//
// Names are offsets in the section.
// Mirrors Linux scripts/livepatch/init.c, which is linked into every module.

import { Errno } from "../../abi";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_func_at,
  klp_object_at,
} from "../../include/linux/livepatch";
import { strcmp } from "../../lib/string";
import { kfree, kzalloc } from "../../mm/slab";
import { Module } from "../module/module";
import { klp_enable_patch } from "./core";

/** One entry of the section. */
@unmanaged
class KlpFuncExt {
  object: u32;
  old_name: u32;
  sympos: u32;
  position: u32;
}

/** One callback; kinds in the order of struct KlpObject's fields. */
@unmanaged
class KlpCallbackExt {
  object: u32;
  kind: u32;
  position: u32;
}

/** A patch with all it declares, in one piece of memory. */
@unmanaged
class BuiltPatch {
  next: usize;
  patch0: u64;
}

/** Patches of modules that are loaded, by BuiltPatch.next. */
let built_patches: usize = 0;

function ext_at(sect: usize, i: u32): KlpFuncExt {
  return changetype<KlpFuncExt>(sect + 8 + i * offsetof<KlpFuncExt>());
}

/** Where the callbacks' number is. */
function callbacks_of(sect: usize): usize {
  return sect + 8 + load<u32>(sect) * offsetof<KlpFuncExt>();
}

function callback_at(sect: usize, i: u32): KlpCallbackExt {
  const first = callbacks_of(sect) + 4;
  return changetype<KlpCallbackExt>(first + i * offsetof<KlpCallbackExt>());
}

/** Functions, and behind them callbacks: what may name an object. */
function count_entries(sect: usize): u32 {
  return load<u32>(sect) + load<u32>(callbacks_of(sect));
}

function object_at(sect: usize, i: u32): u32 {
  const num = load<u32>(sect);
  if (i < num) return ext_at(sect, i).object;
  return callback_at(sect, i - num).object;
}

function same_object(sect: usize, a: u32, b: u32): bool {
  if (a == 0 || b == 0) return a == b;
  return strcmp(sect + a, sect + b) == 0;
}

/** Whether entry i is the first of its object. */
function starts_object(sect: usize, i: u32): bool {
  for (let j: u32 = 0; j < i; j++) {
    if (same_object(sect, object_at(sect, j), object_at(sect, i))) {
      return false;
    }
  }
  return true;
}

function count_objects(sect: usize): u32 {
  let n: u32 = 0;
  for (let i: u32 = 0; i < count_entries(sect); i++) {
    if (starts_object(sect, i)) n++;
  }
  return n;
}

/** Fills the object's functions in at funcs; how many. */
function fill_funcs(mod: Module, object: u32, funcs: usize): u32 {
  const sect = mod.klp_sect;
  let n: u32 = 0;
  for (let i: u32 = 0; i < load<u32>(sect); i++) {
    const ext = ext_at(sect, i);
    if (!same_object(sect, ext.object, object)) continue;
    const func: KlpFunc = klp_func_at(funcs, n++);
    func.old_name = sect + ext.old_name;
    func.old_sympos = ext.sympos;
    func.new_func = mod.table_base + ext.position;
  }
  return n;
}

/** Makes the object's callbacks; a function pointer is kept in `fns[i]`. */
function fill_callbacks(
  mod: Module,
  obj: KlpObject,
  name: u32,
  fns: usize,
): void {
  const sect = mod.klp_sect;
  for (let i: u32 = 0; i < load<u32>(callbacks_of(sect)); i++) {
    const ext = callback_at(sect, i);
    if (!same_object(sect, ext.object, name)) continue;
    const at = fns + i * 8;
    store<u32>(at, mod.table_base + ext.position);
    set_callback(obj, ext.kind, at);
  }
}

function set_callback(obj: KlpObject, kind: u32, at: usize): void {
  const fn = changetype<((obj: KlpObject) => void) | null>(at);
  if (kind == 0) {
    obj.pre_patch = changetype<((obj: KlpObject) => i32) | null>(at);
  } else if (kind == 1) obj.post_patch = fn;
  else if (kind == 2) obj.pre_unpatch = fn;
  else obj.post_unpatch = fn;
}

function fill_objects(
  mod: Module,
  objs: usize,
  funcs: usize,
  fns: usize,
): void {
  const sect = mod.klp_sect;
  let n: u32 = 0;
  for (let i: u32 = 0; i < count_entries(sect); i++) {
    if (!starts_object(sect, i)) continue;
    const obj = klp_object_at(objs, n++);
    const name = object_at(sect, i);
    obj.name = name == 0 ? 0 : sect + name;
    obj.funcs = funcs;
    // A zeroed entry ends each object's array.
    funcs += (fill_funcs(mod, name, funcs) + 1) * offsetof<KlpFunc>();
    fill_callbacks(mod, obj, name, fns);
  }
}

/** The patch that mod's file describes, or null without memory. */
function build_patch(mod: Module): KlpPatch | null {
  const num = load<u32>(mod.klp_sect);
  const nr_objs = count_objects(mod.klp_sect);
  const objs = offsetof<BuiltPatch>("patch0") + offsetof<KlpPatch>();
  const funcs = objs + (nr_objs + 1) * offsetof<KlpObject>();
  const fns = funcs + (num + nr_objs) * offsetof<KlpFunc>();
  const at = kzalloc(fns + load<u32>(callbacks_of(mod.klp_sect)) * 8);
  if (at == 0) return null;
  changetype<BuiltPatch>(at).next = built_patches;
  built_patches = at;
  const patch = patch_of(at);
  patch.mod = mod;
  patch.replace = (load<u32>(mod.klp_sect, 4) & 1) != 0;
  patch.objs = at + objs;
  fill_objects(mod, at + objs, at + funcs, at + fns);
  return patch;
}

function patch_of(at: usize): KlpPatch {
  return changetype<KlpPatch>(at + offsetof<BuiltPatch>("patch0"));
}

/** What scripts/livepatch/init.ts does at insmod. 0 or -errno. */
export function klp_enable_built_patch(mod: Module): i32 {
  if (mod.klp_sect == 0) return -Errno.EINVAL;
  const patch = build_patch(mod);
  if (patch == null) return -Errno.ENOMEM;
  const ret = klp_enable_patch(patch);
  if (ret != 0) klp_free_built_patch(mod);
  return ret;
}

export function klp_free_built_patch(mod: Module): void {
  let before: usize = 0;
  let at = built_patches;
  while (at != 0 && patch_of(at).mod != mod) {
    before = at;
    at = load<usize>(at);
  }
  if (at == 0) return;
  if (before == 0) built_patches = load<usize>(at);
  else store<usize>(before, load<usize>(at));
  kfree(at);
}
