// dcache.ts - names: the tree that paths are walked in.
//
// A dentry holds a reference to its parent, so a name that is in use keeps
// the way up to the root. Being linked into the parent counts as one
// reference; unlinked names live on while a file is open.
// Mirrors Linux fs/dcache.c, without hashing over the whole system.

import { INIT_LIST_HEAD, list_add_tail, list_del_init } from "../lib/list";
import { list_empty, list_next } from "../lib/list";
import { kfree, kstrndup, kzalloc } from "../mm/slab";
import { Dentry, Inode } from "./fs";
import { iput } from "./inode";

export function sibling_entry(node: usize): Dentry {
  return changetype<Dentry>(node - offsetof<Dentry>("sibling_next"));
}

function full_name_hash(name: usize, len: u32): u32 {
  let h: u32 = 2166136261;
  for (let i: u32 = 0; i < len; i++) h = (h ^ load<u8>(name + i)) * 16777619;
  return h;
}

/** Gives d a copy of a name; false without memory. */
export function d_set_name(d: Dentry, name: usize, len: u32): bool {
  const copy = kstrndup(name, len);
  if (copy == 0) return false;
  kfree(d.name);
  d.name = copy;
  d.name_len = len;
  d.hash = full_name_hash(name, len);
  return true;
}

/** A dentry without parent or inode. */
function __d_alloc(name: usize, len: u32): Dentry | null {
  const d = changetype<Dentry>(kzalloc(offsetof<Dentry>()));
  if (changetype<usize>(d) == 0) return null;
  if (!d_set_name(d, name, len)) {
    kfree(changetype<usize>(d));
    return null;
  }
  d.count = 1;
  d.parent = d;
  INIT_LIST_HEAD(d.sibling);
  INIT_LIST_HEAD(d.children);
  return d;
}

/** A name in parent that nobody finds yet; one reference. */
export function d_alloc(parent: Dentry, name: usize, len: u32): Dentry | null {
  const d = __d_alloc(name, len);
  if (d != null) d.parent = dget(parent);
  return d;
}

/** A name that lies in no directory: a pipe's, or a root's. */
export function d_alloc_anon(name: usize, len: u32): Dentry | null {
  return __d_alloc(name, len);
}

/** The dentry takes over the caller's reference to the inode. */
export function d_instantiate(d: Dentry, inode: Inode): void {
  d.inode = inode;
}

/** Links d into its parent, which pins it. */
export function d_rehash(d: Dentry): void {
  d.hashed = true;
  d.cookie = d.parent.next_cookie++;
  list_add_tail(d.sibling, d.parent.children);
  dget(d);
}

/** Takes d out of its directory; it lives on while it is used. */
export function d_drop(d: Dentry): void {
  if (!d.hashed) return;
  d.hashed = false;
  list_del_init(d.sibling);
  dput(d);
}

export function dget(d: Dentry): Dentry {
  d.count++;
  return d;
}

/** Gives a reference back; may free d and its ancestors. */
export function dput(d: Dentry): void {
  while (--d.count == 0) {
    const parent = d.parent;
    const inode = d.inode;
    if (inode != null) iput(inode);
    kfree(d.name);
    const root = parent == d;
    kfree(changetype<usize>(d));
    if (root) return;
    d = parent;
  }
}

/** The child of that name with a reference, or null. */
export function d_lookup(parent: Dentry, name: usize, len: u32): Dentry | null {
  const hash = full_name_hash(name, len);
  const head = parent.children;
  for (let p = list_next(head); p != head; p = list_next(p)) {
    const d = sibling_entry(p);
    if (d.hash != hash || d.name_len != len) continue;
    if (memory.compare(d.name, name, len) == 0) return dget(d);
  }
  return null;
}

/** Moves a linked name; the new name must be free. False without memory. */
export function d_move(d: Dentry, dir: Dentry, name: usize, len: u32): bool {
  if (!d_set_name(d, name, len)) return false;
  list_del_init(d.sibling);
  const old = d.parent;
  d.parent = dget(dir);
  d.cookie = dir.next_cookie++;
  list_add_tail(d.sibling, dir.children);
  dput(old);
  return true;
}

/** Whether a is d or lies above it. */
export function is_subdir(d: Dentry, a: Dentry): bool {
  while (d != a) {
    if (d.parent == d) return false;
    d = d.parent;
  }
  return true;
}

/** Unlinks everything below d: the file system goes away. */
export function d_genocide(d: Dentry): void {
  while (!list_empty(d.children)) {
    const child = sibling_entry(list_next(d.children));
    d_genocide(child);
    d_drop(child);
  }
}
