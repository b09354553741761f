// char_dev.ts - character devices by number.
//
// A device number is major << 8 | minor. A driver registers a major; opening
// a device file looks its operations up and goes on with the driver's open.
// Mirrors Linux fs/char_dev.c.

import { Errno } from "../abi";
import { lit } from "../lib/string";
import { File, FileOperations, Inode } from "./fs";
import { SeqFile, seq_printf } from "./seq_file";

const MAX_MAJOR: u32 = 32;

/** One major number: name (an AS string) and operations. */
@unmanaged
class CharDevice {
  name: string;
  fops: FileOperations | null;
}

const chrdevs = memory.data(256, 4); // MAX_MAJOR * offsetof<CharDevice>()

export const def_chr_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);

function chrdev(major: u32): CharDevice {
  return changetype<CharDevice>(chrdevs + major * offsetof<CharDevice>());
}

export function chrdev_init(): void {
  def_chr_fops.open = chrdev_open;
}

/** 0 or -EBUSY. */
export function register_chrdev(
  major: u32,
  name: string,
  fops: FileOperations,
): i32 {
  if (major >= MAX_MAJOR) return -Errno.EINVAL;
  const dev = chrdev(major);
  if (dev.fops != null) return -Errno.EBUSY;
  dev.name = name;
  dev.fops = fops;
  return 0;
}

function chrdev_open(inode: Inode, file: File): i32 {
  const major = inode.rdev >> 8;
  const fops = major < MAX_MAJOR ? chrdev(major).fops : null;
  if (fops == null) return -Errno.ENXIO;
  file.op = fops;
  const open = fops.open;
  return open == null ? 0 : open(inode, file);
}

/** The lines of /proc/devices. */
export function chrdev_show(m: SeqFile): void {
  for (let i: u32 = 0; i < MAX_MAJOR; i++) {
    if (chrdev(i).fops == null) continue;
    seq_printf(m, "%3u %S\n", i, lit(chrdev(i).name));
  }
}
