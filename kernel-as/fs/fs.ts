// fs.ts - the structures of the virtual file system.
//
// A file system is a tree of dentries: names, each with an inode. Memory file
// systems keep the whole tree in memory, so a linked dentry is pinned by its
// directory and the tree *is* the file system. Only /proc/<pid> makes dentries
// when they are looked up; those live as long as somebody uses them.
// Unlike Linux's dcache there are no negative dentries, hash chains or LRU.
//
//   File --> Mount, Dentry --> Inode --> SuperBlock --> FileSystemType
//
// Mirrors Linux include/linux/fs.h, dcache.h and fs/mount.h.

import { Mode } from "../abi";

@unmanaged
export class FileSystemType {
  name: string;
  /** No block device: "nodev" in /proc/filesystems. */
  nodev: bool;
  /** Fills a new superblock in; source and data are C strings. */
  fill_super: ((sb: SuperBlock, source: usize, data: usize) => i32) | null;
  /** The superblock all mounts of this type share; null: one each. */
  single: SuperBlock | null;
  /** Every mount shows the same superblock. */
  is_single: bool;
  next: FileSystemType | null;
}

@unmanaged
export class SuperBlock {
  /** Pages the file system may hold; 0 no limit. */
  max_blocks: u64;
  /** Pages it holds. */
  blocks: u64;
  type: FileSystemType;
  root: Dentry;
  /** Device number that stat reports. */
  dev: u32;
  next_ino: u32;
  nr_inodes: u32;
  magic: u32;
  /** Mounts that show it. */
  active: u32;
  /** Frees what an inode holds; called once, when it dies. */
  evict_inode: ((inode: Inode) => void) | null;
  /** A name it does not have cannot be made: looking it up fails (procfs). */
  fixed_names: bool;
}

@unmanaged
export class Inode {
  size: u64;
  /** Times in nanoseconds of the epoch. */
  atime: u64;
  mtime: u64;
  ctime: u64;
  ino: u32;
  /** Mode bits: type and permissions. */
  mode: u32;
  nlink: u32;
  uid: u32;
  gid: u32;
  /** Device number, major << 8 | minor. */
  rdev: u32;
  /** References: dentries and those who hold the inode alone. */
  count: u32;
  sb: SuperBlock;
  op: InodeOperations;
  fop: FileOperations;
  i_private: usize;
  /** Target of a symbolic link, a C string of its own. */
  i_link: usize;

  // Contents of a ramfs file; see ramfs/inode.ts.
  /** Table of page addresses, 0 for a hole. */
  pages: usize;
  /** Entries of the table. */
  pages_max: u32;
  /** Pages in memory. */
  nr_pages: u32;
  /** The host's copy of the contents; backed_size 0: none. */
  blob: u32;
  backed_size: u32;
}

@unmanaged
export class Dentry {
  count: u32;
  /** Where readdir goes on; grows within the parent. */
  cookie: u32;
  /** Next cookie for a child. */
  next_cookie: u32;
  hash: u32;
  /** C string. */
  name: usize;
  name_len: u32;
  /** Itself for a root. */
  parent: Dentry;
  inode: Inode | null;
  /** Linked into its parent, which pins it. */
  hashed: bool;
  /** Mounts that lie on it. */
  mounted: u32;
  sibling_next: usize;
  sibling_prev: usize;
  children_next: usize;
  children_prev: usize;

  get sibling(): usize {
    return changetype<usize>(this) + offsetof<Dentry>("sibling_next");
  }
  get children(): usize {
    return changetype<usize>(this) + offsetof<Dentry>("children_next");
  }
}

export const enum MountFlag {
  RDONLY = 1,
  NOSUID = 2,
  NODEV = 4,
  NOEXEC = 8,
  REMOUNT = 32,
}

@unmanaged
export class Mount {
  /** Open files, working directories and mounts on it. */
  count: u32;
  /** MountFlag bits. */
  flags: u32;
  sb: SuperBlock;
  root: Dentry;
  /** Where it lies; itself for the root mount. */
  parent: Mount;
  mountpoint: Dentry;
  /** Source as /proc/mounts shows it, a C string. */
  devname: usize;
  next: Mount | null;
}

/** A name in the tree; holds references to both. */
@unmanaged
export class Path {
  mnt: Mount;
  dentry: Dentry;
}

export const enum Fmode {
  READ = 1,
  WRITE = 2,
  /** lseek works. */
  LSEEK = 4,
}

@unmanaged
export class File {
  pos: u64;
  count: u32;
  /** Open flags that fcntl may see. */
  flags: u32;
  /** Fmode bits. */
  mode: u32;
  mnt: Mount;
  dentry: Dentry;
  inode: Inode;
  op: FileOperations;
  private_data: usize;
  /** proc: opener list, see proc/inode.ts. */
  openers_next: usize;
  openers_prev: usize;

  get ppos(): usize {
    return changetype<usize>(this) + offsetof<File>("pos");
  }
}

/** What readdir fills: struct linux_dirent64 records. */
@unmanaged
export class DirContext {
  pos: u64;
  buf: usize;
  size: u32;
  used: u32;
}

/** What poll(2) waits for and reports. */
export const enum Poll {
  IN = 1,
  PRI = 2,
  OUT = 4,
  ERR = 8,
  HUP = 16,
  NVAL = 32,
}

/** Operations of open files; a missing one is null. ppos: address of a u64. */
@unmanaged
export class FileOperations {
  llseek: ((file: File, offset: i64, whence: i32) => i64) | null;
  read: ((file: File, buf: usize, count: u32, ppos: usize) => isize) | null;
  write: ((file: File, buf: usize, count: u32, ppos: usize) => isize) | null;
  /** Fills ctx from ctx.pos on; 0 or -errno. */
  iterate_shared: ((file: File, ctx: DirContext) => i32) | null;
  poll: ((file: File) => u32) | null;
  unlocked_ioctl: ((file: File, cmd: u32, arg: usize) => isize) | null;
  open: ((inode: Inode, file: File) => i32) | null;
  release: ((inode: Inode, file: File) => i32) | null;
}

/** Operations on names and attributes. dentry is a new name in dir. */
@unmanaged
export class InodeOperations {
  /** A dentry with a reference, or null; for names not in the tree. */
  lookup: ((dir: Dentry, name: usize, len: u32) => Dentry | null) | null;
  create: ((dir: Inode, dentry: Dentry, mode: u32) => i32) | null;
  link: ((old: Dentry, dir: Inode, dentry: Dentry) => i32) | null;
  unlink: ((dir: Inode, dentry: Dentry) => i32) | null;
  symlink: ((dir: Inode, dentry: Dentry, target: usize) => i32) | null;
  mkdir: ((dir: Inode, dentry: Dentry, mode: u32) => i32) | null;
  rmdir: ((dir: Inode, dentry: Dentry) => i32) | null;
  /** Gives dentry a free name in dir. */
  rename: ((dentry: Dentry, dir: Dentry, name: usize, len: u32) => i32) | null;
  /** Address of the target, an error, or 0 after nd_jump_link(). */
  get_link: ((dentry: Dentry) => usize) | null;
  /** Text of a link whose get_link jumps; length or -errno. */
  readlink: ((dentry: Dentry, buf: usize, size: u32) => isize) | null;
  permission: ((inode: Inode, mask: u32) => i32) | null;
  /** Sets the size. */
  truncate: ((inode: Inode, size: u64) => i32) | null;
}

export function S_ISDIR(mode: u32): bool {
  return (mode & Mode.IFMT) == Mode.IFDIR;
}

export function S_ISREG(mode: u32): bool {
  return (mode & Mode.IFMT) == Mode.IFREG;
}

export function S_ISLNK(mode: u32): bool {
  return (mode & Mode.IFMT) == Mode.IFLNK;
}
