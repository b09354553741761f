// seq_single.ts - seq files with one record: one show function prints all.
// Linux has these in fs/seq_file.c.

import { Errno } from "../abi";
import { kfree, kzalloc } from "../mm/slab";
import { File, Inode } from "./fs";
import { SeqFile, SeqOperations, seq_file_of } from "./seq_file";
import { seq_open, seq_release } from "./seq_file";

function single_start(m: SeqFile, pos: usize): usize {
  return load<u64>(pos) == 0 ? 1 : 0;
}

function single_next(m: SeqFile, v: usize, pos: usize): usize {
  store<u64>(pos, load<u64>(pos) + 1);
  return 0;
}

/** data becomes m.private_data. */
export function single_open(
  file: File,
  show: (m: SeqFile, v: usize) => i32,
  data: usize,
): i32 {
  const op = changetype<SeqOperations>(kzalloc(offsetof<SeqOperations>()));
  if (changetype<usize>(op) == 0) return -Errno.ENOMEM;
  op.start = single_start;
  op.next = single_next;
  op.show = show;
  const err = seq_open(file, op);
  if (err != 0) kfree(changetype<usize>(op));
  else seq_file_of(file).private_data = data;
  return err;
}

export function single_release(inode: Inode, file: File): i32 {
  const op = seq_file_of(file).op;
  seq_release(inode, file);
  kfree(changetype<usize>(op));
  return 0;
}
