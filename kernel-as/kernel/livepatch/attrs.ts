// attrs.ts - the files of a patch: enabled, transition, force, replace,
// stack_order.
// Mirrors the attributes of Linux kernel/livepatch/core.c.

import { Errno } from "../../abi";
import { KobjAttribute, Kobject, kobj_attr_init } from "../../fs/sysfs/sysfs";
import { KlpPatch } from "../../include/linux/livepatch";
import { kstrto_value, kstrtobool } from "../../lib/kstrtox";
import { list_next } from "../../lib/list";
import { snprintf } from "../../lib/vsprintf";
import { mutex_lock, mutex_unlock } from "../locking/mutex";
import { __klp_disable_patch } from "./core";
import { klp_mutex, klp_patches } from "./list";
import { KlpKobject, klp_patch_attr } from "./sysfs";
import {
  klp_force_transition,
  klp_reverse_transition,
  klp_transition_patch,
} from "./transition";

type Show = (kobj: Kobject, attr: KobjAttribute, buf: usize) => isize;
type Store = (
  kobj: Kobject,
  attr: KobjAttribute,
  buf: usize,
  count: u32,
) => isize;

const attrs = memory.data(offsetof<KobjAttribute>() * 5, 4);

function patch_of(kobj: Kobject): KlpPatch {
  return changetype<KlpPatch>(changetype<KlpKobject>(kobj).owner);
}

function show_flag(buf: usize, flag: bool): isize {
  return snprintf(buf, 8, "%d\n", flag ? 1 : 0);
}

function enabled_show(kobj: Kobject, _a: KobjAttribute, buf: usize): isize {
  return show_flag(buf, patch_of(kobj).enabled);
}

function transition_show(kobj: Kobject, _a: KobjAttribute, buf: usize): isize {
  return show_flag(buf, patch_of(kobj) == klp_transition_patch);
}

function replace_show(kobj: Kobject, _a: KobjAttribute, buf: usize): isize {
  return show_flag(buf, patch_of(kobj).replace);
}

/** The position among the patches on the list, counted now. */
function stack_order_show(kobj: Kobject, _a: KobjAttribute, buf: usize): isize {
  const self = patch_of(kobj).list;
  mutex_lock(klp_mutex);
  let order = 1;
  let at = list_next(klp_patches);
  for (; at != klp_patches && at != self; at = list_next(at)) order++;
  mutex_unlock(klp_mutex);
  return snprintf(buf, 16, "%d\n", order);
}

function set_enabled(patch: KlpPatch, enabled: bool): i32 {
  if (patch.enabled == enabled) return -Errno.EINVAL;
  if (patch == klp_transition_patch) {
    klp_reverse_transition();
    return 0;
  }
  // Enabling again is not possible: the module has to be loaded anew.
  return enabled ? -Errno.EINVAL : __klp_disable_patch(patch);
}

function enabled_store(
  kobj: Kobject,
  _a: KobjAttribute,
  buf: usize,
  count: u32,
): isize {
  const err = kstrtobool(buf);
  if (err != 0) return err;
  const enabled = kstrto_value != 0;
  mutex_lock(klp_mutex);
  const ret = set_enabled(patch_of(kobj), enabled);
  mutex_unlock(klp_mutex);
  return ret != 0 ? ret : count;
}

function force_store(
  kobj: Kobject,
  _a: KobjAttribute,
  buf: usize,
  count: u32,
): isize {
  const err = kstrtobool(buf);
  if (err != 0) return err;
  if (kstrto_value == 0) return count;
  mutex_lock(klp_mutex);
  const ours = patch_of(kobj) == klp_transition_patch;
  if (ours) klp_force_transition();
  mutex_unlock(klp_mutex);
  return ours ? count : -Errno.EINVAL;
}

function add(
  i: u32,
  name: string,
  mode: u32,
  show: Show | null,
  store: Store | null,
): void {
  const at = attrs + i * offsetof<KobjAttribute>();
  const attr = changetype<KobjAttribute>(at);
  kobj_attr_init(attr, name, mode, show, store);
  klp_patch_attr(attr);
}

export function klp_attrs_init(): void {
  add(0, "enabled", 0o644, enabled_show, enabled_store);
  add(1, "transition", 0o444, transition_show, null);
  add(2, "force", 0o200, null, force_store);
  add(3, "replace", 0o444, replace_show, null);
  add(4, "stack_order", 0o444, stack_order_show, null);
}
