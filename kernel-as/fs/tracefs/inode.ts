// inode.ts - the file system tracefs: files that tracers make.
//
// The tree exists from boot on, mounted or not. A file that is removed owns
// what its data points to: it is freed when the last opener is gone.
// Mirrors Linux fs/tracefs/inode.c.

import { Errno, Limits, Mode } from "../../abi";
import { IS_ERR, PTR_ERR } from "../../lib/err";
import { list_empty, list_next } from "../../lib/list";
import { strlen, strscpy_lit } from "../../lib/string";
import { kfree, kzalloc } from "../../mm/slab";
import { d_drop, d_lookup, dget, dput, sibling_entry } from "../dcache";
import { register_filesystem } from "../filesystems";
import { Dentry, FileOperations, FileSystemType, Inode } from "../fs";
import { S_ISDIR, SuperBlock } from "../fs";
import { drop_nlink, iput, new_inode } from "../inode";
import { simple_dir_operations, simple_make_root } from "../libfs";
import { simple_new_child } from "../libfs";
import { sget } from "../super";

const TRACEFS_MAGIC: u32 = 0x74726163;

const trace_fs_type = changetype<FileSystemType>(
  memory.data(offsetof<FileSystemType>(), 4),
);
let tracefs_root: Dentry = changetype<Dentry>(0);

function tracefs_evict_inode(inode: Inode): void {
  kfree(inode.i_private);
}

function trace_fill_super(sb: SuperBlock, source: usize, data: usize): i32 {
  sb.magic = TRACEFS_MAGIC;
  sb.evict_inode = tracefs_evict_inode;
  return simple_make_root(sb, 0o700) == null ? -Errno.ENOMEM : 0;
}

export function tracefs_init(): i32 {
  trace_fs_type.fill_super = trace_fill_super;
  trace_fs_type.is_single = true;
  register_filesystem(trace_fs_type, "tracefs");
  const sb = sget(trace_fs_type, 0, 0);
  if (IS_ERR(sb)) return PTR_ERR(sb);
  tracefs_root = changetype<SuperBlock>(sb).root;
  return 0;
}

/** Links an inode whose reference it takes; null: no memory, or it exists. */
function tracefs_add(dir: Dentry | null, name: usize, i: Inode): Dentry | null {
  const parent = dir == null ? tracefs_root : dir;
  const len = strlen(name);
  const found = d_lookup(parent, name, len);
  if (found == null) return simple_new_child(parent, name, len, i);
  dput(found);
  iput(i);
  return null;
}

function tracefs_inode(mode: u32): Inode | null {
  return new_inode(tracefs_root.inode!.sb, mode);
}

/** tracefs_create_file() with a C string for a name. */
export function tracefs_create(
  name: usize,
  mode: u32,
  parent: Dentry | null,
  data: usize,
  fops: FileOperations,
): Dentry | null {
  const inode = tracefs_inode(Mode.IFREG | mode);
  if (inode == null) return null;
  inode.i_private = data;
  inode.fop = fops;
  const dentry = tracefs_add(parent, name, inode);
  return dentry;
}

/** A file in parent (null: the top); data becomes inode.i_private. */
export function tracefs_create_file(
  name: string,
  mode: u32,
  parent: Dentry | null,
  data: usize,
  fops: FileOperations,
): Dentry | null {
  const buf = kzalloc(Limits.NAME_MAX + 1);
  if (buf == 0) return null;
  strscpy_lit(buf, name, Limits.NAME_MAX + 1);
  const dentry = tracefs_create(buf, mode, parent, data, fops);
  kfree(buf);
  return dentry;
}

/** A directory in parent; name is a C string. */
export function tracefs_mkdir(
  name: usize,
  parent: Dentry | null,
): Dentry | null {
  const inode = tracefs_inode(Mode.IFDIR | 0o755);
  if (inode == null) return null;
  inode.nlink = 2;
  inode.fop = simple_dir_operations;
  return tracefs_add(parent, name, inode);
}

export function tracefs_create_dir(
  name: string,
  parent: Dentry | null,
): Dentry | null {
  const buf = kzalloc(Limits.NAME_MAX + 1);
  if (buf == 0) return null;
  strscpy_lit(buf, name, Limits.NAME_MAX + 1);
  const dentry = tracefs_mkdir(buf, parent);
  kfree(buf);
  return dentry;
}

/** Removes d and all below it; open files live on until they are closed. */
export function tracefs_remove(d: Dentry): void {
  dget(d);
  while (!list_empty(d.children)) {
    tracefs_remove(sibling_entry(list_next(d.children)));
  }
  const inode = d.inode!;
  if (S_ISDIR(inode.mode)) drop_nlink(d.parent.inode!);
  inode.nlink = 0;
  d_drop(d);
  dput(d);
}
