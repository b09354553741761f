// group.ts - attributes that are made and removed together.
// Mirrors Linux fs/sysfs/group.c.

import { Errno, Limits } from "../../abi";
import { strscpy_lit } from "../../lib/string";
import { kfree, kzalloc } from "../../mm/slab";
import { dget, dput } from "../dcache";
import { Dentry } from "../fs";
import { sysfs_dir, sysfs_find_group } from "./dir";
import { sysfs_mkdir, sysfs_remove } from "./dir";
import { sysfs_add_file, sysfs_remove_attr } from "./file";
import { AttributeGroup, Kobject } from "./sysfs";

/** The directory of a group, with a reference; null when it is missing. */
function group_dir(kobj: Kobject, group: AttributeGroup): Dentry | null {
  const name = group.name;
  if (name != null) return sysfs_find_group(kobj, name);
  const dir = sysfs_dir(kobj);
  return dir == null ? null : dget(dir);
}

function make_group_dir(kobj: Kobject, name: string): i32 {
  const parent = sysfs_dir(kobj);
  if (parent == null) return -Errno.ENOENT;
  const buf = kzalloc(Limits.NAME_MAX + 1);
  if (buf == 0) return -Errno.ENOMEM;
  strscpy_lit(buf, name, Limits.NAME_MAX + 1);
  const err = sysfs_mkdir(parent, buf);
  kfree(buf);
  return err;
}

function remove_files(dir: Dentry, group: AttributeGroup): void {
  let attr = group.first;
  while (attr != null) {
    sysfs_remove_attr(dir, attr);
    attr = attr.next;
  }
}

function create_files(dir: Dentry, kobj: Kobject, group: AttributeGroup): i32 {
  let attr = group.first;
  while (attr != null) {
    const err = sysfs_add_file(dir, kobj, attr);
    if (err != 0) return err;
    attr = attr.next;
  }
  return 0;
}

/** All attributes of a group, or none. 0 or -errno. */
export function sysfs_create_group(kobj: Kobject, group: AttributeGroup): i32 {
  const name = group.name;
  if (name != null) {
    const err = make_group_dir(kobj, name);
    if (err != 0) return err;
  }
  const dir = group_dir(kobj, group);
  if (dir == null) return -Errno.ENOENT;
  const err = create_files(dir, kobj, group);
  dput(dir);
  if (err != 0) sysfs_remove_group(kobj, group);
  return err;
}

export function sysfs_remove_group(kobj: Kobject, group: AttributeGroup): void {
  const dir = group_dir(kobj, group);
  if (dir == null) return;
  if (group.name != null) sysfs_remove(dir);
  else remove_files(dir, group);
  dput(dir);
}
