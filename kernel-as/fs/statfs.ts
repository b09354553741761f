// statfs.ts - how full a file system is. Mirrors Linux fs/statfs.c.
//
// struct statfs: type, bsize, blocks, bfree, bavail, files, ffree (8 bytes
// each), fsid, namelen, frsize.

import { Limits } from "../abi";
import { PtRegs } from "../kernel/sched/task";
import { SuperBlock } from "./fs";
import { path_put } from "./mount";
import { Lookup, filename_lookup, nd } from "./namei";

const STATFS_SIZE = 120;

function fill_statfs(sb: SuperBlock, st: usize): void {
  memory.fill(st, 0, STATFS_SIZE);
  store<u64>(st, sb.magic);
  store<u64>(st, Limits.PAGE_SIZE, 8);
  store<u64>(st, sb.max_blocks, 16);
  const left = sb.max_blocks > sb.blocks ? sb.max_blocks - sb.blocks : 0;
  store<u64>(st, left, 24);
  store<u64>(st, left, 32);
  store<u64>(st, sb.nr_inodes, 40);
  store<u64>(st, Limits.NAME_MAX, 64);
  store<u64>(st, Limits.PAGE_SIZE, 72);
}

/** statfs(path, buf) */
export function __x64_sys_statfs(regs: PtRegs): isize {
  const err = filename_lookup(<usize>regs.di, Lookup.FOLLOW);
  if (err != 0) return err;
  fill_statfs(nd.mnt.sb, <usize>regs.si);
  path_put(nd);
  return 0;
}
