// sysfs.ts - /sys/kernel/livepatch.
//
//   <patch>/{enabled,transition,force,replace,stack_order}
//   <patch>/<object>/patched
//   <patch>/<object>/<function,sympos>/
// Mirrors the sysfs part of Linux kernel/livepatch/core.c.

import { Errno } from "../../abi";
import {
  AttributeGroup,
  KobjAttribute,
  KobjType,
  Kobject,
  attribute_group_add,
  kobj_attr_init,
} from "../../fs/sysfs/sysfs";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_patch_name,
} from "../../include/linux/livepatch";
import {
  kobj_sysfs_ops,
  kobject_create_and_add,
  kobject_init_and_add,
  kobject_put,
} from "../../lib/kobject";
import { snprintf } from "../../lib/vsprintf";
import { kfree, kzalloc } from "../../mm/slab";
import { kernel_kobj } from "../ksysfs";
import { panic } from "../panic";

/** A kobject that knows what it stands for. */
@unmanaged
export class KlpKobject {
  kobj_name: usize;
  kobj_rest0: u64;
  kobj_rest1: u64;
  /** KlpPatch, KlpObject or KlpFunc. */
  owner: usize;
}

const patch_ktype = changetype<KobjType>(memory.data(offsetof<KobjType>(), 4));
const object_ktype = changetype<KobjType>(memory.data(offsetof<KobjType>(), 4));
const func_ktype = changetype<KobjType>(memory.data(offsetof<KobjType>(), 4));
const patch_group = changetype<AttributeGroup>(
  memory.data(offsetof<AttributeGroup>(), 4),
);
const object_group = changetype<AttributeGroup>(
  memory.data(offsetof<AttributeGroup>(), 4),
);
const object_attr = changetype<KobjAttribute>(
  memory.data(offsetof<KobjAttribute>(), 4),
);
const name_buf = memory.data(640);

let klp_root_kobj: Kobject = changetype<Kobject>(0);

function release(kobj: Kobject): void {
  kfree(changetype<usize>(kobj));
}

function init_ktype(ktype: KobjType, group: AttributeGroup | null): void {
  ktype.sysfs_ops = kobj_sysfs_ops;
  ktype.release = release;
  ktype.default_group = group;
}

/** An attribute of every patch's directory; attrs.ts has them. */
export function klp_patch_attr(attr: KobjAttribute): void {
  attribute_group_add(patch_group, attr.attr);
}

function patched_show(kobj: Kobject, _a: KobjAttribute, buf: usize): isize {
  const obj = changetype<KlpObject>(changetype<KlpKobject>(kobj).owner);
  return snprintf(buf, 8, "%d\n", obj.patched ? 1 : 0);
}

export function klp_sysfs_init(): void {
  kobj_attr_init(object_attr, "patched", 0o444, patched_show, null);
  attribute_group_add(object_group, object_attr.attr);
  init_ktype(patch_ktype, patch_group);
  init_ktype(object_ktype, object_group);
  init_ktype(func_ktype, null);
  const root = kobject_create_and_add("livepatch", kernel_kobj);
  if (root == null) panic("No memory for livepatch");
  klp_root_kobj = root!;
}

/** Makes a directory for owner; its kobject, or 0 with err set. */
let err: i32 = 0;

function add(
  owner: usize,
  ktype: KobjType,
  parent: Kobject,
  name: usize,
): usize {
  const at = kzalloc(offsetof<KlpKobject>());
  err = -Errno.ENOMEM;
  if (at == 0) return 0;
  changetype<KlpKobject>(at).owner = owner;
  const kobj = changetype<Kobject>(at);
  err = kobject_init_and_add(kobj, ktype, parent, name);
  if (err == 0) return at;
  kobject_put(kobj);
  return 0;
}

export function klp_add_patch_kobj(patch: KlpPatch): i32 {
  const owner = changetype<usize>(patch);
  const name = klp_patch_name(patch);
  patch.kobj = add(owner, patch_ktype, klp_root_kobj, name);
  return err;
}

export function klp_add_object_kobj(obj: KlpObject, patch: KlpPatch): i32 {
  snprintf(name_buf, 640, "vmlinux");
  const name = obj.is_module ? obj.name : name_buf;
  const parent = changetype<Kobject>(patch.kobj);
  obj.kobj = add(changetype<usize>(obj), object_ktype, parent, name);
  return err;
}

export function klp_add_func_kobj(func: KlpFunc, obj: KlpObject): i32 {
  const sympos = func.old_sympos == 0 ? 1 : func.old_sympos;
  snprintf(name_buf, 640, "%s,%u", func.old_name, sympos);
  const parent = changetype<Kobject>(obj.kobj);
  func.kobj = add(changetype<usize>(func), func_ktype, parent, name_buf);
  return err;
}

function put(kobj: usize): void {
  if (kobj != 0) kobject_put(changetype<Kobject>(kobj));
}

export function klp_del_patch_kobj(patch: KlpPatch): void {
  put(patch.kobj);
  patch.kobj = 0;
}

export function klp_del_object_kobj(obj: KlpObject): void {
  put(obj.kobj);
  obj.kobj = 0;
}

export function klp_del_func_kobj(func: KlpFunc): void {
  put(func.kobj);
  func.kobj = 0;
}

if (offsetof<KlpKobject>("owner") < offsetof<Kobject>()) {
  ERROR("livepatch/sysfs.ts: KlpKobject begins with a Kobject");
}
