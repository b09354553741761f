// kobject.ts - things with a name, a reference count and a place in sysfs.
//
// A kobject is a directory of sysfs. kobject_add() makes it visible,
// kobject_del() removes it, and the last kobject_put() calls the release of
// its type, which frees what the kobject lies in.
// Mirrors Linux lib/kobject.c, without ksets and uevents.

import { Errno } from "../abi";
import { pr_err } from "../kernel/printk/printk";
import { KobjType, Kobject } from "../fs/sysfs/sysfs";
import { Attribute, KobjAttribute, SysfsOps } from "../fs/sysfs/sysfs";
import { sysfs_create_dir, sysfs_remove_dir } from "../fs/sysfs/dir";
import { sysfs_create_group } from "../fs/sysfs/group";
import { kfree, kstrdup, kstrdup_lit, kzalloc } from "../mm/slab";
import { lit } from "./string";

/** Attributes that are KobjAttributes: each has its own show and store. */
export const kobj_sysfs_ops = changetype<SysfsOps>(
  memory.data(offsetof<SysfsOps>(), 4),
);
/** The type of kobjects that kobject_create_and_add() makes. */
const dynamic_kobj_ktype = changetype<KobjType>(
  memory.data(offsetof<KobjType>(), 4),
);

export function kobject_system_init(): void {
  kobj_sysfs_ops.show = kobj_attr_show;
  kobj_sysfs_ops.store = kobj_attr_store;
  dynamic_kobj_ktype.sysfs_ops = kobj_sysfs_ops;
  dynamic_kobj_ktype.release = dynamic_kobj_release;
}

function kobj_attr_show(kobj: Kobject, attr: Attribute, buf: usize): isize {
  const kattr = changetype<KobjAttribute>(attr);
  const show = kattr.show;
  if (show == null) return -Errno.EIO;
  return show(kobj, kattr, buf);
}

function kobj_attr_store(
  kobj: Kobject,
  attr: Attribute,
  buf: usize,
  count: u32,
): isize {
  const kattr = changetype<KobjAttribute>(attr);
  const store = kattr.store;
  if (store == null) return -Errno.EIO;
  return store(kobj, kattr, buf, count);
}

function dynamic_kobj_release(kobj: Kobject): void {
  kfree(changetype<usize>(kobj));
}

/** Sets a zeroed kobject up with one reference. */
export function kobject_init(kobj: Kobject, ktype: KobjType): void {
  kobj.refcount = 1;
  kobj.ktype = ktype;
}

export function kobject_name(kobj: Kobject): usize {
  return kobj.name;
}

/** Makes kobj the directory `name` (a C string) in parent; 0 or -errno. */
export function kobject_add(
  kobj: Kobject,
  parent: Kobject | null,
  name: usize,
): i32 {
  const copy = kstrdup(name);
  if (copy == 0) return -Errno.ENOMEM;
  kfree(kobj.name);
  kobj.name = copy;
  kobj.parent = parent == null ? null : kobject_get(parent);
  const err = create_dir(kobj);
  if (err == 0) return 0;
  if (err == -Errno.EEXIST) {
    pr_err(
      "kobject: kobject_add_internal failed for %s with -EEXIST, %S %S\n",
      kobj.name,
      lit("don't try to register things with the same name in the"),
      lit("same directory."),
    );
  }
  kobj.parent = null;
  if (parent != null) kobject_put(parent);
  return err;
}

function create_dir(kobj: Kobject): i32 {
  const err = sysfs_create_dir(kobj);
  if (err != 0) return err;
  const group = kobj.ktype!.default_group;
  if (group == null) return 0;
  const ret = sysfs_create_group(kobj, group);
  if (ret != 0) sysfs_remove_dir(kobj);
  return ret;
}

export function kobject_init_and_add(
  kobj: Kobject,
  ktype: KobjType,
  parent: Kobject | null,
  name: usize,
): i32 {
  kobject_init(kobj, ktype);
  return kobject_add(kobj, parent, name);
}

/** A kobject that is nothing but a directory; null when it fails. */
export function kobject_create_and_add(
  name: string,
  parent: Kobject | null,
): Kobject | null {
  const kobj = changetype<Kobject>(kzalloc(offsetof<Kobject>()));
  const copy = kstrdup_lit(name);
  if (changetype<usize>(kobj) == 0 || copy == 0) {
    kfree(changetype<usize>(kobj));
    kfree(copy);
    return null;
  }
  kobject_init(kobj, dynamic_kobj_ktype);
  const err = kobject_add(kobj, parent, copy);
  kfree(copy);
  if (err == 0) return kobj;
  kobject_put(kobj);
  return null;
}

/** Takes kobj out of sysfs; waits for those who show or store. */
export function kobject_del(kobj: Kobject): void {
  if (kobj.sd == null) return;
  sysfs_remove_dir(kobj);
  const parent = kobj.parent;
  kobj.parent = null;
  if (parent != null) kobject_put(parent);
}

export function kobject_get(kobj: Kobject): Kobject {
  kobj.refcount++;
  return kobj;
}

/** Gives a reference back; the last one removes and releases kobj. */
export function kobject_put(kobj: Kobject): void {
  if (--kobj.refcount > 0) return;
  kobject_del(kobj);
  const name = kobj.name;
  kobj.name = 0;
  const release = kobj.ktype!.release;
  if (release != null) release(kobj);
  kfree(name);
}
