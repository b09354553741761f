// super.ts - the file systems that are nothing but memory: rootfs, ramfs,
// tmpfs. tmpfs is ramfs with a limit: half of memory, or size= bytes.
// Linux has these in fs/ramfs/inode.c and mm/shmem.c.

import { Errno, Mode } from "../../abi";
import { isdigit, strstarts_lit } from "../../lib/string";
import { totalram_pages } from "../../mm/page_alloc";
import { d_alloc_anon, d_instantiate } from "../dcache";
import { register_filesystem } from "../filesystems";
import { FileSystemType, SuperBlock } from "../fs";
import { iput } from "../inode";
import { ramfs_evict_inode, ramfs_get_inode, ramfs_init } from "./inode";

const RAMFS_MAGIC: u32 = 0x858458f6;
const TMPFS_MAGIC: u32 = 0x01021994;

export const ramfs_fs_type = changetype<FileSystemType>(
  memory.data(offsetof<FileSystemType>(), 4),
);
const tmpfs_fs_type = changetype<FileSystemType>(
  memory.data(offsetof<FileSystemType>(), 4),
);

export function init_ramfs_fs(): void {
  ramfs_init();
  ramfs_fs_type.fill_super = ramfs_fill_super;
  register_filesystem(ramfs_fs_type, "ramfs");
  tmpfs_fs_type.fill_super = tmpfs_fill_super;
  register_filesystem(tmpfs_fs_type, "tmpfs");
}

/** A root directory like any other directory of the file system. */
function ramfs_make_root(sb: SuperBlock, mode: u32): i32 {
  sb.evict_inode = ramfs_evict_inode;
  const inode = ramfs_get_inode(sb, Mode.IFDIR | mode);
  if (inode == null) return -Errno.ENOMEM;
  const root = d_alloc_anon(0, 0);
  if (root == null) {
    iput(inode);
    return -Errno.ENOMEM;
  }
  d_instantiate(root, inode);
  sb.root = root;
  return 0;
}

export function ramfs_fill_super(
  sb: SuperBlock,
  source: usize,
  data: usize,
): i32 {
  sb.magic = RAMFS_MAGIC;
  return ramfs_make_root(sb, 0o755);
}

/** Bytes of "64k": digits and perhaps k, m or g. */
function memparse(s: usize): u64 {
  let n: u64 = 0;
  for (; isdigit(load<u8>(s)); s++) n = n * 10 + (load<u8>(s) - 48);
  const unit = load<u8>(s) | 32;
  if (unit == 107) return n << 10;
  if (unit == 109) return n << 20;
  return unit == 103 ? n << 30 : n;
}

function tmpfs_fill_super(sb: SuperBlock, source: usize, data: usize): i32 {
  sb.magic = TMPFS_MAGIC;
  sb.max_blocks = totalram_pages() / 2;
  if (data != 0 && strstarts_lit(data, "size=")) {
    sb.max_blocks = (memparse(data + 5) + 4095) >> 12;
  } else if (data != 0 && load<u8>(data) != 0) {
    return -Errno.EINVAL;
  }
  return ramfs_make_root(sb, 0o1777);
}
