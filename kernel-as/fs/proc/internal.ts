// internal.ts - entries of /proc and what they do.
// Mirrors Linux fs/proc/internal.h and include/linux/proc_fs.h.

import { Dentry, File, Inode } from "../fs";
import { SeqFile, SeqOperations } from "../seq_file";

type OpenFn = (inode: Inode, file: File) => i32;
type RwFn = (file: File, buf: usize, count: u32, ppos: usize) => isize;
type ShowFn = (m: SeqFile, v: usize) => i32;

/** Operations of an entry; a missing one is null. */
@unmanaged
export class ProcOps {
  proc_open: OpenFn | null;
  proc_read_iter: RwFn | null;
  proc_write: RwFn | null;
  proc_lseek: ((file: File, offset: i64, whence: i32) => i64) | null;
  proc_release: OpenFn | null;
  proc_poll: ((file: File) => u32) | null;
}

/** A name in /proc. */
@unmanaged
export class ProcDirEntry {
  mode: u32;
  /** Registered, plus one for each inode. */
  refcnt: u32;
  proc_ops: ProcOps | null;
  single_show: ShowFn | null;
  seq_ops: SeqOperations | null;
  data: usize;
  /** Its name in the tree; the tree holds it. */
  dentry: Dentry;
  /** Calls into the entry's operations that run now. */
  in_use: u32;
  /** Removed: no call may start. */
  gone: bool;
  wait_next: usize;
  wait_prev: usize;
  /** Files whose release has not been called. */
  openers_next: usize;
  openers_prev: usize;

  get pde_wait(): usize {
    return changetype<usize>(this) + offsetof<ProcDirEntry>("wait_next");
  }
  get pde_openers(): usize {
    return changetype<usize>(this) + offsetof<ProcDirEntry>("openers_next");
  }
}

/** The entry of an inode. */
export function PDE(inode: Inode): ProcDirEntry {
  return changetype<ProcDirEntry>(inode.i_private);
}

/** What proc_create_data() was given. */
export function pde_data(inode: Inode): usize {
  return PDE(inode).data;
}
