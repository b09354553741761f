// file_table.ts - open files.
//
// A File is made by open or pipe and shared by the descriptors that dup and
// fork make. The last fput() calls release.
// Mirrors Linux fs/file_table.c.

import { kfree, kzalloc } from "../mm/slab";
import { INIT_LIST_HEAD } from "../lib/list";
import { dput } from "./dcache";
import { File, Fmode } from "./fs";
import { Open } from "../abi";
import { mntput } from "./mount";

let nr_files: u32 = 0;

/** Open files in the system. */
export function get_nr_files(): u32 {
  return nr_files;
}

/** Fmode bits of open flags. */
export function OPEN_FMODE(flags: u32): u32 {
  const acc = flags & Open.ACCMODE;
  if (acc == Open.RDONLY) return Fmode.READ;
  return acc == Open.WRONLY ? Fmode.WRITE : Fmode.READ | Fmode.WRITE;
}

/** A file that is not open yet, one reference; null without memory. */
export function alloc_empty_file(flags: u32): File | null {
  const f = changetype<File>(kzalloc(offsetof<File>()));
  if (changetype<usize>(f) == 0) return null;
  f.count = 1;
  f.flags = flags;
  f.mode = OPEN_FMODE(flags);
  INIT_LIST_HEAD(changetype<usize>(f) + offsetof<File>("openers_next"));
  nr_files++;
  return f;
}

/** For a file whose open failed: no release. */
export function put_unopened(f: File): void {
  dput(f.dentry);
  mntput(f.mnt);
  nr_files--;
  kfree(changetype<usize>(f));
}

export function get_file(f: File): File {
  f.count++;
  return f;
}

/** Gives a reference back; the last one closes the file. May sleep. */
export function fput(f: File): void {
  if (--f.count > 0) return;
  const release = f.op.release;
  if (release != null) release(f.inode, f);
  put_unopened(f);
}
