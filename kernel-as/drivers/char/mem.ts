// mem.ts - /dev/null, zero and full. Mirrors Linux drivers/char/mem.c.

import { Errno } from "../../abi";
import { register_chrdev } from "../../fs/char_dev";
import { File, FileOperations, Inode } from "../../fs/fs";
import { noop_llseek } from "../../fs/read_write";
import { devtmpfs_create_node } from "../base/devtmpfs";
import { random_fops } from "./random";

const MEM_MAJOR: u32 = 1;

const enum Minor {
  NULL = 3,
  ZERO = 5,
  FULL = 7,
  RANDOM = 8,
  URANDOM = 9,
  KMSG = 11,
}

const memory_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
const null_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
const zero_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
const full_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
/** Filled by the log's driver. */
export const kmsg_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);

export function chr_dev_init(): void {
  memory_fops.open = memory_open;
  null_fops.read = read_null;
  null_fops.write = write_null;
  null_fops.llseek = noop_llseek;
  zero_fops.read = read_zero;
  zero_fops.write = write_null;
  zero_fops.llseek = noop_llseek;
  full_fops.read = read_zero;
  full_fops.write = write_full;
  full_fops.llseek = noop_llseek;
  register_chrdev(MEM_MAJOR, "mem", memory_fops);
  make_node("null", 0o666, Minor.NULL);
  make_node("zero", 0o666, Minor.ZERO);
  make_node("full", 0o666, Minor.FULL);
  make_node("random", 0o666, Minor.RANDOM);
  make_node("urandom", 0o666, Minor.URANDOM);
  make_node("kmsg", 0o644, Minor.KMSG);
}

function make_node(name: string, mode: u32, minor: u32): void {
  devtmpfs_create_node(name, mode, (MEM_MAJOR << 8) | minor);
}

function memory_fops_of(minor: u32): FileOperations | null {
  switch (minor) {
    case Minor.NULL:
      return null_fops;
    case Minor.ZERO:
      return zero_fops;
    case Minor.FULL:
      return full_fops;
    case Minor.RANDOM:
    case Minor.URANDOM:
      return random_fops;
    case Minor.KMSG:
      return kmsg_fops;
    default:
      return null;
  }
}

/** One major for all of them: the minor says which. */
function memory_open(inode: Inode, file: File): i32 {
  const fops = memory_fops_of(inode.rdev & 255);
  if (fops == null) return -Errno.ENXIO;
  file.op = fops;
  const open = fops.open;
  return open == null ? 0 : open(inode, file);
}

function read_null(file: File, buf: usize, count: u32, ppos: usize): isize {
  return 0;
}

function write_null(file: File, buf: usize, count: u32, ppos: usize): isize {
  return count;
}

function read_zero(file: File, buf: usize, count: u32, ppos: usize): isize {
  memory.fill(buf, 0, count);
  return count;
}

function write_full(file: File, buf: usize, count: u32, ppos: usize): isize {
  return -Errno.ENOSPC;
}
