// devtmpfs.ts - /dev: the kernel makes a file for each of its devices.
//
// The file system exists from boot on and is mounted later; every mount shows
// the same one. Mirrors Linux drivers/base/devtmpfs.c, without the thread.

import { Errno, Mode } from "../../abi";
import { register_filesystem } from "../../fs/filesystems";
import { FileSystemType, SuperBlock } from "../../fs/fs";
import { init_special_inode } from "../../fs/special";
import { simple_new_child } from "../../fs/libfs";
import { ramfs_get_inode } from "../../fs/ramfs/inode";
import { ramfs_fill_super } from "../../fs/ramfs/super";
import { sget } from "../../fs/super";
import { IS_ERR, PTR_ERR } from "../../lib/err";
import { strscpy_lit } from "../../lib/string";

const dev_fs_type = changetype<FileSystemType>(
  memory.data(offsetof<FileSystemType>(), 4),
);
const name_buf = memory.data(32);
let dev_sb: SuperBlock = changetype<SuperBlock>(0);

/** 0 or -ENOMEM. */
export function devtmpfs_init(): i32 {
  dev_fs_type.fill_super = ramfs_fill_super;
  dev_fs_type.is_single = true;
  register_filesystem(dev_fs_type, "devtmpfs");
  const sb = sget(dev_fs_type, 0, 0);
  if (IS_ERR(sb)) return PTR_ERR(sb);
  dev_sb = changetype<SuperBlock>(sb);
  return 0;
}

/** A character device file /dev/name; rdev is major << 8 | minor. */
export function devtmpfs_create_node(name: string, mode: u32, rdev: u32): i32 {
  const inode = ramfs_get_inode(dev_sb, Mode.IFCHR | mode);
  if (inode == null) return -Errno.ENOMEM;
  inode.rdev = rdev;
  init_special_inode(inode);
  const len = strscpy_lit(name_buf, name, 32);
  const d = simple_new_child(dev_sb.root, name_buf, len, inode);
  return d == null ? -Errno.ENOMEM : 0;
}
