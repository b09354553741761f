// symlink.ts - links between kobjects, such as holders/.
// Mirrors Linux fs/sysfs/symlink.c.

import { Errno, Limits, Mode } from "../../abi";
import { strlen, strscpy_lit } from "../../lib/string";
import { kstrdup, kfree, kzalloc } from "../../mm/slab";
import { d_lookup, dput } from "../dcache";
import { Dentry } from "../fs";
import { iput, new_inode } from "../inode";
import { sysfs_add, sysfs_dir, sysfs_path, sysfs_remove } from "./dir";
import { Kobject } from "./sysfs";

/** "../../" as deep as dir lies, then the target's path from the root. */
function relative_path(dir: Dentry, target: Dentry, buf: usize): void {
  let n: u32 = 0;
  for (let d = dir; d.parent != d; d = d.parent) {
    n += strscpy_lit(buf + n, "../", Limits.PATH_MAX - n);
  }
  const len = sysfs_path(target, buf + n, Limits.PATH_MAX - n);
  // The path begins with a slash that "../" already has.
  memory.copy(buf + n, buf + n + 1, len);
}

/** A link `name` in kobj's directory to target's; 0 or -errno. */
export function sysfs_create_link(
  kobj: Kobject,
  target: Kobject,
  name: usize,
): i32 {
  const dir = sysfs_dir(kobj);
  const to = target.sd;
  if (dir == null || to == null) return -Errno.ENOENT;
  const buf = kzalloc(Limits.PATH_MAX);
  if (buf == 0) return -Errno.ENOMEM;
  relative_path(dir, to, buf);
  const err = add_link(dir, name, buf);
  kfree(buf);
  return err;
}

function add_link(dir: Dentry, name: usize, target: usize): i32 {
  const inode = new_inode(dir.inode!.sb, Mode.IFLNK | 0o777);
  if (inode == null) return -Errno.ENOMEM;
  inode.i_link = kstrdup(target);
  inode.size = strlen(target);
  if (inode.i_link != 0) return sysfs_add(dir, name, inode);
  iput(inode);
  return -Errno.ENOMEM;
}

export function sysfs_remove_link(kobj: Kobject, name: usize): void {
  const dir = sysfs_dir(kobj);
  if (dir == null) return;
  const found = d_lookup(dir, name, strlen(name));
  if (found == null) return;
  sysfs_remove(found);
  dput(found);
}
