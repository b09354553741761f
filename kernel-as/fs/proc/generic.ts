// generic.ts - making and removing entries of /proc.
//
// The tree of entries is the tree of dentries of the one proc superblock.
// Mirrors Linux fs/proc/generic.c.

import { Limits, Mode } from "../../abi";
import { init_waitqueue_head } from "../../kernel/sched/wait";
import { INIT_LIST_HEAD } from "../../lib/list";
import { strlen, strscpy_lit } from "../../lib/string";
import { kfree, kstrdup_lit, kzalloc } from "../../mm/slab";
import { d_drop, d_lookup, dget, dput } from "../dcache";
import { Dentry, File, Inode, InodeOperations } from "../fs";
import { S_ISDIR, SuperBlock } from "../fs";
import { drop_nlink, iput, new_inode } from "../inode";
import { simple_dir_operations, simple_new_child } from "../libfs";
import { SeqFile, SeqOperations, seq_file_of, seq_lseek } from "../seq_file";
import { seq_open, seq_read_iter, seq_release } from "../seq_file";
import { single_open, single_release } from "../seq_single";
import { pde_put, proc_entry_rundown, proc_reg_file_ops } from "./inode";
import { PDE, ProcDirEntry, ProcOps } from "./internal";

type ShowFn = (m: SeqFile, v: usize) => i32;

const proc_single_ops = changetype<ProcOps>(
  memory.data(offsetof<ProcOps>(), 4),
);
const proc_seq_ops = changetype<ProcOps>(memory.data(offsetof<ProcOps>(), 4));

let proc_sb: SuperBlock = changetype<SuperBlock>(0);

export function proc_generic_init(sb: SuperBlock): void {
  proc_sb = sb;
  sb.evict_inode = proc_evict_inode;
  proc_single_ops.proc_open = proc_single_open;
  proc_single_ops.proc_read_iter = seq_read_iter;
  proc_single_ops.proc_lseek = seq_lseek;
  proc_single_ops.proc_release = single_release;
  proc_seq_ops.proc_open = proc_seq_open;
  proc_seq_ops.proc_read_iter = seq_read_iter;
  proc_seq_ops.proc_lseek = seq_lseek;
  proc_seq_ops.proc_release = seq_release;
}

function is_pde_inode(inode: Inode): bool {
  return inode.fop == proc_reg_file_ops;
}

function proc_evict_inode(inode: Inode): void {
  if (is_pde_inode(inode)) pde_put(PDE(inode));
}

function proc_single_open(inode: Inode, file: File): i32 {
  const pde = PDE(inode);
  return single_open(file, pde.single_show!, pde.data);
}

function proc_seq_open(inode: Inode, file: File): i32 {
  const pde = PDE(inode);
  const err = seq_open(file, pde.seq_ops!);
  if (err == 0) seq_file_of(file).private_data = pde.data;
  return err;
}

/** The directory of an entry; the root for null. */
function dir_of(parent: ProcDirEntry | null): Dentry {
  return parent == null ? proc_sb.root : parent.dentry;
}

function alloc_pde(mode: u32): ProcDirEntry | null {
  const pde = changetype<ProcDirEntry>(kzalloc(offsetof<ProcDirEntry>()));
  if (changetype<usize>(pde) == 0) return null;
  pde.mode = mode;
  pde.refcnt = 1;
  init_waitqueue_head(pde.pde_wait);
  INIT_LIST_HEAD(pde.pde_openers);
  return pde;
}

/** Links inode as name (a C string) into dir; null when it is taken. */
function proc_link(dir: Dentry, name: usize, inode: Inode): Dentry | null {
  const found = d_lookup(dir, name, strlen(name));
  if (found != null) {
    dput(found);
    iput(inode);
    return null;
  }
  return simple_new_child(dir, name, strlen(name), inode);
}

/** Gives an entry its inode and its name; frees it when that fails. */
function proc_register(
  parent: ProcDirEntry | null,
  name: usize,
  pde: ProcDirEntry,
): ProcDirEntry | null {
  const inode = new_inode(proc_sb, pde.mode);
  const dir = dir_of(parent);
  let d: Dentry | null = null;
  if (inode != null && name != 0) {
    if (S_ISDIR(pde.mode)) {
      inode.nlink = 2;
      inode.fop = simple_dir_operations;
    } else {
      inode.fop = proc_reg_file_ops;
      inode.i_private = changetype<usize>(pde);
      pde.refcnt++;
    }
    d = proc_link(dir, name, inode);
  }
  kfree(name);
  if (d != null) {
    pde.dentry = dget(d);
    return pde;
  }
  pde_put(pde);
  return null;
}

/** An entry with operations of its own; null when it fails. */
export function proc_create_data(
  name: string,
  mode: u32,
  parent: ProcDirEntry | null,
  proc_ops: ProcOps,
  data: usize,
): ProcDirEntry | null {
  const perm = (mode & 0o777) == 0 ? 0o444 : mode & 0o777;
  const pde = alloc_pde(Mode.IFREG | perm);
  if (pde == null) return null;
  pde.proc_ops = proc_ops;
  pde.data = data;
  return proc_register(parent, kstrdup_lit(name), pde);
}

export function proc_create(
  name: string,
  mode: u32,
  parent: ProcDirEntry | null,
  proc_ops: ProcOps,
): ProcDirEntry | null {
  return proc_create_data(name, mode, parent, proc_ops, 0);
}

/** A text that one function prints; data becomes m.private_data. */
export function proc_create_single_data(
  name: string,
  mode: u32,
  parent: ProcDirEntry | null,
  show: ShowFn,
  data: usize,
): ProcDirEntry | null {
  const pde = proc_create_data(name, mode, parent, proc_single_ops, data);
  if (pde != null) pde.single_show = show;
  return pde;
}

export function proc_create_single(
  name: string,
  mode: u32,
  parent: ProcDirEntry | null,
  show: ShowFn,
): ProcDirEntry | null {
  return proc_create_single_data(name, mode, parent, show, 0);
}

/** A text of records. */
export function proc_create_seq(
  name: string,
  mode: u32,
  parent: ProcDirEntry | null,
  ops: SeqOperations,
): ProcDirEntry | null {
  const pde = proc_create_data(name, mode, parent, proc_seq_ops, 0);
  if (pde != null) pde.seq_ops = ops;
  return pde;
}

export function proc_mkdir(
  name: string,
  parent: ProcDirEntry | null,
): ProcDirEntry | null {
  const pde = alloc_pde(Mode.IFDIR | 0o555);
  if (pde == null) return null;
  return proc_register(parent, kstrdup_lit(name), pde);
}

/** A link in /proc; its inode, or null. */
function add_link(name: string): Inode | null {
  const inode = new_inode(proc_sb, Mode.IFLNK | 0o777);
  const from = kstrdup_lit(name);
  if (inode == null || from == 0) return null;
  const d = proc_link(proc_sb.root, from, inode);
  kfree(from);
  return d == null ? null : inode;
}

/** A link to a path that is the same for all. */
export function proc_symlink(name: string, target: string): void {
  const inode = add_link(name);
  if (inode == null) return;
  inode.i_link = kstrdup_lit(target);
  inode.size = target.length;
}

/** A link whose target depends on who follows it. */
export function proc_link_dynamic(name: string, op: InodeOperations): void {
  const inode = add_link(name);
  if (inode != null) inode.op = op;
}

/** Removes an entry; waits for calls that run in it. */
export function proc_remove(pde: ProcDirEntry | null): void {
  if (pde == null) return;
  const dentry = pde.dentry;
  if (S_ISDIR(pde.mode)) drop_nlink(dentry.parent.inode!);
  dentry.inode!.nlink = 0;
  d_drop(dentry);
  if (!S_ISDIR(pde.mode)) proc_entry_rundown(pde);
  pde_put(pde);
  dput(dentry);
}

/** Removes the entry of that name from parent. */
export function remove_proc_entry(
  name: string,
  parent: ProcDirEntry | null,
): void {
  const buf = kzalloc(Limits.NAME_MAX + 1);
  if (buf == 0) return;
  const n = strscpy_lit(buf, name, Limits.NAME_MAX + 1);
  const found = d_lookup(dir_of(parent), buf, n);
  kfree(buf);
  if (found == null) return;
  const inode = found.inode!;
  dput(found);
  if (is_pde_inode(inode)) proc_remove(PDE(inode));
}
