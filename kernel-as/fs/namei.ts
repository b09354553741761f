// namei.ts - from a path to a dentry.
//
// A walk starts at the root or at the working directory and goes from name
// to name; nd is where it stands and holds references. A walk never sleeps,
// so there is one nd for the system; whoever calls filename_lookup() and the
// like must take nd's references over, or path_put(nd), before sleeping.
// Mirrors Linux fs/namei.c, without RCU walk, automounts and chroot.

import { Errno, Limits } from "../abi";
import { current } from "../kernel/sched/task";
import { IS_ERR, PTR_ERR } from "../lib/err";
import { strlen } from "../lib/string";
import { d_lookup, dget, dput } from "./dcache";
import { Dentry, Mount, Path, S_ISDIR, S_ISLNK } from "./fs";
import { get_fs_pwd, get_fs_root } from "./fs_struct";
import { touch_atime } from "./inode";
import {
  lookup_mnt,
  mntget,
  mntput,
  path_put,
  path_set,
  root_mnt,
} from "./mount";
import { May, inode_permission } from "./permission";

const MAXSYMLINKS: u32 = 40;
const SLASH: u8 = 47;
const DOT: u8 = 46;

export const enum Lookup {
  FOLLOW = 1,
  DIRECTORY = 2,
}

export const enum LastType {
  NORM,
  DOT,
  DOTDOT,
  /** The path is only slashes. */
  ROOT,
}

/** Where the walk stands. */
export const nd = changetype<Path>(memory.data(offsetof<Path>(), 4));
/** Last component of the path, and whether a slash follows it. */
export let nd_last: usize = 0;
export let nd_last_len: u32 = 0;
export let nd_trailing: bool = false;
let nd_depth: u32 = 0;

export function nd_last_type(): LastType {
  if (nd_last_len == 0) return LastType.ROOT;
  if (load<u8>(nd_last) != DOT) return LastType.NORM;
  if (nd_last_len == 1) return LastType.DOT;
  if (nd_last_len == 2 && load<u8>(nd_last, 1) == DOT) return LastType.DOTDOT;
  return LastType.NORM;
}

/** The walk goes on at mnt, dentry: takes the references over. */
function nd_set(mnt: Mount, dentry: Dentry): void {
  path_put(nd);
  path_set(nd, mnt, dentry);
}

/** For magic links such as /proc/self/fd/1: go on at p. */
export function nd_jump_link(mnt: Mount, dentry: Dentry): void {
  nd_set(mntget(mnt), dget(dentry));
}

function nd_jump_root(): void {
  nd_set(mntget(root_mnt), dget(root_mnt.root));
}

/** Starts a walk; 0 or -errno, and then nd holds nothing. */
export function path_init(name: usize): i32 {
  if (name == 0) return -Errno.EFAULT;
  if (load<u8>(name) == 0) return -Errno.ENOENT;
  if (strlen(name) >= <u32>Limits.PATH_MAX) return -Errno.ENAMETOOLONG;
  nd_depth = 0;
  if (load<u8>(name) == SLASH) get_fs_root(nd);
  else get_fs_pwd(current, nd);
  return 0;
}

/** The child of that name with a reference, or null. */
export function lookup_child(
  dir: Dentry,
  name: usize,
  len: u32,
): Dentry | null {
  const found = d_lookup(dir, name, len);
  if (found != null) return found;
  const lookup = dir.inode!.op.lookup;
  return lookup == null ? null : lookup(dir, name, len);
}

/** nd must be a directory that current may search. */
function may_lookup(): i32 {
  const inode = nd.dentry.inode!;
  if (!S_ISDIR(inode.mode)) return -Errno.ENOTDIR;
  return inode_permission(inode, May.EXEC);
}

function component_len(name: usize): u32 {
  let n: u32 = 0;
  while (load<u8>(name + n) != 0 && load<u8>(name + n) != SLASH) n++;
  return n;
}

function skip_slashes(name: usize): usize {
  while (load<u8>(name) == SLASH) name++;
  return name;
}

/** Walks to the directory of the last component, which becomes nd_last. */
export function link_path_walk(name: usize): i32 {
  name = skip_slashes(name);
  nd_last = name;
  nd_last_len = 0;
  nd_trailing = false;
  while (load<u8>(name) != 0) {
    let err = may_lookup();
    if (err != 0) return err;
    const len = component_len(name);
    if (len > <u32>Limits.NAME_MAX) return -Errno.ENAMETOOLONG;
    const rest = skip_slashes(name + len);
    if (load<u8>(rest) == 0) {
      nd_last = name;
      nd_last_len = len;
      nd_trailing = rest != name + len;
      return 0;
    }
    err = walk_component(name, len, true);
    if (err != 0) return err;
    name = rest;
  }
  return 0;
}

/** One step: into the child of that name, through links if follow. */
function walk_component(name: usize, len: u32, follow: bool): i32 {
  if (load<u8>(name) == DOT) {
    if (len == 1) return 0;
    if (len == 2 && load<u8>(name, 1) == DOT) return follow_dotdot();
  }
  const child = lookup_child(nd.dentry, name, len);
  if (child == null) return -Errno.ENOENT;
  return step_into(child, follow);
}

/** Up: out of a mount if nd is its root. The root's parent is the root. */
function follow_dotdot(): i32 {
  while (nd.dentry == nd.mnt.root) {
    if (nd.mnt == root_mnt) return 0;
    const mnt = nd.mnt;
    nd_set(mntget(mnt.parent), dget(mnt.mountpoint));
  }
  const child = nd.dentry;
  nd_set(mntget(nd.mnt), dget(child.parent));
  return traverse_mounts();
}

/** Onto whatever is mounted here. */
function traverse_mounts(): i32 {
  let mnt = lookup_mnt(nd.mnt, nd.dentry);
  while (mnt != null) {
    nd_set(mntget(mnt), dget(mnt.root));
    mnt = lookup_mnt(nd.mnt, nd.dentry);
  }
  return 0;
}

/** Into child, whose reference it takes over. */
export function step_into(child: Dentry, follow: bool): i32 {
  if (follow && S_ISLNK(child.inode!.mode)) return pick_link(child);
  nd_set(mntget(nd.mnt), child);
  return traverse_mounts();
}

/** Target of a link: an address, an error, or 0 when nd has jumped. */
export function link_target(link: Dentry): usize {
  if (++nd_depth > MAXSYMLINKS) return -Errno.ELOOP;
  const inode = link.inode!;
  touch_atime(inode);
  const get_link = inode.op.get_link;
  const target = get_link == null ? inode.i_link : get_link(link);
  if (!IS_ERR(target) && target != 0 && load<u8>(target) == SLASH) {
    nd_jump_root();
  }
  return target;
}

/** Walks to where the link points; takes its reference over. */
function pick_link(link: Dentry): i32 {
  const target = link_target(link);
  let err = PTR_ERR(target);
  if (err == 0 && target != 0) {
    err = link_path_walk(target);
    if (err == 0) err = walk_last(true);
  }
  dput(link);
  return err;
}

/** The step that link_path_walk() left. */
export function walk_last(follow: bool): i32 {
  if (nd_last_len == 0) return 0;
  const trailing = nd_trailing;
  const err = walk_component(nd_last, nd_last_len, follow || trailing);
  if (err != 0 || !trailing) return err;
  return S_ISDIR(nd.dentry.inode!.mode) ? 0 : -Errno.ENOTDIR;
}

/** Leaves nd at what name means; 0 or -errno, and then nd holds nothing. */
export function filename_lookup(name: usize, flags: u32): i32 {
  let err = path_init(name);
  if (err != 0) return err;
  err = link_path_walk(name);
  if (err == 0) err = walk_last((flags & Lookup.FOLLOW) != 0);
  if (err == 0 && (flags & Lookup.DIRECTORY) != 0) {
    if (!S_ISDIR(nd.dentry.inode!.mode)) err = -Errno.ENOTDIR;
  }
  if (err != 0) path_put(nd);
  return err;
}

/** Leaves nd at the directory name lies in, and nd_last at the name. */
export function filename_parentat(name: usize): i32 {
  let err = path_init(name);
  if (err != 0) return err;
  err = link_path_walk(name);
  if (err == 0) err = S_ISDIR(nd.dentry.inode!.mode) ? 0 : -Errno.ENOTDIR;
  if (err != 0) path_put(nd);
  return err;
}
