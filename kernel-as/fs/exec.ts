// exec.ts - replaces a task's program.
//
// The native format is a file that begins with "\x7fPBX", a program's name
// and a newline: the name of a program in the host's registry. A file that
// begins with "#!" names its interpreter. On success the host finds in the
// bounce buffer the program's name and the arguments, each ended by NUL, and
// their number in dx; it starts that program in the task.
// Mirrors Linux fs/exec.c, fs/binfmt_script.c and a binfmt of our own.

import { Errno, Limits, Open, Sys, TaskFlag } from "../abi";
import { PtRegs, current } from "../kernel/sched/task";
import { flush_signal_handlers } from "../kernel/signal";
import { task_ubuf } from "../kernel/ubuf";
import { ERR_PTR, IS_ERR, PTR_ERR } from "../lib/err";
import { strchr, strlen, strscpy } from "../lib/string";
import { kfree, kstrndup, kstrdup, kzalloc } from "../mm/slab";
import { do_close_on_exec } from "./file";
import { fput } from "./file_table";
import { File, MountFlag, Path, S_ISREG } from "./fs";
import { path_free } from "./fs_struct";
import { path_dup, path_put, path_set } from "./mount";
import { Lookup, filename_lookup, nd } from "./namei";
import { dentry_open } from "./open";
import { May, inode_permission } from "./permission";
import { vfs_read } from "./read_write";

/** Bytes looked at to tell the format, as Linux's. */
const BINPRM_BUF_SIZE: u32 = 256;
/** Scripts whose interpreter is a script, and so on. */
const MAX_REWRITES = 5;
/** "\x7fPBX" and "#!". */
const PBX_MAGIC: u32 = 0x5842507f;
const SCRIPT_MAGIC: u16 = 0x2123;
/** Bytes of arguments: what fits a bounce buffer with a name. */
const ARG_MAX: u32 = Limits.UBUF_SIZE - BINPRM_BUF_SIZE;
const SLASH: u8 = 47;
const NEWLINE: u8 = 10;
const SPACE: u8 = 32;
const TAB: u8 = 9;

/** What exec knows of the new program. Strings are its own copies. */
@unmanaged
class LinuxBinprm {
  /** Path that was asked for. */
  filename: usize;
  /** Path of the file that is run: of the interpreter, for a script. */
  interp: usize;
  /** Arguments, each ended by NUL. */
  argv: usize;
  argv_len: u32;
  /** First bytes of the file interp. */
  buf: usize;
  /** NAME=value, each ended by NUL. */
  environ: usize;
  environ_len: u32;
  /** Where the file interp is: a Path, or 0. */
  exe: usize;
}

const file_path = changetype<Path>(memory.data(offsetof<Path>(), 4));

/** Opens what is to be executed; a File or an error. */
function do_open_execat(name: usize): usize {
  let err = filename_lookup(name, Lookup.FOLLOW);
  if (err != 0) return ERR_PTR(err);
  const inode = nd.dentry.inode!;
  if (!S_ISREG(inode.mode)) err = -Errno.EACCES;
  else if ((nd.mnt.flags & MountFlag.NOEXEC) != 0) err = -Errno.EACCES;
  else err = inode_permission(inode, May.EXEC);
  if (err == 0) return dentry_open(nd.mnt, nd.dentry, Open.RDONLY);
  path_put(nd);
  return ERR_PTR(err);
}

/** Remembers which file it is; false without memory. */
function set_exe(bprm: LinuxBinprm, file: File): bool {
  path_set(file_path, file.mnt, file.dentry);
  path_free(bprm.exe);
  bprm.exe = path_dup(file_path);
  return bprm.exe != 0;
}

/** Reads the first bytes of bprm.interp; 0 or -errno. */
function prepare_binprm(bprm: LinuxBinprm): i32 {
  const f = do_open_execat(bprm.interp);
  if (IS_ERR(f)) return PTR_ERR(f);
  const file = changetype<File>(f);
  memory.fill(bprm.buf, 0, BINPRM_BUF_SIZE);
  let n: isize = -Errno.ENOMEM;
  if (set_exe(bprm, file)) {
    n = vfs_read(file, bprm.buf, BINPRM_BUF_SIZE - 1, file.ppos);
  }
  fput(file);
  return n < 0 ? <i32>n : 0;
}

function is_blank(c: u8): bool {
  return c == SPACE || c == TAB;
}

/** Ends the word at s with NUL; where the next one begins. */
function end_word(s: usize): usize {
  while (load<u8>(s) != 0 && !is_blank(load<u8>(s))) s++;
  while (is_blank(load<u8>(s))) store<u8>(s++, 0);
  return s;
}

/** Ends the first line with NUL and cuts blanks off its end. */
function end_line(s: usize): void {
  let end = strchr(s, NEWLINE);
  if (end == 0) end = s + strlen(s);
  store<u8>(end, 0);
  while (end > s && is_blank(load<u8>(end - 1))) store<u8>(--end, 0);
}

/** Appends a C string at *at, which moves on. */
function push_arg(at: usize, s: usize): usize {
  const n = strlen(s) + 1;
  memory.copy(at, s, n);
  return at + n;
}

/** The arguments become: interpreter, its one argument, path, the rest. */
function push_script_args(bprm: LinuxBinprm, name: usize, arg: usize): i32 {
  const skip = bprm.argv_len == 0 ? 0 : strlen(bprm.argv) + 1;
  const arg_len = load<u8>(arg) == 0 ? 0 : strlen(arg) + 1;
  const head = strlen(name) + 1 + arg_len + strlen(bprm.interp) + 1;
  const len = head + bprm.argv_len - skip;
  if (len > ARG_MAX) return -Errno.E2BIG;
  const argv = kzalloc(len);
  if (argv == 0) return -Errno.ENOMEM;
  let at = push_arg(argv, name);
  if (arg_len != 0) at = push_arg(at, arg);
  at = push_arg(at, bprm.interp);
  memory.copy(at, bprm.argv + skip, bprm.argv_len - skip);
  kfree(bprm.argv);
  bprm.argv = argv;
  bprm.argv_len = len;
  return 0;
}

/** "#!interpreter [argument]": goes on with the interpreter. */
function load_script(bprm: LinuxBinprm): i32 {
  let name = bprm.buf + 2;
  while (is_blank(load<u8>(name))) name++;
  end_line(name);
  if (load<u8>(name) == 0) return -Errno.ENOEXEC;
  const arg = end_word(name);
  const err = push_script_args(bprm, name, arg);
  if (err != 0) return err;
  const interp = kstrdup(name);
  if (interp == 0) return -Errno.ENOMEM;
  kfree(bprm.interp);
  bprm.interp = interp;
  return 0;
}

/** Follows "#!" until a native program is found; 0 or -errno. */
function search_binary_handler(bprm: LinuxBinprm): i32 {
  for (let i = 0; i <= MAX_REWRITES; i++) {
    let err = prepare_binprm(bprm);
    if (err != 0) return err;
    if (load<u32>(bprm.buf) == PBX_MAGIC) return 0;
    if (load<u16>(bprm.buf) != SCRIPT_MAGIC) return -Errno.ENOEXEC;
    err = load_script(bprm);
    if (err != 0) return err;
  }
  return -Errno.ELOOP;
}

function kbasename(path: usize): usize {
  let base = path;
  for (let s = path; load<u8>(s) != 0; s++) {
    if (load<u8>(s) == SLASH && load<u8>(s, 1) != 0) base = s + 1;
  }
  return base;
}

/** How many NUL-terminated strings lie in len bytes. */
function count_args(argv: usize, len: u32): u32 {
  let n: u32 = 0;
  for (let i: u32 = 0; i < len; i++) {
    if (load<u8>(argv + i) == 0) n++;
  }
  return n;
}

/** Leaves the program's name and the arguments where the host looks. */
function setup_arg_pages(bprm: LinuxBinprm): i32 {
  const name = bprm.buf + 4;
  end_line(name);
  const name_len = strlen(name) + 1;
  const ubuf = task_ubuf(name_len + bprm.argv_len);
  if (ubuf == 0) return -Errno.ENOMEM;
  memory.copy(ubuf, name, name_len);
  memory.copy(ubuf + name_len, bprm.argv, bprm.argv_len);
  current.regs.dx = count_args(bprm.argv, bprm.argv_len);
  return 0;
}

/** The point of no return: the task becomes the new program. */
function begin_new_exec(bprm: LinuxBinprm): void {
  strscpy(current.comm, kbasename(bprm.filename), Limits.TASK_COMM_LEN);
  kfree(current.cmdline);
  current.cmdline = bprm.argv;
  current.cmdline_len = bprm.argv_len;
  bprm.argv = 0;
  kfree(current.environ);
  current.environ = bprm.environ;
  current.environ_len = bprm.environ_len;
  bprm.environ = 0;
  path_free(current.exe);
  current.exe = bprm.exe;
  bprm.exe = 0;
  current.did_exec = true;
  flush_signal_handlers(current);
  do_close_on_exec();
}

function free_bprm(bprm: LinuxBinprm): void {
  kfree(bprm.filename);
  kfree(bprm.interp);
  kfree(bprm.argv);
  kfree(bprm.environ);
  kfree(bprm.buf);
  path_free(bprm.exe);
  kfree(changetype<usize>(bprm));
}

/** argv and env are in its registers. Null without memory. */
function alloc_bprm(name: usize, regs: PtRegs): LinuxBinprm | null {
  const bprm = changetype<LinuxBinprm>(kzalloc(offsetof<LinuxBinprm>()));
  if (changetype<usize>(bprm) == 0) return null;
  bprm.filename = kstrdup(name);
  bprm.interp = kstrdup(name);
  bprm.argv_len = <u32>regs.dx;
  bprm.argv = kstrndup(<usize>regs.si, bprm.argv_len);
  bprm.environ_len = <u32>regs.r8;
  bprm.environ = kstrndup(<usize>regs.r10, bprm.environ_len);
  bprm.buf = kzalloc(BINPRM_BUF_SIZE);
  const full = bprm.filename != 0 && bprm.interp != 0 && bprm.buf != 0;
  if (full && bprm.argv != 0 && bprm.environ != 0) return bprm;
  free_bprm(bprm);
  return null;
}

/** 0 or -errno. */
function do_execveat_common(name: usize, regs: PtRegs): i32 {
  if (<u32>regs.dx > ARG_MAX || <u32>regs.r8 > ARG_MAX) return -Errno.E2BIG;
  if (strlen(name) >= <u32>Limits.PATH_MAX) return -Errno.ENAMETOOLONG;
  const bprm = alloc_bprm(name, regs);
  if (bprm == null) return -Errno.ENOMEM;
  let err = search_binary_handler(bprm);
  if (err == 0) err = setup_arg_pages(bprm);
  if (err == 0) begin_new_exec(bprm);
  free_bprm(bprm);
  return err;
}

/**
 * execve(path, argv, length of argv, environment, its length): strings each
 * ended by NUL. The program gets its environment from the host; what is here
 * is for /proc/<pid>/environ.
 */
export function __x64_sys_execve(regs: PtRegs): isize {
  return do_execveat_common(<usize>regs.di, regs);
}

/**
 * execve() by the kernel itself: current, a task of the kernel, becomes the
 * user program that the first of the arguments names. 0 or -errno.
 */
export function kernel_execve(argv: usize, argv_len: u32): i32 {
  const regs = current.regs;
  regs.orig_ax = Sys.EXECVE;
  regs.si = argv;
  regs.dx = argv_len;
  current.flags &= ~TaskFlag.KTHREAD;
  const err = do_execveat_common(argv, regs);
  regs.ax = err;
  return err;
}
