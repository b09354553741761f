// proc_namespace.ts - /proc/mounts. Mirrors Linux fs/proc_namespace.c.

import { Errno, Limits } from "../abi";
import { lit } from "../lib/string";
import { kfree, kzalloc } from "../mm/slab";
import { d_path } from "./d_path";
import { Mount, MountFlag } from "./fs";
import { root_mnt } from "./mount";
import { SeqFile, seq_printf, seq_puts } from "./seq_file";

function show_mnt_opts(m: SeqFile, flags: u32): void {
  seq_puts(m, (flags & MountFlag.RDONLY) != 0 ? "ro" : "rw");
  if ((flags & MountFlag.NOSUID) != 0) seq_puts(m, ",nosuid");
  if ((flags & MountFlag.NODEV) != 0) seq_puts(m, ",nodev");
  if ((flags & MountFlag.NOEXEC) != 0) seq_puts(m, ",noexec");
}

function show_vfsmnt(m: SeqFile, mnt: Mount, buf: usize): void {
  const path = d_path(mnt, mnt.root, buf, Limits.PATH_MAX);
  seq_printf(m, "%s %s %S ", mnt.devname, path, lit(mnt.sb.type.name));
  show_mnt_opts(m, mnt.flags);
  if (mnt.sb.max_blocks != 0) {
    seq_printf(m, ",size=%luk", mnt.sb.max_blocks * 4);
  }
  seq_puts(m, " 0 0\n");
}

/** One line per mount, the root first; 0 or -ENOMEM. */
export function show_vfsmnts(m: SeqFile): i32 {
  const buf = kzalloc(Limits.PATH_MAX);
  if (buf == 0) return -Errno.ENOMEM;
  let mnt: Mount | null = root_mnt;
  while (mnt != null) {
    show_vfsmnt(m, mnt, buf);
    mnt = mnt.next;
  }
  kfree(buf);
  return 0;
}
