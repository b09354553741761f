// livepatch.ts - what a livepatch declares, and what the core keeps with it.
//
// A patch lists objects (the kernel or a module), an object lists functions.
// Each list is an array in static memory; a zeroed entry ends it. The author
// fills the first group of fields, the rest belongs to kernel/livepatch/.
// Mirrors Linux include/linux/livepatch.h.

import { Module, THIS_MODULE } from "../../kernel/module/module";
import { Work } from "../../kernel/workqueue";
import { lit } from "../../lib/string";

/** task.patch_state, and the goal of a transition. */
export const enum KlpTransition {
  IDLE = -1,
  UNPATCHED = 0,
  PATCHED = 1,
}

/** One function to replace. */
@unmanaged
export class KlpFunc {
  /** Name of the function, a C string; or name, an AS literal. */
  old_name: usize;
  name: usize;
  /** Site of the new function: klp_site(fn). */
  new_func: u32;
  /** Position among the object's symbols of that name; 0: must be unique. */
  old_sympos: u32;

  /** Id of the old function; 0 while its object is not loaded. */
  old_func: u32;
  old_size: u32;
  new_size: u32;
  /** kobject of <object>/<function,sympos>. */
  kobj: usize;
  /** In klp_object.func_list. */
  node_next: usize;
  node_prev: usize;
  /** In klp_ops.func_stack. */
  stack_next: usize;
  stack_prev: usize;
  /** Its new body is the original one: only in atomic replace. */
  nop: bool;
  /** On a func_stack. */
  patched: bool;
  /** Tasks may differ about it. */
  transition: bool;
}

/** The kernel or a module with functions to replace. */
@unmanaged
export class KlpObject {
  /** Module name, a C string; or mod_name, an AS literal; none: vmlinux. */
  name: usize;
  mod_name: usize;
  /** Array of KlpFunc; may be empty, not absent. */
  funcs: usize;
  pre_patch: ((obj: KlpObject) => i32) | null;
  post_patch: ((obj: KlpObject) => void) | null;
  pre_unpatch: ((obj: KlpObject) => void) | null;
  post_unpatch: ((obj: KlpObject) => void) | null;

  kobj: usize;
  /** List of KlpFunc by node. */
  func_list_next: usize;
  func_list_prev: usize;
  /** In klp_patch.obj_list. */
  node_next: usize;
  node_prev: usize;
  /** The module while it is loaded; null for vmlinux. */
  mod: Module | null;
  /** Made by atomic replace. */
  dynamic: bool;
  /** Its functions are attached. */
  patched: bool;
  /** pre_patch succeeded, so post_unpatch is due. */
  post_unpatch_enabled: bool;

  get func_list(): usize {
    return changetype<usize>(this) + offsetof<KlpObject>("func_list_next");
  }
  get is_module(): bool {
    return this.name != 0;
  }
  get is_loaded(): bool {
    return this.name == 0 || this.mod != null;
  }
}

/** A change of the system's state that patches hand on to each other. */
@unmanaged
export class KlpState {
  /** 0 ends the array. */
  id: u32;
  version: u32;
  data: usize;
}

@unmanaged
export class KlpPatch {
  /** The livepatch: THIS_MODULE(). */
  mod: Module | null;
  /** Array of KlpObject. */
  objs: usize;
  /** Array of KlpState, or 0. */
  states: usize;
  /** Takes the place of every patch that is enabled now. */
  replace: bool;

  enabled: bool;
  /** A transition was forced: the module is never let go. */
  forced: bool;
  /** In klp_patches. */
  list_next: usize;
  list_prev: usize;
  /** List of KlpObject by node. */
  obj_list_next: usize;
  obj_list_prev: usize;
  kobj: usize;
  // A Work: ends the patch after its transition.
  work_next: usize;
  work_prev: usize;
  work_fn: usize;
  work_pending: usize;

  get list(): usize {
    return changetype<usize>(this) + offsetof<KlpPatch>("list_next");
  }
  get obj_list(): usize {
    return changetype<usize>(this) + offsetof<KlpPatch>("obj_list_next");
  }
  get free_work(): Work {
    return changetype<Work>(
      changetype<usize>(this) + offsetof<KlpPatch>("work_next"),
    );
  }
}

/** Name of the patch's module. */
export function klp_patch_name(patch: KlpPatch): usize {
  return (<Module>patch.mod).name;
}

/** The i-th entry of an array of KlpFunc. */
export function klp_func_at(funcs: usize, i: u32): KlpFunc {
  return changetype<KlpFunc>(funcs + i * offsetof<KlpFunc>());
}

export function klp_object_at(objs: usize, i: u32): KlpObject {
  return changetype<KlpObject>(objs + i * offsetof<KlpObject>());
}

/** Site of a function: klp_site(changetype<usize>(new_function)). */
export function klp_site(fn: usize): u32 {
  return load<u32>(fn);
}

/** Declares entry i of funcs: old_name of the object becomes new_func. */
export function klp_declare_func(
  funcs: usize,
  i: u32,
  old_name: string,
  new_func: usize,
  old_sympos: u32 = 0,
): void {
  const func = klp_func_at(funcs, i);
  func.name = lit(old_name);
  func.new_func = klp_site(new_func);
  func.old_sympos = old_sympos;
}

/** Declares entry i of objs: a module, or vmlinux for null. */
export function klp_declare_object(
  objs: usize,
  i: u32,
  name: string | null,
  funcs: usize,
): KlpObject {
  const obj = klp_object_at(objs, i);
  obj.mod_name = changetype<usize>(name);
  obj.funcs = funcs;
  return obj;
}

/** Declares the patch of the module whose init function runs. */
export function klp_declare_patch(patch: usize, objs: usize): KlpPatch {
  const p = changetype<KlpPatch>(patch);
  p.mod = THIS_MODULE();
  p.objs = objs;
  return p;
}

/** Walks lists of the two kinds: the owner of a list node. */
export function klp_obj_of(node: usize): KlpObject {
  return changetype<KlpObject>(node - offsetof<KlpObject>("node_next"));
}

export function klp_func_of(node: usize): KlpFunc {
  return changetype<KlpFunc>(node - offsetof<KlpFunc>("node_next"));
}

export function klp_stack_func_of(node: usize): KlpFunc {
  return changetype<KlpFunc>(node - offsetof<KlpFunc>("stack_next"));
}

export function klp_patch_of(node: usize): KlpPatch {
  return changetype<KlpPatch>(node - offsetof<KlpPatch>("list_next"));
}
