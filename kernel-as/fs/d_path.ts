// d_path.ts - from a dentry back to a path. Mirrors Linux fs/d_path.c.

import { Errno, Limits } from "../abi";
import { PtRegs, current } from "../kernel/sched/task";
import { Dentry, Mount, Path } from "./fs";
import { root_mnt } from "./mount";

const SLASH: u8 = 47;
const DELETED = " (deleted)";

/** Writes before `end`, down to buf; new end, or 0 when it is full. */
function prepend(buf: usize, end: usize, s: usize, n: u32): usize {
  if (end - buf < n) return 0;
  memory.copy(end - n, s, n);
  return end - n;
}

function prepend_name(buf: usize, end: usize, d: Dentry): usize {
  end = prepend(buf, end, d.name, d.name_len);
  if (end == 0 || end == buf) return 0;
  store<u8>(end - 1, SLASH);
  return end - 1;
}

/** Names from d up to the root, before end; the new end, or 0. */
function prepend_path(buf: usize, end: usize, mnt: Mount, d: Dentry): usize {
  while (end != 0 && d != root_mnt.root) {
    if (d == mnt.root) {
      d = mnt.mountpoint;
      mnt = mnt.parent;
    } else {
      end = prepend_name(buf, end, d);
      d = d.parent;
    }
  }
  return end;
}

/** The file has a name no more. */
function d_unlinked(mnt: Mount, d: Dentry): bool {
  return !d.hashed && d != mnt.root && d.inode!.nlink == 0;
}

function prepend_deleted(buf: usize, end: usize): usize {
  const n = <u32>DELETED.length;
  if (end - buf < n) return 0;
  end -= n;
  for (let i: u32 = 0; i < n; i++) {
    store<u8>(end + i, load<u8>(changetype<usize>(DELETED) + 2 * i));
  }
  return end;
}

/**
 * The path of mnt, dentry as a C string that ends at buf + size.
 * Its address, or 0 when it does not fit.
 */
export function d_path(
  mnt: Mount,
  dentry: Dentry,
  buf: usize,
  size: u32,
): usize {
  let end = buf + size - 1;
  store<u8>(end, 0);
  if (dentry.parent == dentry && changetype<usize>(mnt.root) == 0) {
    return prepend(buf, end, dentry.name, dentry.name_len);
  }
  if (d_unlinked(mnt, dentry)) end = prepend_deleted(buf, end);
  const last = end;
  if (end != 0) end = prepend_path(buf, end, mnt, dentry);
  if (end == 0 || end != last) return end;
  if (end == buf) return 0;
  store<u8>(end - 1, SLASH);
  return end - 1;
}

/** getcwd(buf, size) -> length with the NUL */
export function __x64_sys_getcwd(regs: PtRegs): isize {
  const buf = <usize>regs.di;
  if (regs.si <= 0) return -Errno.EINVAL;
  const limit: i64 = Limits.PATH_MAX;
  const size = <u32>(regs.si < limit ? regs.si : limit);
  const path = cwd_path(buf, size);
  if (path == 0) return -Errno.ERANGE;
  const n = <u32>(buf + size - path);
  memory.copy(buf, path, n);
  return n;
}

function cwd_path(buf: usize, size: u32): usize {
  if (current.cwd == 0) return d_path(root_mnt, root_mnt.root, buf, size);
  const pwd = changetype<Path>(current.cwd);
  return d_path(pwd.mnt, pwd.dentry, buf, size);
}
