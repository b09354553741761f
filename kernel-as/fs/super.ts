// super.ts - superblocks: one per mounted file system.
// Mirrors Linux fs/super.c.

import { Errno } from "../abi";
import { ERR_PTR } from "../lib/err";
import { kfree, kzalloc } from "../mm/slab";
import { d_genocide, dput } from "./dcache";
import { FileSystemType, SuperBlock } from "./fs";

let next_dev: u32 = 0;

/**
 * The superblock to mount: a new one, filled in, or the one that all mounts
 * of the type share. Address or an error; the caller holds it (active).
 */
export function sget(fs: FileSystemType, source: usize, data: usize): usize {
  const shared = fs.single;
  if (shared != null) {
    shared.active++;
    return changetype<usize>(shared);
  }
  const sb = changetype<SuperBlock>(kzalloc(offsetof<SuperBlock>()));
  if (changetype<usize>(sb) == 0) return ERR_PTR(-Errno.ENOMEM);
  sb.type = fs;
  sb.dev = ++next_dev;
  sb.active = 1;
  const err = fs.fill_super!(sb, source, data);
  if (err != 0) {
    kill_super(sb);
    return ERR_PTR(err);
  }
  if (fs.is_single) {
    fs.single = sb;
    sb.active++;
  }
  return changetype<usize>(sb);
}

/** A mount went away; the last one frees the tree. */
export function deactivate_super(sb: SuperBlock): void {
  if (--sb.active == 0) kill_super(sb);
}

function kill_super(sb: SuperBlock): void {
  if (changetype<usize>(sb.root) != 0) {
    d_genocide(sb.root);
    dput(sb.root);
  }
  kfree(changetype<usize>(sb));
}
