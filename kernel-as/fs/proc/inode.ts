// inode.ts - files of /proc: calls go through to the entry's operations.
//
// An entry may be removed while its files are open, as when a module is
// unloaded: removal waits for calls that run, releases the open files, and
// later calls fail with EIO.
// Mirrors Linux fs/proc/inode.c.

import { Errno, TaskState } from "../../abi";
import { list_add_tail, list_del_init, list_empty } from "../../lib/list";
import { list_next } from "../../lib/list";
import { schedule } from "../../kernel/sched/core";
import { finish_wait, prepare_to_wait } from "../../kernel/sched/wait";
import { wake_up } from "../../kernel/sched/wait";
import { kfree } from "../../mm/slab";
import { File, FileOperations, Inode, Poll } from "../fs";
import { no_llseek } from "../read_write";
import { PDE, ProcDirEntry } from "./internal";

export const proc_reg_file_ops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);

export function proc_inode_init(): void {
  const f = proc_reg_file_ops;
  f.open = proc_reg_open;
  f.read = proc_reg_read_iter;
  f.write = proc_reg_write;
  f.llseek = proc_reg_llseek;
  f.poll = proc_reg_poll;
  f.release = proc_reg_release;
}

export function pde_put(pde: ProcDirEntry): void {
  if (--pde.refcnt == 0) kfree(changetype<usize>(pde));
}

/** May a call start? */
function use_pde(pde: ProcDirEntry): bool {
  if (pde.gone) return false;
  pde.in_use++;
  return true;
}

function unuse_pde(pde: ProcDirEntry): void {
  if (--pde.in_use == 0 && pde.gone) wake_up(pde.pde_wait);
}

function opener(file: File): usize {
  return changetype<usize>(file) + offsetof<File>("openers_next");
}

/** Calls the entry's release for a file that it opened. */
function close_pdeo(pde: ProcDirEntry, file: File): void {
  list_del_init(opener(file));
  const release = pde.proc_ops!.proc_release;
  if (release != null) release(file.inode, file);
}

/** The entry is removed: afterwards nothing of its owner is called. */
export function proc_entry_rundown(pde: ProcDirEntry): void {
  pde.gone = true;
  for (;;) {
    prepare_to_wait(pde.pde_wait, TaskState.UNINTERRUPTIBLE);
    if (pde.in_use == 0) break;
    schedule();
  }
  finish_wait(pde.pde_wait);
  while (!list_empty(pde.pde_openers)) {
    const at = list_next(pde.pde_openers) - offsetof<File>("openers_next");
    close_pdeo(pde, changetype<File>(at));
  }
}

function proc_reg_open(inode: Inode, file: File): i32 {
  const pde = PDE(inode);
  if (!use_pde(pde)) return -Errno.ENOENT;
  const open = pde.proc_ops!.proc_open;
  const err = open == null ? 0 : open(inode, file);
  if (err == 0) list_add_tail(opener(file), pde.pde_openers);
  unuse_pde(pde);
  return err;
}

function proc_reg_read_iter(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  const pde = PDE(file.inode);
  if (!use_pde(pde)) return -Errno.EIO;
  const read = pde.proc_ops!.proc_read_iter;
  let n: isize = -Errno.EIO;
  if (read != null) n = read(file, buf, count, ppos);
  unuse_pde(pde);
  return n;
}

function proc_reg_write(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  const pde = PDE(file.inode);
  if (!use_pde(pde)) return -Errno.EIO;
  const write = pde.proc_ops!.proc_write;
  let n: isize = -Errno.EIO;
  if (write != null) n = write(file, buf, count, ppos);
  unuse_pde(pde);
  return n;
}

function proc_reg_llseek(file: File, offset: i64, whence: i32): i64 {
  const pde = PDE(file.inode);
  if (!use_pde(pde)) return -Errno.EINVAL;
  const lseek = pde.proc_ops!.proc_lseek;
  let pos: i64 = 0;
  if (lseek != null) pos = lseek(file, offset, whence);
  else pos = no_llseek(file, offset, whence);
  unuse_pde(pde);
  return pos;
}

function proc_reg_poll(file: File): u32 {
  const pde = PDE(file.inode);
  if (!use_pde(pde)) return Poll.IN | Poll.OUT;
  const poll = pde.proc_ops!.proc_poll;
  const mask = poll == null ? <u32>(Poll.IN | Poll.OUT) : poll(file);
  unuse_pde(pde);
  return mask;
}

function proc_reg_release(inode: Inode, file: File): i32 {
  if (!list_empty(opener(file))) close_pdeo(PDE(inode), file);
  return 0;
}
