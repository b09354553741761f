// built.ts - patches made by the patch builder: what they declare lies in
// the section .klp.funcs of their file.
//
//   number, replace (bit 0; above it where relocs.ts finds its list), then
//   for each function
//   {object name (0: vmlinux), old name, sympos, position in the module}
//
// Names are offsets in the section. Callbacks are functions of the module
// called klp_pre_patch, klp_post_patch, klp_pre_unpatch, klp_post_unpatch;
// they belong to the first object.
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
import { ksym_find_lit } from "../kallsyms";
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

function same_object(sect: usize, a: u32, b: u32): bool {
  if (a == 0 || b == 0) return a == b;
  return strcmp(sect + a, sect + b) == 0;
}

/** Whether entry i is the first of its object. */
function starts_object(sect: usize, i: u32): bool {
  for (let j: u32 = 0; j < i; j++) {
    if (same_object(sect, ext_at(sect, j).object, ext_at(sect, i).object)) {
      return false;
    }
  }
  return true;
}

function count_objects(sect: usize, num: u32): u32 {
  let n: u32 = 0;
  for (let i: u32 = 0; i < num; i++) {
    if (starts_object(sect, i)) n++;
  }
  return n;
}

/** Fills the functions of entry i's object in at funcs; how many. */
function fill_funcs(mod: Module, i: u32, num: u32, funcs: usize): u32 {
  const sect = mod.klp_sect;
  let n: u32 = 0;
  for (let j = i; j < num; j++) {
    const ext = ext_at(sect, j);
    if (!same_object(sect, ext.object, ext_at(sect, i).object)) continue;
    const func: KlpFunc = klp_func_at(funcs, n++);
    func.old_name = sect + ext.old_name;
    func.old_sympos = ext.sympos;
    func.new_func = mod.table_base + ext.position;
  }
  return n;
}

/** A pointer to the module's function of that name, made at `at`; or 0. */
function callback(mod: Module, name: string, at: usize): usize {
  const sym = ksym_find_lit(mod.symtab, name);
  if (sym == null || !sym.is_func) return 0;
  store<u32>(at, sym.value);
  return at;
}

function fill_callbacks(mod: Module, obj: KlpObject, at: usize): void {
  obj.pre_patch = changetype<((obj: KlpObject) => i32) | null>(
    callback(mod, "klp_pre_patch", at),
  );
  obj.post_patch = changetype<((obj: KlpObject) => void) | null>(
    callback(mod, "klp_post_patch", at + 8),
  );
  obj.pre_unpatch = changetype<((obj: KlpObject) => void) | null>(
    callback(mod, "klp_pre_unpatch", at + 16),
  );
  obj.post_unpatch = changetype<((obj: KlpObject) => void) | null>(
    callback(mod, "klp_post_unpatch", at + 24),
  );
}

function fill_objects(mod: Module, num: u32, objs: usize, funcs: usize): void {
  const sect = mod.klp_sect;
  let n: u32 = 0;
  for (let i: u32 = 0; i < num; i++) {
    if (!starts_object(sect, i)) continue;
    const obj = klp_object_at(objs, n++);
    const name = ext_at(sect, i).object;
    obj.name = name == 0 ? 0 : sect + name;
    obj.funcs = funcs;
    // A zeroed entry ends each object's array.
    funcs += (fill_funcs(mod, i, num, funcs) + 1) * offsetof<KlpFunc>();
  }
}

/** The patch that mod's file describes, or null without memory. */
function build_patch(mod: Module): KlpPatch | null {
  const num = load<u32>(mod.klp_sect);
  const nr_objs = count_objects(mod.klp_sect, num);
  const objs = offsetof<BuiltPatch>("patch0") + offsetof<KlpPatch>();
  const funcs = objs + (nr_objs + 1) * offsetof<KlpObject>();
  const fns = funcs + (num + nr_objs) * offsetof<KlpFunc>();
  const at = kzalloc(fns + 32);
  if (at == 0) return null;
  changetype<BuiltPatch>(at).next = built_patches;
  built_patches = at;
  const patch = patch_of(at);
  patch.mod = mod;
  patch.replace = (load<u32>(mod.klp_sect, 4) & 1) != 0;
  patch.objs = at + objs;
  fill_objects(mod, num, at + objs, at + funcs);
  if (nr_objs > 0) fill_callbacks(mod, klp_object_at(at + objs, 0), at + fns);
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
