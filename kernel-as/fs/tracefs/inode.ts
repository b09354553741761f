// inode.ts - the file system tracefs: files that tracers make.
//
// The tree exists from boot on, mounted or not. A file that is removed owns
// what its data points to: it is freed when the last opener is gone.
// Mirrors Linux fs/tracefs/inode.c.

import { Errno, Limits, Mode } from "../../abi";
import { IS_ERR, PTR_ERR } from "../../lib/err";
import { strlen, strscpy_lit } from "../../lib/string";
import { kfree, kzalloc } from "../../mm/slab";
import { register_filesystem } from "../filesystems";
import { Dentry, FileOperations, FileSystemType, Inode } from "../fs";
import { SuperBlock } from "../fs";
import { new_inode } from "../inode";
import { simple_make_root, simple_new_dir } from "../libfs";
import { simple_new_unique_child, simple_recursive_removal } from "../libfs";
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
  return simple_new_unique_child(parent, name, strlen(name), i);
}

/** tracefs_create_file() with a C string for a name. */
export function tracefs_create(
  name: usize,
  mode: u32,
  parent: Dentry | null,
  data: usize,
  fops: FileOperations,
): Dentry | null {
  const inode = new_inode(tracefs_root.inode!.sb, Mode.IFREG | mode);
  if (inode == null) return null;
  inode.i_private = data;
  inode.fop = fops;
  return tracefs_add(parent, name, inode);
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
  const inode = simple_new_dir(tracefs_root.inode!.sb, 0o750);
  if (inode == null) return null;
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
  simple_recursive_removal(d, null);
}
