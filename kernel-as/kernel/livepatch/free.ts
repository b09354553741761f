// free.ts - takes a patch apart that is over, or that was refused.
//
// The start leaves the list and removes the directories of objects and
// functions; the finish removes the patch's own directory and lets its
// module go. After a transition the finish is work for later, since it may
// have been ordered through a file of that very directory.
// Mirrors the free part of Linux kernel/livepatch/core.c.

import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_func_of,
  klp_obj_of,
} from "../../include/linux/livepatch";
import { list_del_init, list_empty, list_next } from "../../lib/list";
import { kfree } from "../../mm/slab";
import { Module, module_put } from "../module/module";
import { INIT_WORK, Work, schedule_work } from "../workqueue";
import {
  klp_del_func_kobj,
  klp_del_object_kobj,
  klp_del_patch_kobj,
} from "./sysfs";

/** Names given as literals were copied; see init.ts. */
function free_names(lit: usize, copy: usize): usize {
  if (lit == 0) return copy;
  kfree(copy);
  return 0;
}

function klp_free_func(func: KlpFunc): void {
  klp_del_func_kobj(func);
  list_del_init(changetype<usize>(func) + offsetof<KlpFunc>("node_next"));
  if (func.nop) {
    kfree(func.old_name);
    kfree(changetype<usize>(func));
    return;
  }
  func.old_name = free_names(func.name, func.old_name);
}

function klp_free_funcs(obj: KlpObject, nops_only: bool): void {
  let f = list_next(obj.func_list);
  while (f != obj.func_list) {
    const func = klp_func_of(f);
    f = list_next(f);
    if (func.nop || !nops_only) klp_free_func(func);
  }
}

function klp_free_object(obj: KlpObject, nops_only: bool): void {
  klp_free_funcs(obj, nops_only);
  if (nops_only && !obj.dynamic) return;
  klp_del_object_kobj(obj);
  list_del_init(changetype<usize>(obj) + offsetof<KlpObject>("node_next"));
  if (obj.dynamic) {
    kfree(obj.name);
    kfree(changetype<usize>(obj));
    return;
  }
  obj.name = free_names(obj.mod_name, obj.name);
}

function __klp_free_objects(patch: KlpPatch, nops_only: bool): void {
  let o = list_next(patch.obj_list);
  while (o != patch.obj_list) {
    const obj = klp_obj_of(o);
    o = list_next(o);
    klp_free_object(obj, nops_only);
  }
}

/** What atomic replace added goes. */
export function klp_free_objects_dynamic(patch: KlpPatch): void {
  __klp_free_objects(patch, true);
}

export function klp_free_patch_start(patch: KlpPatch): void {
  if (!list_empty(patch.list)) list_del_init(patch.list);
  __klp_free_objects(patch, false);
}

export function klp_free_patch_finish(patch: KlpPatch): void {
  klp_del_patch_kobj(patch);
  // Old frames of a forced patch may return into its code at any time.
  if (!patch.forced) module_put(<Module>patch.mod);
}

function klp_free_patch_work_fn(work: Work): void {
  const at = changetype<usize>(work) - offsetof<KlpPatch>("work_next");
  klp_free_patch_finish(changetype<KlpPatch>(at));
}

export function klp_free_patch_async(patch: KlpPatch): void {
  klp_free_patch_start(patch);
  INIT_WORK(patch.free_work, klp_free_patch_work_fn);
  schedule_work(patch.free_work);
}
