// coming.ts - modules that livepatches patch come and go.
//
// A patch waits for modules it names: their functions are redirected before
// their init function runs. A failure refuses the module, not the patch. A
// patch holds no reference on them: they may go at any time.
// Mirrors klp_module_coming() and _going() of Linux kernel/livepatch/core.c.

import { Errno } from "../../abi";
import {
  KlpObject,
  KlpPatch,
  klp_func_of,
  klp_obj_of,
  klp_patch_name,
  klp_patch_of,
} from "../../include/linux/livepatch";
import { list_next } from "../../lib/list";
import { strcmp, streq_lit } from "../../lib/string";
import { mutex_lock, mutex_unlock } from "../locking/mutex";
import { Module } from "../module/module";
import { pr_err, pr_notice, pr_warn } from "../printk/printk";
import { ftrace_settle } from "../trace/settle";
import {
  klp_post_patch_callback,
  klp_post_unpatch_callback,
  klp_pre_patch_callback,
  klp_pre_unpatch_callback,
} from "./callbacks";
import { klp_init_object_loaded } from "./init";
import { klp_mutex, klp_patches } from "./list";
import { klp_patch_object, klp_unpatch_object } from "./patch";
import { klp_transition_patch } from "./transition";

/** The object of patch that mod is, or null. */
function object_for(patch: KlpPatch, mod: Module): KlpObject | null {
  let o = list_next(patch.obj_list);
  for (; o != patch.obj_list; o = list_next(o)) {
    const obj = klp_obj_of(o);
    if (obj.is_module && strcmp(obj.name, mod.name) == 0) return obj;
  }
  return null;
}

function klp_free_object_loaded(obj: KlpObject): void {
  obj.mod = null;
  let f = list_next(obj.func_list);
  for (; f != obj.func_list; f = list_next(f)) {
    const func = klp_func_of(f);
    func.old_func = 0;
    if (func.nop) func.new_func = 0;
  }
}

/** Lets mod go for every patch on the list before limit (null: for all). */
function klp_cleanup_module_patches(mod: Module, limit: KlpPatch | null): void {
  let at = list_next(klp_patches);
  for (; at != klp_patches; at = list_next(at)) {
    const patch = klp_patch_of(at);
    if (patch == limit) break;
    const obj = object_for(patch, mod);
    if (obj == null) continue;
    if (patch != klp_transition_patch) klp_pre_unpatch_callback(obj);
    pr_notice(
      "livepatch: reverting patch '%s' on unloading module '%s'\n",
      klp_patch_name(patch),
      mod.name,
    );
    klp_unpatch_object(obj);
    klp_post_unpatch_callback(obj);
    klp_free_object_loaded(obj);
  }
  ftrace_settle();
}

function apply(patch: KlpPatch, obj: KlpObject, mod: Module): i32 {
  let ret = klp_init_object_loaded(patch, obj);
  if (ret != 0) {
    pr_warn(
      "livepatch: failed to initialize patch '%s' for module '%s' (%d)\n",
      klp_patch_name(patch),
      mod.name,
      ret,
    );
    return ret;
  }
  pr_notice(
    "livepatch: applying patch '%s' to loading module '%s'\n",
    klp_patch_name(patch),
    mod.name,
  );
  ret = klp_pre_patch_callback(obj);
  if (ret != 0) {
    pr_warn("livepatch: pre-patch callback failed for object '%s'\n", obj.name);
    return ret;
  }
  ret = klp_patch_object(obj);
  if (ret != 0) {
    pr_warn(
      "livepatch: failed to apply patch '%s' to module '%s' (%d)\n",
      klp_patch_name(patch),
      mod.name,
      ret,
    );
    klp_post_unpatch_callback(obj);
    return ret;
  }
  if (patch != klp_transition_patch) klp_post_patch_callback(obj);
  return 0;
}

function coming_locked(mod: Module): i32 {
  mod.klp_alive = true;
  let at = list_next(klp_patches);
  for (; at != klp_patches; at = list_next(at)) {
    const patch = klp_patch_of(at);
    const obj = object_for(patch, mod);
    if (obj == null) continue;
    obj.mod = mod;
    const ret = apply(patch, obj, mod);
    if (ret == 0) continue;
    pr_warn(
      "livepatch: patch '%s' failed for module '%s', refusing to load module '%s'\n",
      klp_patch_name(patch),
      mod.name,
      mod.name,
    );
    mod.klp_alive = false;
    klp_free_object_loaded(obj);
    klp_cleanup_module_patches(mod, patch);
    return ret;
  }
  return 0;
}

/** mod is loaded, its init function has not run. 0, or mod is refused. */
export function klp_module_coming(mod: Module): i32 {
  if (streq_lit(mod.name, "vmlinux")) {
    pr_err("livepatch: vmlinux.ko: invalid module name\n");
    return -Errno.EINVAL;
  }
  mutex_lock(klp_mutex);
  const ret = coming_locked(mod);
  mutex_unlock(klp_mutex);
  return ret;
}

/** mod's exit function has run, or its init function failed. */
export function klp_module_going(mod: Module): void {
  mutex_lock(klp_mutex);
  mod.klp_alive = false;
  klp_cleanup_module_patches(mod, null);
  mutex_unlock(klp_mutex);
}
