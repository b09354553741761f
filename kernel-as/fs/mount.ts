// mount.ts - which file system lies on which directory.
//
// Mounts are on one list, the root mount first. A directory may be covered
// more than once; the newest mount is the one that is seen.
// Mirrors Linux fs/mount.h; one mount namespace for all tasks.

import { Errno } from "../abi";
import { kzalloc } from "../mm/slab";
import { dget, dput } from "./dcache";
import { Dentry, Mount, MountFlag, Path } from "./fs";

export let root_mnt: Mount = changetype<Mount>(0);

export function set_root_mnt(mnt: Mount): void {
  root_mnt = mnt;
}

export function mntget(mnt: Mount): Mount {
  mnt.count++;
  return mnt;
}

export function mntput(mnt: Mount): void {
  mnt.count--;
}

/** The newest mount that lies on dentry as seen in mnt, or null. */
export function lookup_mnt(mnt: Mount, dentry: Dentry): Mount | null {
  if (dentry.mounted == 0) return null;
  let found: Mount | null = null;
  for (let m: Mount | null = root_mnt; m != null; m = m.next) {
    if (m != root_mnt && m.parent == mnt && m.mountpoint == dentry) found = m;
  }
  return found;
}

/** May somebody write to what mnt shows? 0 or -EROFS. */
export function mnt_want_write(mnt: Mount): i32 {
  return (mnt.flags & MountFlag.RDONLY) != 0 ? -Errno.EROFS : 0;
}

/** Makes p hold mnt and dentry: takes the caller's references over. */
export function path_set(p: Path, mnt: Mount, dentry: Dentry): void {
  p.mnt = mnt;
  p.dentry = dentry;
}

export function path_put(p: Path): void {
  dput(p.dentry);
  mntput(p.mnt);
}

/** A copy with its own references; address or 0. */
export function path_dup(p: Path): usize {
  const copy = kzalloc(offsetof<Path>());
  if (copy == 0) return 0;
  path_set(changetype<Path>(copy), mntget(p.mnt), dget(p.dentry));
  return copy;
}
