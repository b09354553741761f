// inode.ts - debugfs: files that any subsystem may add, for those who look
// for faults. The tree exists from boot on, mounted or not.
// Mirrors Linux fs/debugfs/inode.c.

import { Errno, Mode } from "../../abi";
import { IS_ERR, PTR_ERR } from "../../lib/err";
import { strscpy_lit } from "../../lib/string";
import { register_filesystem } from "../filesystems";
import { Dentry, FileOperations, FileSystemType, Inode } from "../fs";
import { SuperBlock } from "../fs";
import { new_inode } from "../inode";
import { simple_make_root, simple_new_dir } from "../libfs";
import { simple_new_unique_child, simple_recursive_removal } from "../libfs";
import { sget } from "../super";

const NAME_BUF: u32 = 64;
const name_buf = memory.data(64);
const DEBUGFS_MAGIC: u32 = 0x64626720;

const debug_fs_type = changetype<FileSystemType>(
  memory.data(offsetof<FileSystemType>(), 4),
);
let debugfs_root: Dentry = changetype<Dentry>(0);

function debugfs_fill_super(sb: SuperBlock, source: usize, data: usize): i32 {
  sb.magic = DEBUGFS_MAGIC;
  return simple_make_root(sb, 0o700) == null ? -Errno.ENOMEM : 0;
}

/** 0 or -ENOMEM. */
export function debugfs_init(): i32 {
  debug_fs_type.fill_super = debugfs_fill_super;
  debug_fs_type.is_single = true;
  register_filesystem(debug_fs_type, "debugfs");
  const sb = sget(debug_fs_type, 0, 0);
  if (IS_ERR(sb)) return PTR_ERR(sb);
  debugfs_root = changetype<SuperBlock>(sb).root;
  // Where tracefs is mounted a second time.
  return debugfs_create_dir("tracing", null) == null ? -Errno.ENOMEM : 0;
}

/** Links an inode whose reference it takes; null: no memory, or it exists. */
function start_creating(
  name: string,
  dir: Dentry | null,
  inode: Inode,
): Dentry | null {
  const parent = dir == null ? debugfs_root : dir;
  const len = strscpy_lit(name_buf, name, NAME_BUF);
  return simple_new_unique_child(parent, name_buf, len, inode);
}

/** A file in parent (null: the top); data becomes inode.i_private. */
export function debugfs_create_file(
  name: string,
  mode: u32,
  parent: Dentry | null,
  data: usize,
  fops: FileOperations,
): Dentry | null {
  const inode = new_inode(debugfs_root.inode!.sb, Mode.IFREG | mode);
  if (inode == null) return null;
  inode.i_private = data;
  inode.fop = fops;
  return start_creating(name, parent, inode);
}

export function debugfs_create_dir(
  name: string,
  parent: Dentry | null,
): Dentry | null {
  const inode = simple_new_dir(debugfs_root.inode!.sb, 0o755);
  if (inode == null) return null;
  return start_creating(name, parent, inode);
}

/** Removes d and all below it; open files live on until they are closed. */
export function debugfs_remove(d: Dentry | null): void {
  if (d != null) simple_recursive_removal(d, null);
}
