// mount.ts - the file system sysfs. Mirrors Linux fs/sysfs/mount.c.

import { Errno } from "../../abi";
import { IS_ERR, PTR_ERR } from "../../lib/err";
import { kobject_system_init } from "../../lib/kobject";
import { register_filesystem } from "../filesystems";
import { FileSystemType, SuperBlock } from "../fs";
import { simple_make_root } from "../libfs";
import { sget } from "../super";
import { set_sysfs_root } from "./dir";
import { sysfs_evict_inode, sysfs_file_init } from "./file";

const SYSFS_MAGIC: u32 = 0x62656572;

const sysfs_fs_type = changetype<FileSystemType>(
  memory.data(offsetof<FileSystemType>(), 4),
);

function sysfs_fill_super(sb: SuperBlock, source: usize, data: usize): i32 {
  sb.magic = SYSFS_MAGIC;
  sb.evict_inode = sysfs_evict_inode;
  return simple_make_root(sb, 0o755) == null ? -Errno.ENOMEM : 0;
}

/** The tree exists from now on, mounted or not. 0 or -errno. */
export function sysfs_init(): i32 {
  kobject_system_init();
  sysfs_file_init();
  sysfs_fs_type.fill_super = sysfs_fill_super;
  sysfs_fs_type.is_single = true;
  register_filesystem(sysfs_fs_type, "sysfs");
  const sb = sget(sysfs_fs_type, 0, 0);
  if (IS_ERR(sb)) return PTR_ERR(sb);
  set_sysfs_root(changetype<SuperBlock>(sb).root);
  return 0;
}
