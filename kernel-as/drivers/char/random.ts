// random.ts - /dev/random: numbers that look random.
//
// The generator (xorshift64*) starts from the boot parameter random.seed and
// from what is written to it, so that a machine can be replayed. Unlike
// Linux's, its numbers are good for tests and for nothing secret.
// Mirrors Linux drivers/char/random.c.

import { File, FileOperations } from "../../fs/fs";
import { noop_llseek } from "../../fs/read_write";
import { cmdline_number } from "../../kernel/cmdline";

export const random_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);

let state: u64 = 0x9e3779b97f4a7c15;

/** Takes the seed from the kernel command line. */
export function random_init(cmdline: usize): void {
  add_device_randomness(cmdline_number(cmdline, "random.seed", 1));
  random_fops.read = random_read;
  random_fops.write = random_write;
  random_fops.llseek = noop_llseek;
}

export function add_device_randomness(seed: u64): void {
  state ^= seed * 0xff51afd7ed558ccd;
  if (state == 0) state = 0x9e3779b97f4a7c15;
}

export function get_random_u64(): u64 {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 0x2545f4914f6cdd1d;
}

export function get_random_bytes(buf: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    store<u8>(buf + i, <u8>(get_random_u64() >> 56));
  }
}

function random_read(file: File, buf: usize, count: u32, ppos: usize): isize {
  get_random_bytes(buf, count);
  return count;
}

function random_write(file: File, buf: usize, count: u32, ppos: usize): isize {
  for (let i: u32 = 0; i < count; i++) {
    add_device_randomness(load<u8>(buf + i) + 1);
  }
  return count;
}
