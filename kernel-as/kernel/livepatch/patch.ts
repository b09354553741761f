// patch.ts - attaches replacement functions to the functions they replace.
//
// For every patched function there is one klp_ops: one ftrace callback and
// the stack of its replacements, newest first. The callback comes with the
// first replacement and goes with the last.
// Mirrors Linux kernel/livepatch/patch.c.

import { Errno } from "../../abi";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_func_of,
  klp_obj_of,
  klp_stack_func_of,
} from "../../include/linux/livepatch";
import {
  INIT_LIST_HEAD,
  list_add,
  list_del_init,
  list_next,
  list_prev,
} from "../../lib/list";
import { kfree, kzalloc } from "../../mm/slab";
import { pr_err } from "../printk/printk";
import {
  DynFtrace,
  ftrace_location,
  ftrace_site_id,
  lookup_rec,
} from "../trace/dyn_ftrace";
import {
  FtraceOpsFl,
  ftrace_set_direct,
  ftrace_set_filter_ip,
  register_ftrace_function,
  unregister_ftrace_function,
} from "../trace/ftrace";
import { calls_followed } from "../trace/call_stack";
import { update_followed_calls } from "../trace/follow_calls";
import { FtraceOps } from "../trace/ftrace_caller";
import { ftrace_add_version, ftrace_detach_version } from "../trace/versions";
import { klp_ftrace_handler } from "./handler";

@unmanaged
export class KlpOps {
  /** In klp_ops. */
  node_next: usize;
  node_prev: usize;
  /** Replacements, newest first, by KlpFunc.stack. */
  func_stack_next: usize;
  func_stack_prev: usize;
  /** The function they replace. */
  old_func: u32;
  site: u32;
  fops0: u32;

  get func_stack(): usize {
    return changetype<usize>(this) + offsetof<KlpOps>("func_stack_next");
  }
  get fops(): FtraceOps {
    return changetype<FtraceOps>(
      changetype<usize>(this) + offsetof<KlpOps>("fops0"),
    );
  }
}

const klp_ops = memory.data(8, 4);

export function klp_patch_init(): void {
  INIT_LIST_HEAD(klp_ops);
}

export function klp_find_ops(old_func: u32): KlpOps | null {
  for (let at = list_next(klp_ops); at != klp_ops; at = list_next(at)) {
    const ops = changetype<KlpOps>(at);
    if (ops.old_func == old_func) return ops;
  }
  return null;
}

/** Whether func is the only replacement of its function. */
export function klp_only_replacement(ops: KlpOps): bool {
  return list_next(ops.func_stack) == list_prev(ops.func_stack);
}

/** Tells ftrace where calls go now: to one function, or task by task. */
export function klp_update_direct(ops: KlpOps): void {
  const func = klp_stack_func_of(list_next(ops.func_stack));
  const same = !func.transition && !func.nop;
  ftrace_set_direct(ops.fops, same ? func.new_func : 0);
}

/** As klp_update_direct for every function of patch that is attached. */
export function klp_update_patch_direct(patch: KlpPatch): void {
  let o = list_next(patch.obj_list);
  for (; o != patch.obj_list; o = list_next(o)) {
    const obj = klp_obj_of(o);
    let f = list_next(obj.func_list);
    for (; f != obj.func_list; f = list_next(f)) {
      const func = klp_func_of(f);
      const ops = func.patched ? klp_find_ops(func.old_func) : null;
      if (ops != null) klp_update_direct(ops);
    }
  }
}

function klp_free_ops(ops: KlpOps): void {
  list_del_init(changetype<usize>(ops));
  kfree(changetype<usize>(ops));
}

/** Registers the callback of a function that nobody patched before. */
function klp_register_ops(func: KlpFunc, ops: KlpOps): i32 {
  const fops = ops.fops;
  fops.func = klp_ftrace_handler;
  fops.flags = FtraceOpsFl.IPMODIFY | FtraceOpsFl.PERMANENT;
  fops.data = ops.func_stack;
  let ret = ftrace_set_filter_ip(fops, ops.site);
  if (ret != 0) {
    pr_err(
      "livepatch: failed to set ftrace filter for function '%s' (%d)\n",
      func.old_name,
      ret,
    );
    return ret;
  }
  ret = register_ftrace_function(fops);
  if (ret != 0) {
    pr_err(
      "livepatch: failed to register ftrace handler for function '%s' (%d)\n",
      func.old_name,
      ret,
    );
  }
  return ret;
}

function klp_new_ops(func: KlpFunc): i32 {
  const site = ftrace_location(func.old_func);
  if (site == 0) {
    pr_err(
      "livepatch: failed to find location for function '%s'\n",
      func.old_name,
    );
    return -Errno.EINVAL;
  }
  const at = kzalloc(offsetof<KlpOps>() + offsetof<FtraceOps>());
  if (at == 0) return -Errno.ENOMEM;
  const ops = changetype<KlpOps>(at);
  ops.old_func = func.old_func;
  ops.site = site;
  INIT_LIST_HEAD(ops.func_stack);
  list_add(at, klp_ops);
  list_add(func_stack_node(func), ops.func_stack);
  const ret = klp_register_ops(func, ops);
  if (ret != 0) {
    list_del_init(func_stack_node(func));
    klp_free_ops(ops);
  }
  return ret;
}

function func_stack_node(func: KlpFunc): usize {
  return changetype<usize>(func) + offsetof<KlpFunc>("stack_next");
}

/** Both bodies may lie on stacks from now on. */
function klp_note_versions(func: KlpFunc, site: u32): bool {
  const rec = <DynFtrace>lookup_rec(site);
  if (!ftrace_add_version(rec, func.old_func)) return false;
  return ftrace_add_version(rec, ftrace_site_id(func.new_func));
}

function klp_patch_func(func: KlpFunc): i32 {
  const site = ftrace_location(func.old_func);
  if (site != 0 && !klp_note_versions(func, site)) return -Errno.ENOMEM;
  // Who calls the old function calls the new one, too.
  if (calls_followed) update_followed_calls();
  const ops = klp_find_ops(func.old_func);
  if (ops == null) {
    const ret = klp_new_ops(func);
    if (ret != 0) return ret;
  } else list_add(func_stack_node(func), ops.func_stack);
  klp_update_direct(<KlpOps>klp_find_ops(func.old_func));
  func.patched = true;
  return 0;
}

function klp_forget_versions(func: KlpFunc, ops: KlpOps, last: bool): void {
  const rec = <DynFtrace>lookup_rec(ops.site);
  if (!func.nop) ftrace_detach_version(rec, ftrace_site_id(func.new_func));
  if (last) ftrace_detach_version(rec, func.old_func);
}

function klp_unpatch_func(func: KlpFunc): void {
  const ops = klp_find_ops(func.old_func);
  if (!func.patched || ops == null) return;
  const last = klp_only_replacement(ops);
  klp_forget_versions(func, ops, last);
  if (last) unregister_ftrace_function(ops.fops);
  list_del_init(func_stack_node(func));
  if (last) klp_free_ops(ops);
  else klp_update_direct(ops);
  func.patched = false;
}

function __klp_unpatch_object(obj: KlpObject, nops_only: bool): void {
  let f = list_next(obj.func_list);
  for (; f != obj.func_list; f = list_next(f)) {
    const func = klp_func_of(f);
    if (nops_only && !func.nop) continue;
    if (func.patched) klp_unpatch_func(func);
  }
  if (!nops_only || obj.dynamic) obj.patched = false;
}

export function klp_unpatch_object(obj: KlpObject): void {
  __klp_unpatch_object(obj, false);
}

/** Attaches every function of a loaded object, or none. */
export function klp_patch_object(obj: KlpObject): i32 {
  let f = list_next(obj.func_list);
  for (; f != obj.func_list; f = list_next(f)) {
    const ret = klp_patch_func(klp_func_of(f));
    if (ret == 0) continue;
    klp_unpatch_object(obj);
    return ret;
  }
  obj.patched = true;
  return 0;
}

function __klp_unpatch_objects(patch: KlpPatch, nops_only: bool): void {
  let o = list_next(patch.obj_list);
  for (; o != patch.obj_list; o = list_next(o)) {
    const obj = klp_obj_of(o);
    if (obj.patched) __klp_unpatch_object(obj, nops_only);
  }
}

export function klp_unpatch_objects(patch: KlpPatch): void {
  __klp_unpatch_objects(patch, false);
}

/** Takes the nops of an atomic replace away again. */
export function klp_unpatch_objects_dynamic(patch: KlpPatch): void {
  __klp_unpatch_objects(patch, true);
}
