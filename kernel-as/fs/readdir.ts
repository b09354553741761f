// readdir.ts - listing directories.
//
// A position in a directory is the cookie of the next child, so removing
// names while listing loses none. 0 is ".", 1 is "..", children start at 2.
// Mirrors Linux fs/readdir.c and dcache_readdir() of fs/libfs.c.

import { Errno } from "../abi";
import { PtRegs } from "../kernel/sched/task";
import { list_next } from "../lib/list";
import { sibling_entry } from "./dcache";
import { fget } from "./file";
import { Dentry, DirContext, File, S_ISDIR } from "./fs";
import { fs_umode_to_dtype, touch_atime } from "./inode";

/** struct linux_dirent64: ino, off, reclen u16, type u8, name. */
const DIRENT_NAME: u32 = 19;
const DOTS = memory.data<u8>([46, 46, 0]);
const DT_DIR: u8 = 4;

const context = changetype<DirContext>(memory.data(offsetof<DirContext>(), 8));

/** Adds an entry; false when the buffer is full. */
export function dir_emit(
  ctx: DirContext,
  name: usize,
  len: u32,
  ino: u32,
  type: u8,
): bool {
  const reclen = (DIRENT_NAME + len + 1 + 7) & ~7;
  if (ctx.used + reclen > ctx.size) return false;
  const d = ctx.buf + ctx.used;
  memory.fill(d, 0, reclen);
  store<u64>(d, ino);
  store<u64>(d, ctx.pos + 1, 8);
  store<u16>(d, <u16>reclen, 16);
  store<u8>(d, type, 18);
  memory.copy(d + DIRENT_NAME, name, len);
  ctx.used += reclen;
  return true;
}

/** Adds "." and ".." if they are still to come; false when full. */
export function dir_emit_dots(file: File, ctx: DirContext): bool {
  const dir = file.dentry;
  if (ctx.pos == 0) {
    if (!dir_emit(ctx, DOTS, 1, file.inode.ino, DT_DIR)) return false;
    ctx.pos = 1;
  }
  if (ctx.pos == 1) {
    const up = dir.parent.inode!.ino;
    if (!dir_emit(ctx, DOTS, 2, up, DT_DIR)) return false;
    ctx.pos = 2;
  }
  return true;
}

function emit_child(ctx: DirContext, d: Dentry): bool {
  const inode = d.inode!;
  const type = fs_umode_to_dtype(inode.mode);
  return dir_emit(ctx, d.name, d.name_len, inode.ino, type);
}

/** Lists the children that the tree knows; false when ctx is full. */
export function dir_emit_children(file: File, ctx: DirContext): bool {
  if (!dir_emit_dots(file, ctx)) return false;
  const head = file.dentry.children;
  for (let p = list_next(head); p != head; p = list_next(p)) {
    const d = sibling_entry(p);
    if (<u64>d.cookie + 2 < ctx.pos) continue;
    ctx.pos = <u64>d.cookie + 2;
    if (!emit_child(ctx, d)) return false;
    ctx.pos++;
  }
  return true;
}

/** For directories whose children are all in the tree. */
export function dcache_readdir(file: File, ctx: DirContext): i32 {
  dir_emit_children(file, ctx);
  return 0;
}

function iterate_dir(file: File, buf: usize, size: u32): isize {
  const iterate = file.op.iterate_shared;
  if (iterate == null || !S_ISDIR(file.inode.mode)) return -Errno.ENOTDIR;
  context.buf = buf;
  context.size = size;
  context.used = 0;
  context.pos = file.pos;
  const err = iterate(file, context);
  if (err != 0) return err;
  touch_atime(file.inode);
  if (context.used == 0 && context.pos != file.pos) return -Errno.EINVAL;
  file.pos = context.pos;
  return context.used;
}

/** getdents64(fd, buf, size) */
export function __x64_sys_getdents64(regs: PtRegs): isize {
  const file = fget(<i32>regs.di);
  if (file == null) return -Errno.EBADF;
  return iterate_dir(file, <usize>regs.si, <u32>regs.dx);
}
