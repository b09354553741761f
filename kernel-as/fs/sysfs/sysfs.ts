// sysfs.ts - the structures of kobjects and of their attributes.
//
// Kobject --- a directory; Attribute --- a file in it, whose text is one page
// at most. Mirrors Linux include/linux/kobject.h and sysfs.h.

import { Dentry } from "../fs";

type ShowFn = (kobj: Kobject, attr: Attribute, buf: usize) => isize;
type StoreFn = (
  kobj: Kobject,
  attr: Attribute,
  buf: usize,
  count: u32,
) => isize;
type KobjShowFn = (kobj: Kobject, attr: KobjAttribute, buf: usize) => isize;
type KobjStoreFn = (
  kobj: Kobject,
  attr: KobjAttribute,
  buf: usize,
  count: u32,
) => isize;

@unmanaged
export class Kobject {
  /** C string of its own. */
  name: usize;
  refcount: i32;
  parent: Kobject | null;
  ktype: KobjType | null;
  /** Its directory while it is in sysfs. */
  sd: Dentry | null;
}

@unmanaged
export class KobjType {
  /** Frees what the kobject lies in. */
  release: ((kobj: Kobject) => void) | null;
  sysfs_ops: SysfsOps | null;
  /** Made and removed with the directory. */
  default_group: AttributeGroup | null;
}

@unmanaged
export class SysfsOps {
  /** Writes at most PAGE_SIZE bytes; how many, or -errno. */
  show: ShowFn | null;
  /** buf ends with NUL; bytes taken or -errno. */
  store:
    ((kobj: Kobject, attr: Attribute, buf: usize, count: u32) => isize) | null;
}

@unmanaged
export class Attribute {
  /** C string; 0: name is in lit_name. */
  name: usize;
  lit_name: string;
  /** Permission bits. */
  mode: u32;
  /** Next of its group. */
  next: Attribute | null;
}

/** An attribute with its own functions; for kobj_sysfs_ops. */
@unmanaged
export class KobjAttribute {
  name: usize;
  lit_name: string;
  mode: u32;
  next: Attribute | null;
  show: KobjShowFn | null;
  store: KobjStoreFn | null;

  get attr(): Attribute {
    return changetype<Attribute>(this);
  }
}

@unmanaged
export class AttributeGroup {
  /** Own directory; null: the files lie in the kobject's. */
  name: string | null;
  first: Attribute | null;
}

/** Names an attribute by a literal. */
export function attr_init(attr: Attribute, name: string, mode: u32): void {
  attr.name = 0;
  attr.lit_name = name;
  attr.mode = mode;
}

/** __ATTR(): an attribute with its own functions. */
export function kobj_attr_init(
  attr: KobjAttribute,
  name: string,
  mode: u32,
  show: KobjShowFn | null,
  store: KobjStoreFn | null,
): void {
  attr_init(attr.attr, name, mode);
  attr.show = show;
  attr.store = store;
}

/** Appends an attribute to a group. */
export function attribute_group_add(
  group: AttributeGroup,
  attr: Attribute,
): void {
  attr.next = null;
  let last = group.first;
  while (last != null && last.next != null) last = last.next;
  if (last == null) group.first = attr;
  else last.next = attr;
}

if (offsetof<KobjAttribute>("show") != offsetof<Attribute>()) {
  ERROR("sysfs.ts: KobjAttribute must begin as Attribute");
}
