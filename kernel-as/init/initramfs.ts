// initramfs.ts - files that the host brings: the boot archive and mounted
// folders.
//
// An archive is a manifest, itself a blob of the host, with a line per file:
//
//   TYPE MODE SIZE BLOB PATH[ -> TARGET]
//
// TYPE f: a file, its contents are blob BLOB; d: a directory; l: a symbolic
// link to TARGET; x: a program of the host's registry, TARGET its name there
// (the last part of PATH without one); p: a fifo; h: another name for the file
// TARGET of this archive. MODE is octal. A backslash and three octal digits
// are a byte of PATH or TARGET. Missing directories on the way to PATH
// are made with mode 755. From a line "m 0 UID GID MTIME" on files belong to
// UID and GID and were last written at MTIME, in ns; before it they are
// root's and new.
// Mirrors Linux init/initramfs.c, whose archive is a cpio.

import { Errno, Mode } from "../abi";
import { host_read } from "../host";
import { pr_err } from "../kernel/printk/printk";
import { isdigit, strlen } from "../lib/string";
import { snprintf } from "../lib/vsprintf";
import { kfree, kstrdup, kzalloc } from "../mm/slab";
import { d_alloc, d_lookup, dput } from "../fs/dcache";
import { Dentry, Inode, SuperBlock } from "../fs/fs";
import { iput } from "../fs/inode";
import { simple_link, simple_new_child } from "../fs/libfs";
import { root_mnt } from "../fs/mount";
import { ramfs_get_inode } from "../fs/ramfs/inode";

const SLASH: u8 = 47;
const SPACE: u8 = 32;
const NEWLINE: u8 = 10;
const BACKSLASH: u8 = 92;
/** " -> " as a word. */
const ARROW: u32 = 0x203e2d20;

/** A buffer of the manifest: a line may not be longer. */
const CHUNK: u32 = 16384;

/** One line of the manifest. */
let line_type: u8 = 0;
let line_mode: u32 = 0;
let line_size: u32 = 0;
let line_blob: u32 = 0;
let line_path: usize = 0;
/** 0: none. */
let line_target: usize = 0;

/** Of the files that follow; a time of 0 is now. */
let owner_uid: u32 = 0;
let owner_gid: u32 = 0;
let owner_mtime: u64 = 0;

/** A number and the space behind it; at the address of a cursor. */
function parse_number(cursor: usize, base: u32): u32 {
  let s = load<usize>(cursor);
  let n: u32 = 0;
  for (; isdigit(load<u8>(s)); s++) n = n * base + (load<u8>(s) - 48);
  if (load<u8>(s) == SPACE) s++;
  store<usize>(cursor, s);
  return n;
}

const cursor = memory.data(4, 4);

/** Splits " -> TARGET" off the path. */
function split_target(s: usize): usize {
  for (; load<u8>(s) != 0; s++) {
    if (load<u32>(s) != ARROW) continue;
    store<u8>(s, 0);
    return s + 4;
  }
  return 0;
}

/** Turns "\\012" into the byte it is, in place. */
function unescape(s: usize): void {
  let to = s;
  for (; load<u8>(s) != 0; s++) {
    let c: u32 = load<u8>(s);
    if (c == BACKSLASH) {
      c = 0;
      for (let i = 1; i <= 3; i++) c = c * 8 + ((load<u8>(s + i) - 48) & 7);
      s += 3;
    }
    store<u8>(to++, c);
  }
  store<u8>(to, 0);
}

function parse_line(line: usize): bool {
  line_type = load<u8>(line);
  if (line_type == 0 || load<u8>(line, 1) != SPACE) return false;
  store<usize>(cursor, line + 2);
  line_mode = parse_number(cursor, 8);
  line_size = parse_number(cursor, 10);
  line_blob = parse_number(cursor, 10);
  line_path = load<usize>(cursor);
  line_target = split_target(line_path);
  unescape(line_path);
  if (line_target != 0) unescape(line_target);
  while (load<u8>(line_path) == SLASH) line_path++;
  return true;
}

/** Gives an inode the owner and the time that are in force. */
function set_owner(inode: Inode): void {
  inode.uid = owner_uid;
  inode.gid = owner_gid;
  if (owner_mtime == 0) return;
  inode.atime = inode.mtime = inode.ctime = owner_mtime;
}

/** The line "m": who owns what follows, and since when it is as it is. */
function do_owner(): void {
  owner_uid = line_size;
  owner_gid = line_blob;
  owner_mtime = 0;
  for (let s = line_path; isdigit(load<u8>(s)); s++) {
    owner_mtime = owner_mtime * 10 + (load<u8>(s) - 48);
  }
}

/** The directory `name` in dir, made if it is missing; or null. */
function get_dir(dir: Dentry, name: usize, len: u32): Dentry | null {
  const found = d_lookup(dir, name, len);
  if (found != null) {
    dput(found);
    return found;
  }
  const inode = ramfs_get_inode(dir.inode!.sb, Mode.IFDIR | 0o755);
  if (inode == null) return null;
  set_owner(inode);
  return simple_new_child(dir, name, len, inode);
}

/** What the path names already, or null. */
function find(root: Dentry, path: usize): Dentry | null {
  let at: Dentry | null = root;
  while (at != null && load<u8>(path) != 0) {
    let len: u32 = 0;
    while (load<u8>(path + len) != 0 && load<u8>(path + len) != SLASH) len++;
    at = d_lookup(at, path, len);
    if (at != null) dput(at);
    path += len;
    while (load<u8>(path) == SLASH) path++;
  }
  return at;
}

/** The directory line_path lies in; line_path becomes its last part. */
function walk_to_parent(root: Dentry): Dentry | null {
  let dir: Dentry | null = root;
  for (let s = line_path; load<u8>(s) != 0 && dir != null; s++) {
    if (load<u8>(s) != SLASH) continue;
    dir = get_dir(dir, line_path, <u32>(s - line_path));
    line_path = s + 1;
  }
  return dir;
}

function type_bits(): u32 {
  if (line_type == 100) return Mode.IFDIR;
  if (line_type == 112) return Mode.IFIFO;
  return line_type == 108 ? Mode.IFLNK : Mode.IFREG;
}

const PROGRAM_MAX: u32 = 128;

/** What a program file holds; see fs/exec.ts. */
function program_text(): usize {
  const text = kzalloc(PROGRAM_MAX);
  if (text == 0) return 0;
  const name = line_target != 0 ? line_target : line_path;
  snprintf(text, PROGRAM_MAX, "\x7fPBX%s\n", name);
  return text;
}

/** Gives a new inode what the line says it holds; false without memory. */
function fill_inode(inode: Inode): bool {
  inode.size = line_size;
  if (line_type == 102) {
    inode.blob = line_blob;
    inode.backed_size = line_size;
    return true;
  }
  if (line_type == 100 || line_type == 112) return true;
  inode.i_link = line_type == 108 ? kstrdup(line_target) : program_text();
  if (inode.i_link == 0) return false;
  inode.size = strlen(inode.i_link);
  if (line_type == 120) inode.backed_size = <u32>inode.size;
  return true;
}

/** Another name for a file that is there. */
function do_link(sb: SuperBlock, dir: Dentry, len: u32): i32 {
  const file = find(sb.root, line_target);
  if (file == null) return -Errno.ENOENT;
  const dentry = d_alloc(dir, line_path, len);
  if (dentry == null) return -Errno.ENOMEM;
  simple_link(file, dir.inode!, dentry);
  dput(dentry);
  return 0;
}

/** Makes the file of the line; 0 or -errno. */
function do_name(sb: SuperBlock): i32 {
  const dir = walk_to_parent(sb.root);
  if (dir == null) return -Errno.ENOMEM;
  if (load<u8>(line_path) == 0) return 0;
  const len = strlen(line_path);
  const old = d_lookup(dir, line_path, len);
  if (old != null) {
    old.inode!.mode = type_bits() | line_mode;
    set_owner(old.inode!);
    dput(old);
    return 0;
  }
  if (line_type == 104) return do_link(sb, dir, len);
  const inode = ramfs_get_inode(sb, type_bits() | line_mode);
  if (inode == null) return -Errno.ENOMEM;
  if (!fill_inode(inode)) {
    iput(inode);
    return -Errno.ENOMEM;
  }
  set_owner(inode);
  const made = simple_new_child(dir, line_path, len, inode);
  return made == null ? -Errno.ENOMEM : 0;
}

function do_line(sb: SuperBlock): i32 {
  if (line_type != 109) return do_name(sb);
  do_owner();
  return 0;
}

/** Where unpacking stands: bytes of the manifest read and kept. */
let chunk: usize = 0;
let kept: u32 = 0;
let blob_pos: u32 = 0;

/** Reads on; how many bytes lie in the buffer now, or -errno. */
function fill_chunk(manifest: u32): i32 {
  const room = CHUNK - 1 - kept;
  const got = host_read(manifest, blob_pos, chunk + kept, room);
  if (got < 0) return got;
  blob_pos += got;
  kept += got;
  return got;
}

/** Handles the whole lines of the buffer and keeps the rest. */
function do_lines(sb: SuperBlock): i32 {
  let line = chunk;
  for (let s = chunk; s < chunk + kept; s++) {
    if (load<u8>(s) != NEWLINE) continue;
    store<u8>(s, 0);
    if (s != line) {
      const err = parse_line(line) ? do_line(sb) : -Errno.EINVAL;
      if (err != 0) return err;
    }
    line = s + 1;
  }
  kept -= <u32>(line - chunk);
  memory.copy(chunk, line, kept);
  return line == chunk && kept >= CHUNK - 1 ? -Errno.EINVAL : 0;
}

/** Fills an empty ramfs from a manifest; 0 or -errno. */
export function unpack_to_rootfs(sb: SuperBlock, manifest: u32): i32 {
  chunk = kzalloc(CHUNK);
  if (chunk == 0) return -Errno.ENOMEM;
  kept = 0;
  blob_pos = 0;
  owner_uid = owner_gid = 0;
  owner_mtime = 0;
  let err = 0;
  while (err == 0) {
    err = fill_chunk(manifest);
    if (err <= 0) break;
    err = do_lines(sb);
  }
  kfree(chunk);
  return err;
}

/** The boot archive, blob 0, becomes the root file system. */
export function populate_rootfs(): void {
  const err = unpack_to_rootfs(root_mnt.sb, 0);
  if (err != 0) {
    pr_err("Initramfs unpacking failed: %d\n", err);
  }
}
