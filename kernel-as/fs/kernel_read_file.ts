// kernel_read_file.ts - whole files for the kernel's own use.
// Mirrors Linux fs/kernel_read_file.c.

import { Errno, Mode } from "../abi";
import { File, Fmode } from "./fs";
import { vfs_read } from "./read_write";

const CHUNK: u32 = 32768;

/** Size of a file that may be read whole, or -errno. */
export function kernel_read_file_size(file: File | null, max: u64): i32 {
  if (file == null || (file.mode & Fmode.READ) == 0) return -Errno.EBADF;
  if ((file.inode.mode & Mode.IFMT) != Mode.IFREG) return -Errno.EINVAL;
  if (file.inode.size == 0) return -Errno.EINVAL;
  return file.inode.size > max ? -Errno.EFBIG : <i32>file.inode.size;
}

/** Fills buf with the first size bytes. 0 or -errno. */
export function kernel_read_file(file: File, buf: usize, size: u32): i32 {
  const pos = memory.data(8, 8);
  store<u64>(pos, 0);
  let done: u32 = 0;
  while (done < size) {
    const n = vfs_read(file, buf + done, min(size - done, CHUNK), pos);
    if (n < 0) return <i32>n;
    if (n == 0) return -Errno.EIO;
    done += <u32>n;
  }
  return 0;
}
