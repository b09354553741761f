// root.ts - /proc itself: entries by name, and a directory per task.
// Mirrors Linux fs/proc/root.c.

import { Errno } from "../../abi";
import { IS_ERR } from "../../lib/err";
import { panic } from "../../kernel/panic";
import { Dentry, DirContext, File, FileOperations } from "../fs";
import { FileSystemType, InodeOperations, SuperBlock } from "../fs";
import { register_filesystem } from "../filesystems";
import { simple_make_root } from "../libfs";
import { dir_emit_children } from "../readdir";
import { sget } from "../super";
import { proc_base_init, proc_pid_lookup, proc_pid_readdir } from "./base";
import { proc_generic_init } from "./generic";
import { proc_inode_init } from "./inode";
import { proc_entries_init } from "./entries";

const PROC_SUPER_MAGIC: u32 = 0x9fa0;
/** Position of the first task's directory; entries lie below. */
const FIRST_PROCESS_ENTRY: u64 = 1 << 20;

const proc_fs_type = changetype<FileSystemType>(
  memory.data(offsetof<FileSystemType>(), 4),
);
const proc_root_operations = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);
const proc_root_inode_operations = changetype<InodeOperations>(
  memory.data(offsetof<InodeOperations>(), 8),
);

function proc_fill_super(sb: SuperBlock, source: usize, data: usize): i32 {
  sb.magic = PROC_SUPER_MAGIC;
  sb.fixed_names = true;
  const root = simple_make_root(sb, 0o555);
  if (root == null) return -Errno.ENOMEM;
  const inode = root.inode!;
  inode.op = proc_root_inode_operations;
  inode.fop = proc_root_operations;
  return 0;
}

function proc_root_lookup(dir: Dentry, name: usize, len: u32): Dentry | null {
  return proc_pid_lookup(dir, name, len);
}

function proc_root_readdir(file: File, ctx: DirContext): i32 {
  if (ctx.pos < FIRST_PROCESS_ENTRY) {
    if (!dir_emit_children(file, ctx)) return 0;
    ctx.pos = FIRST_PROCESS_ENTRY;
  }
  return proc_pid_readdir(ctx, FIRST_PROCESS_ENTRY);
}

export function proc_root_init(): void {
  proc_root_operations.iterate_shared = proc_root_readdir;
  proc_root_inode_operations.lookup = proc_root_lookup;
  proc_fs_type.fill_super = proc_fill_super;
  proc_fs_type.is_single = true;
  register_filesystem(proc_fs_type, "proc");
  const sb = sget(proc_fs_type, 0, 0);
  if (IS_ERR(sb)) return panic("No memory for proc");
  proc_inode_init();
  proc_generic_init(changetype<SuperBlock>(sb));
  proc_base_init(changetype<SuperBlock>(sb));
  proc_entries_init();
}
