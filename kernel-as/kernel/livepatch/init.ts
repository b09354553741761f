// init.ts - makes a declared patch ready: lists, directories, symbols.
//
// Symbols of an object are looked up when the object is loaded: now, or when
// its module comes.
// Mirrors klp_init_*() of Linux kernel/livepatch/core.c.

import { Errno, Limits } from "../../abi";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_func_at,
  klp_func_of,
  klp_obj_of,
  klp_object_at,
} from "../../include/linux/livepatch";
import { INIT_LIST_HEAD, list_add_tail, list_next } from "../../lib/list";
import { strlen } from "../../lib/string";
import { kstrdup_lit } from "../../mm/slab";
import { kallsyms_lookup_size } from "../kallsyms";
import { find_module } from "../module/module";
import { pr_err } from "../printk/printk";
import { ftrace_location, ftrace_site_id } from "../trace/dyn_ftrace";
import { klp_patches } from "./list";
import { klp_apply_object_relocs } from "./relocs";
import { klp_add_nops } from "./replace";
import { klp_find_object_symbol } from "./symbol";
import {
  klp_add_func_kobj,
  klp_add_object_kobj,
  klp_add_patch_kobj,
} from "./sysfs";

/** Whether entry i of an array of functions ends it. */
export function klp_func_ends(funcs: usize, i: u32): bool {
  const f = klp_func_at(funcs, i);
  const named = f.old_name != 0 || f.name != 0;
  return !named && f.new_func == 0 && f.old_sympos == 0;
}

export function klp_object_ends(objs: usize, i: u32): bool {
  const o = klp_object_at(objs, i);
  return o.funcs == 0 && o.name == 0 && o.mod_name == 0;
}

function literal(s: usize): string {
  return changetype<string>(s);
}

function init_object_early(patch: KlpPatch, obj: KlpObject): bool {
  if (obj.mod_name != 0) obj.name = kstrdup_lit(literal(obj.mod_name));
  INIT_LIST_HEAD(obj.func_list);
  const node = changetype<usize>(obj) + offsetof<KlpObject>("node_next");
  list_add_tail(node, patch.obj_list);
  let ok = obj.mod_name == 0 || obj.name != 0;
  for (let i: u32 = 0; !klp_func_ends(obj.funcs, i); i++) {
    const func = klp_func_at(obj.funcs, i);
    if (func.name != 0) func.old_name = kstrdup_lit(literal(func.name));
    if (func.old_name == 0) ok = false;
    const at = changetype<usize>(func) + offsetof<KlpFunc>("node_next");
    list_add_tail(at, obj.func_list);
  }
  return ok;
}

/** Turns the arrays into lists. False: out of memory. */
export function klp_init_patch_early(patch: KlpPatch): bool {
  INIT_LIST_HEAD(patch.list);
  INIT_LIST_HEAD(patch.obj_list);
  patch.enabled = false;
  patch.forced = false;
  patch.kobj = 0;
  let ok = true;
  for (let i: u32 = 0; !klp_object_ends(patch.objs, i); i++) {
    if (!init_object_early(patch, klp_object_at(patch.objs, i))) ok = false;
  }
  return ok;
}

function klp_init_func(obj: KlpObject, func: KlpFunc): i32 {
  if (func.new_func == 0 && !func.nop) return -Errno.EINVAL;
  if (strlen(func.old_name) >= <u32>Limits.KSYM_NAME_LEN) {
    return -Errno.EINVAL;
  }
  INIT_LIST_HEAD(changetype<usize>(func) + offsetof<KlpFunc>("stack_next"));
  func.patched = false;
  func.transition = false;
  return klp_add_func_kobj(func, obj);
}

function no_size(func: KlpFunc, what: string): i32 {
  pr_err(
    "livepatch: kallsyms size lookup failed for '%s'%S\n",
    func.old_name,
    changetype<usize>(what),
  );
  return -Errno.ENOENT;
}

function klp_init_func_loaded(obj: KlpObject, func: KlpFunc): i32 {
  const ret = klp_find_object_symbol(obj.name, func);
  if (ret != 0) return ret;
  if (func.old_size == 0) return no_size(func, "");
  if (func.nop) func.new_func = ftrace_location(func.old_func);
  if (func.nop) return 0;
  func.new_size = kallsyms_lookup_size(ftrace_site_id(func.new_func));
  return func.new_size == 0 ? no_size(func, " replacement") : 0;
}

/** Finds the functions of an object that is loaded now. */
export function klp_init_object_loaded(patch: KlpPatch, obj: KlpObject): i32 {
  const bound = klp_apply_object_relocs(patch, obj);
  if (bound != 0) return bound;
  let f = list_next(obj.func_list);
  for (; f != obj.func_list; f = list_next(f)) {
    const ret = klp_init_func_loaded(obj, klp_func_of(f));
    if (ret != 0) return ret;
  }
  return 0;
}

/** A module that is still loading is left to klp_module_coming(). */
function klp_find_object_module(obj: KlpObject): void {
  if (!obj.is_module) return;
  const mod = find_module(obj.name);
  if (mod != null && mod.klp_alive) obj.mod = mod;
}

function klp_init_object(patch: KlpPatch, obj: KlpObject): i32 {
  if (obj.is_module && strlen(obj.name) >= <u32>Limits.MODULE_NAME_LEN) {
    return -Errno.EINVAL;
  }
  obj.patched = false;
  obj.mod = null;
  klp_find_object_module(obj);
  let ret = klp_add_object_kobj(obj, patch);
  if (ret != 0) return ret;
  let f = list_next(obj.func_list);
  for (; f != obj.func_list; f = list_next(f)) {
    ret = klp_init_func(obj, klp_func_of(f));
    if (ret != 0) return ret;
  }
  return obj.is_loaded ? klp_init_object_loaded(patch, obj) : 0;
}

export function klp_init_patch(patch: KlpPatch): i32 {
  let ret = klp_add_patch_kobj(patch);
  if (ret != 0) return ret;
  if (patch.replace) {
    ret = klp_add_nops(patch);
    if (ret != 0) return ret;
  }
  let o = list_next(patch.obj_list);
  for (; o != patch.obj_list; o = list_next(o)) {
    ret = klp_init_object(patch, klp_obj_of(o));
    if (ret != 0) return ret;
  }
  list_add_tail(patch.list, klp_patches);
  return 0;
}
