// core.ts - a livepatch's life: enabled when its module loads, disabled by
// its file `enabled`. There is no way back from disabled but to load anew.
//
// Mirrors Linux kernel/livepatch/core.c.

import { Errno } from "../../abi";
import {
  KlpObject,
  KlpPatch,
  KlpTransition,
  klp_func_at,
  klp_obj_of,
  klp_object_at,
  klp_patch_name,
} from "../../include/linux/livepatch";
import { list_next } from "../../lib/list";
import { lit } from "../../lib/string";
import { mutex_lock, mutex_unlock } from "../locking/mutex";
import { Module, try_module_get } from "../module/module";
import { pr_err, pr_notice, pr_warn } from "../printk/printk";
import { Work } from "../workqueue";
import { klp_pre_patch_callback, klp_pre_unpatch_callback } from "./callbacks";
import { klp_free_patch_finish, klp_free_patch_start } from "./free";
import {
  klp_func_ends,
  klp_init_patch,
  klp_init_patch_early,
  klp_object_ends,
} from "./init";
import { klp_mutex } from "./list";
import { klp_patch_object } from "./patch";
import { klp_is_patch_compatible } from "./state";
import {
  klp_cancel_transition,
  klp_init_transition,
  klp_start_transition,
  klp_transition_patch,
  klp_try_complete_transition,
} from "./transition";

function object_failed(what: string, obj: KlpObject): void {
  if (obj.is_module) pr_warn("livepatch: %S '%s'\n", lit(what), obj.name);
  else pr_warn("livepatch: %S 'vmlinux'\n", lit(what));
}

/** pre_patch and redirection of one loaded object. */
function klp_enable_object(obj: KlpObject): i32 {
  let ret = klp_pre_patch_callback(obj);
  if (ret != 0) {
    object_failed("pre-patch callback failed for object", obj);
    return ret;
  }
  ret = klp_patch_object(obj);
  if (ret != 0) object_failed("failed to patch object", obj);
  return ret;
}

function __klp_enable_patch(patch: KlpPatch): i32 {
  if (klp_transition_patch != null) return -Errno.EBUSY;
  pr_notice("livepatch: enabling patch '%s'\n", klp_patch_name(patch));
  klp_init_transition(patch, KlpTransition.PATCHED);
  let o = list_next(patch.obj_list);
  for (; o != patch.obj_list; o = list_next(o)) {
    const obj = klp_obj_of(o);
    if (!obj.is_loaded) continue;
    const ret = klp_enable_object(obj);
    if (ret == 0) continue;
    pr_warn("livepatch: failed to enable patch '%s'\n", klp_patch_name(patch));
    klp_cancel_transition();
    return ret;
  }
  klp_start_transition();
  patch.enabled = true;
  klp_try_complete_transition();
  return 0;
}

/** Begins to unpatch; -EBUSY while another patch is in transition. */
export function __klp_disable_patch(patch: KlpPatch): i32 {
  if (klp_transition_patch != null) return -Errno.EBUSY;
  klp_init_transition(patch, KlpTransition.UNPATCHED);
  let o = list_next(patch.obj_list);
  for (; o != patch.obj_list; o = list_next(o)) {
    const obj = klp_obj_of(o);
    if (obj.patched) klp_pre_unpatch_callback(obj);
  }
  klp_start_transition();
  patch.enabled = false;
  klp_try_complete_transition();
  return 0;
}

function funcs_declared(obj: KlpObject): bool {
  if (obj.funcs == 0) return false;
  for (let i: u32 = 0; !klp_func_ends(obj.funcs, i); i++) {
    const func = klp_func_at(obj.funcs, i);
    if (func.old_name == 0 && func.name == 0) return false;
  }
  return true;
}

/** Whether the author filled in what is needed. */
function declared(patch: KlpPatch | null): bool {
  if (patch == null || patch.mod == null || patch.objs == 0) return false;
  for (let i: u32 = 0; !klp_object_ends(patch.objs, i); i++) {
    if (!funcs_declared(klp_object_at(patch.objs, i))) return false;
  }
  return true;
}

function enable_locked(patch: KlpPatch): i32 {
  if (!klp_is_patch_compatible(patch)) {
    pr_err(
      "livepatch: Livepatch patch (%s) is not compatible with the already installed livepatches.\n",
      klp_patch_name(patch),
    );
    return -Errno.EINVAL;
  }
  if (!try_module_get(<Module>patch.mod)) return -Errno.ENODEV;
  let ret = klp_init_patch_early(patch) ? 0 : -Errno.ENOMEM;
  if (ret == 0) ret = klp_init_patch(patch);
  if (ret == 0) ret = __klp_enable_patch(patch);
  if (ret == 0) return 0;
  klp_free_patch_start(patch);
  klp_free_patch_finish(patch);
  return ret;
}

/**
 * Enables a patch; called by its module's init function. 0 or -errno; with 0
 * the transition may still be under way.
 */
export function klp_enable_patch(patch: KlpPatch | null): i32 {
  if (!declared(patch)) return -Errno.EINVAL;
  const p = <KlpPatch>patch;
  if (!(<Module>p.mod).klp) {
    pr_err(
      "livepatch: module %s is not marked as a livepatch module\n",
      klp_patch_name(p),
    );
    return -Errno.EINVAL;
  }
  mutex_lock(klp_mutex);
  const ret = enable_locked(p);
  mutex_unlock(klp_mutex);
  return ret;
}

/** The next attempt of the transition in flight. */
export function klp_transition_work_fn(_work: Work): void {
  mutex_lock(klp_mutex);
  if (klp_transition_patch != null) klp_try_complete_transition();
  mutex_unlock(klp_mutex);
}
