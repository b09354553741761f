// replace.ts - atomic replace: one patch takes the place of all others.
//
// Functions that an older patch changes and the new one does not mention get
// a nop: an entry whose new body is the original one. So every task jumps
// from the old set to the new set in one step. When it is done the older
// patches leave without a word, and the nops with them.
// Mirrors the replace part of Linux kernel/livepatch/core.c.

import { Errno } from "../../abi";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_func_of,
  klp_obj_of,
  klp_patch_of,
} from "../../include/linux/livepatch";
import { INIT_LIST_HEAD, list_add_tail, list_next } from "../../lib/list";
import { strcmp } from "../../lib/string";
import { kfree, kstrdup, kzalloc } from "../../mm/slab";
import { klp_free_objects_dynamic, klp_free_patch_async } from "./free";
import { klp_patches } from "./list";
import { klp_unpatch_objects, klp_unpatch_objects_dynamic } from "./patch";

function same_name(a: usize, b: usize): bool {
  if (a == 0 || b == 0) return a == b;
  return strcmp(a, b) == 0;
}

function klp_find_object(patch: KlpPatch, old: KlpObject): KlpObject | null {
  let o = list_next(patch.obj_list);
  for (; o != patch.obj_list; o = list_next(o)) {
    const obj = klp_obj_of(o);
    if (same_name(obj.name, old.name)) return obj;
  }
  return null;
}

/** sympos 0 and 1 both mean the first symbol of that name. */
function position(func: KlpFunc): u32 {
  return func.old_sympos == 0 ? 1 : func.old_sympos;
}

function klp_find_func(obj: KlpObject, old: KlpFunc): KlpFunc | null {
  let f = list_next(obj.func_list);
  for (; f != obj.func_list; f = list_next(f)) {
    const func = klp_func_of(f);
    if (strcmp(func.old_name, old.old_name) != 0) continue;
    if (position(func) == position(old)) return func;
  }
  return null;
}

function klp_alloc_object_dynamic(
  patch: KlpPatch,
  old: KlpObject,
): KlpObject | null {
  const at = kzalloc(offsetof<KlpObject>());
  if (at == 0) return null;
  const obj = changetype<KlpObject>(at);
  if (old.name != 0) {
    obj.name = kstrdup(old.name);
    if (obj.name == 0) {
      kfree(at);
      return null;
    }
  }
  obj.dynamic = true;
  INIT_LIST_HEAD(obj.func_list);
  list_add_tail(at + offsetof<KlpObject>("node_next"), patch.obj_list);
  return obj;
}

function klp_alloc_func_nop(obj: KlpObject, old: KlpFunc): i32 {
  const at = kzalloc(offsetof<KlpFunc>());
  const name = kstrdup(old.old_name);
  if (at == 0 || name == 0) {
    kfree(at);
    kfree(name);
    return -Errno.ENOMEM;
  }
  const func = changetype<KlpFunc>(at);
  func.old_name = name;
  func.old_sympos = old.old_sympos;
  func.nop = true;
  list_add_tail(at + offsetof<KlpFunc>("node_next"), obj.func_list);
  return 0;
}

function klp_add_object_nops(patch: KlpPatch, old: KlpObject): i32 {
  let obj = klp_find_object(patch, old);
  if (obj == null) {
    obj = klp_alloc_object_dynamic(patch, old);
    if (obj == null) return -Errno.ENOMEM;
  }
  let f = list_next(old.func_list);
  for (; f != old.func_list; f = list_next(f)) {
    const old_func = klp_func_of(f);
    if (klp_find_func(obj, old_func) != null) continue;
    const ret = klp_alloc_func_nop(obj, old_func);
    if (ret != 0) return ret;
  }
  return 0;
}

/** Adds nops for all that older patches change and patch does not. */
export function klp_add_nops(patch: KlpPatch): i32 {
  let at = list_next(klp_patches);
  for (; at != klp_patches; at = list_next(at)) {
    const old = klp_patch_of(at);
    let o = list_next(old.obj_list);
    for (; o != old.obj_list; o = list_next(o)) {
      const ret = klp_add_object_nops(patch, klp_obj_of(o));
      if (ret != 0) return ret;
    }
  }
  return 0;
}

/** Every task has the new set: detach the older patches' functions. */
export function klp_unpatch_replaced_patches(patch: KlpPatch): void {
  let at = list_next(klp_patches);
  for (; at != klp_patches; at = list_next(at)) {
    const old = klp_patch_of(at);
    if (old == patch) return;
    old.enabled = false;
    klp_unpatch_objects(old);
  }
}

export function klp_discard_nops(patch: KlpPatch): void {
  klp_unpatch_objects_dynamic(patch);
  klp_free_objects_dynamic(patch);
}

export function klp_free_replaced_patches_async(patch: KlpPatch): void {
  let at = list_next(klp_patches);
  while (at != klp_patches) {
    const old = klp_patch_of(at);
    at = list_next(at);
    if (old == patch) return;
    klp_free_patch_async(old);
  }
}
