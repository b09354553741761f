// hostfs.ts - a folder of the host as a file system.
//
// mount -t hostfs N DIR shows the files of manifest N, which the host made
// when the machine began (init/initramfs.ts says what is in it). The host's
// folder is a copy of that moment: what is written stays in the machine.
// Linux's hostfs (User Mode Linux) has the same name and aim.

import { Errno } from "../../abi";
import { unpack_to_rootfs } from "../../init/initramfs";
import { kstrto_value, kstrtoint } from "../../lib/kstrtox";
import { register_filesystem } from "../filesystems";
import { FileSystemType, SuperBlock } from "../fs";
import { ramfs_fill_super } from "../ramfs/super";

const HOSTFS_SUPER_MAGIC: u32 = 0x00c0ffee;

const hostfs_type = changetype<FileSystemType>(
  memory.data(offsetof<FileSystemType>(), 4),
);

function hostfs_fill_super(sb: SuperBlock, source: usize, data: usize): i32 {
  if (kstrtoint(source, 10) != 0 || kstrto_value <= 0) return -Errno.EINVAL;
  const manifest = <u32>kstrto_value;
  const err = ramfs_fill_super(sb, source, data);
  if (err != 0) return err;
  sb.magic = HOSTFS_SUPER_MAGIC;
  return unpack_to_rootfs(sb, manifest);
}

export function init_hostfs(): void {
  hostfs_type.fill_super = hostfs_fill_super;
  register_filesystem(hostfs_type, "hostfs");
}
