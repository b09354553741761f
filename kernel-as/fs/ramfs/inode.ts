// inode.ts - ramfs and tmpfs: files whose contents are pages of memory.
//
// A file is a table of pages; a missing page reads as what backs the file:
// bytes that the host holds (a file of the boot archive or of a mounted
// folder), a short text at i_link (a program file), or zeros. The first write
// to a page copies it into memory, so unchanged files cost none.
// Mirrors Linux fs/ramfs/inode.c; tmpfs is the same with a limit.

import { Errno, Limits, Mode } from "../../abi";
import { host_read } from "../../host";
import { strlen } from "../../lib/string";
import { __get_free_pages, free_pages } from "../../mm/page_alloc";
import { kfree, kstrdup, kzalloc } from "../../mm/slab";
import { Dentry, File, FileOperations, Inode, InodeOperations } from "../fs";
import { S_ISDIR, S_ISLNK, S_ISREG, SuperBlock } from "../fs";
import { file_update_time, inode_init_owner, iput } from "../inode";
import { new_inode, touch_atime } from "../inode";
import { simple_add, simple_dir_operations, simple_link } from "../libfs";
import { simple_rename, simple_rmdir, simple_unlink } from "../libfs";
import { init_special_inode } from "../special";

export const ramfs_file_operations = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
const ramfs_file_inode_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);
const ramfs_dir_inode_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);

let file_pages: u32 = 0;

/** Pages that files hold in memory: MemInfo's Cached. */
export function nr_file_pages(): u32 {
  return file_pages;
}

export function ramfs_init(): void {
  ramfs_file_operations.read = ramfs_file_read;
  ramfs_file_operations.write = ramfs_file_write;
  ramfs_file_inode_operations.truncate = ramfs_truncate;
  const dir = ramfs_dir_inode_operations;
  dir.create = ramfs_mknod;
  dir.mkdir = ramfs_mknod;
  dir.link = simple_link;
  dir.unlink = simple_unlink;
  dir.symlink = ramfs_symlink;
  dir.rmdir = simple_rmdir;
  dir.rename = simple_rename;
}

/** An inode of a ramfs with a full mode, owned by current; or null. */
export function ramfs_get_inode(sb: SuperBlock, mode: u32): Inode | null {
  const inode = new_inode(sb, mode);
  if (inode == null) return null;
  inode_init_owner(inode);
  if (S_ISDIR(mode)) {
    inode.nlink = 2;
    inode.op = ramfs_dir_inode_operations;
    inode.fop = simple_dir_operations;
  } else if (S_ISREG(mode)) {
    inode.op = ramfs_file_inode_operations;
    inode.fop = ramfs_file_operations;
  } else if (!S_ISLNK(mode)) {
    init_special_inode(inode);
  }
  return inode;
}

/** A file or a directory, as the mode says. */
function ramfs_mknod(dir: Inode, dentry: Dentry, mode: u32): i32 {
  const inode = ramfs_get_inode(dir.sb, mode);
  if (inode == null) return -Errno.ENOMEM;
  simple_add(dir, dentry, inode);
  return 0;
}

function ramfs_symlink(dir: Inode, dentry: Dentry, target: usize): i32 {
  const inode = ramfs_get_inode(dir.sb, Mode.IFLNK | 0o777);
  if (inode == null) return -Errno.ENOMEM;
  inode.i_link = kstrdup(target);
  if (inode.i_link == 0) {
    iput(inode);
    return -Errno.ENOMEM;
  }
  inode.size = strlen(target);
  simple_add(dir, dentry, inode);
  return 0;
}

/** The page of a file at index, 0 if it is not in memory. */
function find_page(inode: Inode, index: u32): usize {
  return index < inode.pages_max ? load<usize>(inode.pages + 4 * index) : 0;
}

/** What backs the file, into memory; zeros past its end. */
function read_backing(inode: Inode, at: u32, buf: usize, n: u32): i32 {
  memory.fill(buf, 0, n);
  if (at >= inode.backed_size) return 0;
  const left = inode.backed_size - at;
  if (n > left) n = left;
  if (inode.i_link != 0) {
    memory.copy(buf, inode.i_link + at, n);
    return 0;
  }
  const got = host_read(inode.blob, at, buf, n);
  return got == <i32>n ? 0 : got < 0 ? got : -Errno.EIO;
}

function read_piece(inode: Inode, at: u32, buf: usize, n: u32): i32 {
  const page = find_page(inode, at >> Limits.PAGE_SHIFT);
  if (page == 0) return read_backing(inode, at, buf, n);
  memory.copy(buf, page + (at & (Limits.PAGE_SIZE - 1)), n);
  return 0;
}

/** Bytes from at to the end of its page, at most n. */
function in_page(at: u32, n: u32): u32 {
  const left = <u32>Limits.PAGE_SIZE - (at & (Limits.PAGE_SIZE - 1));
  return n < left ? n : left;
}

function ramfs_file_read(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  const inode = file.inode;
  const pos = load<u64>(ppos);
  if (pos >= inode.size) return 0;
  const left = inode.size - pos;
  if (count > left) count = <u32>left;
  let done: u32 = 0;
  while (done < count) {
    const at = <u32>pos + done;
    const n = in_page(at, count - done);
    const err = read_piece(inode, at, buf + done, n);
    if (err != 0) return err;
    done += n;
  }
  touch_atime(inode);
  store<u64>(ppos, pos + done);
  return done;
}

/** Makes the table reach to index. */
function expand_pages(inode: Inode, index: u32): bool {
  if (index < inode.pages_max) return true;
  let max: u32 = inode.pages_max == 0 ? 4 : inode.pages_max;
  while (max <= index) max *= 2;
  const table = kzalloc(4 * max);
  if (table == 0) return false;
  memory.copy(table, inode.pages, 4 * inode.pages_max);
  kfree(inode.pages);
  inode.pages = table;
  inode.pages_max = max;
  return true;
}

/** The page at index, brought into memory; address or -errno. */
function grab_page(inode: Inode, index: u32): i32 {
  const found = find_page(inode, index);
  if (found != 0) return <i32>found;
  const sb = inode.sb;
  if (sb.max_blocks != 0 && sb.blocks >= sb.max_blocks) return -Errno.ENOSPC;
  if (!expand_pages(inode, index)) return -Errno.ENOMEM;
  const page = __get_free_pages(0);
  if (page == 0) return -Errno.ENOMEM;
  const at = index << Limits.PAGE_SHIFT;
  const err = read_backing(inode, at, page, Limits.PAGE_SIZE);
  if (err != 0) {
    free_pages(page, 0);
    return err;
  }
  store<usize>(inode.pages + 4 * index, page);
  inode.nr_pages++;
  sb.blocks++;
  file_pages++;
  return <i32>page;
}

/** Writes into one page; bytes written or -errno. */
function write_piece(inode: Inode, at: u32, buf: usize, n: u32): i32 {
  const page = grab_page(inode, at >> Limits.PAGE_SHIFT);
  if (page < 0 && page >= -4095) return page;
  n = in_page(at, n);
  memory.copy(<usize>page + (at & (Limits.PAGE_SIZE - 1)), buf, n);
  return n;
}

function ramfs_file_write(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  const inode = file.inode;
  const pos = load<u64>(ppos);
  if (pos + count > <u64>i32.MAX_VALUE) return -Errno.EFBIG;
  let done: u32 = 0;
  while (done < count) {
    const n = write_piece(inode, <u32>pos + done, buf + done, count - done);
    if (n < 0 && done == 0) return n;
    if (n < 0) break;
    done += n;
  }
  if (pos + done > inode.size) inode.size = pos + done;
  file_update_time(inode);
  store<u64>(ppos, pos + done);
  return done;
}

/** Frees the pages from index on. */
function truncate_pages(inode: Inode, index: u32): void {
  for (let i = index; i < inode.pages_max; i++) {
    const page = load<usize>(inode.pages + 4 * i);
    if (page == 0) continue;
    store<usize>(inode.pages + 4 * i, 0);
    free_pages(page, 0);
    inode.nr_pages--;
    inode.sb.blocks--;
    file_pages--;
  }
}

/** Sets the size; what is cut off does not come back when it grows. */
export function ramfs_truncate(inode: Inode, size: u64): i32 {
  const at = <u32>size;
  truncate_pages(inode, (at + Limits.PAGE_SIZE - 1) >> Limits.PAGE_SHIFT);
  const tail = find_page(inode, at >> Limits.PAGE_SHIFT);
  const offset = at & (Limits.PAGE_SIZE - 1);
  if (tail != 0) memory.fill(tail + offset, 0, Limits.PAGE_SIZE - offset);
  if (inode.backed_size > at) inode.backed_size = at;
  inode.size = size;
  file_update_time(inode);
  return 0;
}

/** The inode dies: its pages come back. */
export function ramfs_evict_inode(inode: Inode): void {
  truncate_pages(inode, 0);
  kfree(inode.pages);
}
