// pipe.ts - pipes: a ring of PIPE_SIZE bytes between writers and readers.
//
// Writes of at most PIPE_BUF bytes are atomic. A reader sees end of file when
// no writer is left; a writer without readers gets SIGPIPE and EPIPE.
// Mirrors Linux fs/pipe.c, with bytes instead of page buffers.

import { Errno, Limits, Mode, Open, Sig, TaskState } from "../abi";
import { schedule, signal_pending } from "../kernel/sched/core";
import { PtRegs, current } from "../kernel/sched/task";
import { finish_wait, init_waitqueue_head } from "../kernel/sched/wait";
import { prepare_to_wait, wake_up_interruptible } from "../kernel/sched/wait";
import { send_sig } from "../kernel/signal";
import { IS_ERR, PTR_ERR } from "../lib/err";
import { kfree, kzalloc } from "../mm/slab";
import { dget, dput } from "./dcache";
import { close_fd, fd_install, get_unused_fd_from } from "./file";
import { Dentry, File, FileOperations, Fmode, Inode } from "./fs";
import { Mount, Poll, SuperBlock } from "./fs";
import { alloc_pseudo } from "./libfs";
import { mntget } from "./mount";
import { dentry_open } from "./open";

/** One pipe; lives as long as its inode. */
@unmanaged
class PipeInodeInfo {
  /** Ring of PIPE_SIZE bytes. */
  buf: usize;
  /** Bytes written and read in all; the difference is in the ring. */
  head: u32;
  tail: u32;
  readers: u32;
  writers: u32;
  /** Times each end was opened: an opener of a FIFO waits for the other. */
  r_counter: u32;
  w_counter: u32;
  /** Readers and writers wait here. */
  rd_next: usize;
  rd_prev: usize;
  wr_next: usize;
  wr_prev: usize;

  get rd_wait(): usize {
    return changetype<usize>(this) + offsetof<PipeInodeInfo>("rd_next");
  }
  get wr_wait(): usize {
    return changetype<usize>(this) + offsetof<PipeInodeInfo>("wr_next");
  }
}

export const pipefifo_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);

/** Pipes have inodes, but lie in no directory. */
const pipe_sb = changetype<SuperBlock>(memory.data(offsetof<SuperBlock>(), 8));
/** Pipes have no name; what has one is a FIFO. */
function is_fifo(inode: Inode): bool {
  return inode.sb != pipe_sb;
}

export const pipe_mnt = changetype<Mount>(memory.data(offsetof<Mount>(), 4));

export function init_pipe_fs(): void {
  const f = pipefifo_fops;
  f.read = pipe_read;
  f.write = pipe_write;
  f.poll = pipe_poll;
  f.open = fifo_open;
  f.release = pipe_release;
  f.unlocked_ioctl = pipe_ioctl;
  pipe_sb.dev = 15;
  pipe_sb.evict_inode = free_pipe_info;
  pipe_mnt.sb = pipe_sb;
  pipe_mnt.count = 1;
}

function file_pipe(file: File): PipeInodeInfo {
  return changetype<PipeInodeInfo>(file.inode.i_private);
}

function alloc_pipe_info(): PipeInodeInfo | null {
  const pipe = changetype<PipeInodeInfo>(kzalloc(offsetof<PipeInodeInfo>()));
  if (changetype<usize>(pipe) == 0) return null;
  pipe.buf = kzalloc(Limits.PIPE_SIZE);
  if (pipe.buf == 0) {
    kfree(changetype<usize>(pipe));
    return null;
  }
  init_waitqueue_head(pipe.rd_wait);
  init_waitqueue_head(pipe.wr_wait);
  return pipe;
}

function free_pipe_info(inode: Inode): void {
  const pipe = changetype<PipeInodeInfo>(inode.i_private);
  if (inode.i_private == 0) return;
  kfree(pipe.buf);
  kfree(inode.i_private);
  inode.i_private = 0;
}

function pipe_used(pipe: PipeInodeInfo): u32 {
  return pipe.head - pipe.tail;
}

/** Moves n bytes out of the ring. */
function take_bytes(pipe: PipeInodeInfo, buf: usize, n: u32): void {
  const at = pipe.tail & (Limits.PIPE_SIZE - 1);
  const first = min<u32>(n, Limits.PIPE_SIZE - at);
  memory.copy(buf, pipe.buf + at, first);
  memory.copy(buf + first, pipe.buf, n - first);
  pipe.tail += n;
}

function put_pipe_bytes(pipe: PipeInodeInfo, buf: usize, n: u32): void {
  const at = pipe.head & (Limits.PIPE_SIZE - 1);
  const first = min<u32>(n, Limits.PIPE_SIZE - at);
  memory.copy(pipe.buf + at, buf, first);
  memory.copy(pipe.buf, buf + first, n - first);
  pipe.head += n;
}

/** Sleeps until there is something to read; 0 or -errno. */
function wait_readable(pipe: PipeInodeInfo): i32 {
  let err = 0;
  for (;;) {
    prepare_to_wait(pipe.rd_wait, TaskState.INTERRUPTIBLE);
    if (pipe_used(pipe) > 0 || pipe.writers == 0) break;
    if (signal_pending(current)) {
      err = -Errno.ERESTARTSYS;
      break;
    }
    schedule();
  }
  finish_wait(pipe.rd_wait);
  return err;
}

function pipe_read(file: File, buf: usize, count: u32, ppos: usize): isize {
  const pipe = file_pipe(file);
  if (count == 0) return 0;
  if (pipe_used(pipe) == 0 && pipe.writers > 0) {
    if ((file.flags & Open.NONBLOCK) != 0) return -Errno.EAGAIN;
    const err = wait_readable(pipe);
    if (err != 0) return err;
  }
  const n = min<u32>(count, pipe_used(pipe));
  take_bytes(pipe, buf, n);
  if (n > 0) wake_up_interruptible(pipe.wr_wait);
  return n;
}

/** Sleeps until need bytes are free or nobody reads; 0 or -errno. */
function wait_writable(pipe: PipeInodeInfo, need: u32): i32 {
  let err = 0;
  for (;;) {
    prepare_to_wait(pipe.wr_wait, TaskState.INTERRUPTIBLE);
    if (pipe.readers == 0) break;
    if (<u32>Limits.PIPE_SIZE - pipe_used(pipe) >= need) break;
    if (signal_pending(current)) {
      err = -Errno.ERESTARTSYS;
      break;
    }
    schedule();
  }
  finish_wait(pipe.wr_wait);
  return err;
}

/** Room for the next piece of a write of count bytes; 0 or -errno. */
function pipe_make_room(file: File, pipe: PipeInodeInfo, count: u32): i32 {
  const need: u32 = count <= <u32>Limits.PIPE_BUF ? count : 1;
  if (pipe.readers > 0 && <u32>Limits.PIPE_SIZE - pipe_used(pipe) < need) {
    if ((file.flags & Open.NONBLOCK) != 0) return -Errno.EAGAIN;
    const err = wait_writable(pipe, need);
    if (err != 0) return err;
  }
  if (pipe.readers > 0) return 0;
  send_sig(Sig.SIGPIPE, current);
  return -Errno.EPIPE;
}

function pipe_write(file: File, buf: usize, count: u32, ppos: usize): isize {
  const pipe = file_pipe(file);
  let done: u32 = 0;
  while (done < count) {
    const err = pipe_make_room(file, pipe, count);
    if (err != 0) return done > 0 ? <isize>done : err;
    const room: u32 = <u32>Limits.PIPE_SIZE - pipe_used(pipe);
    const n = min<u32>(count - done, room);
    put_pipe_bytes(pipe, buf + done, n);
    done += n;
    wake_up_interruptible(pipe.rd_wait);
  }
  return done;
}

function pipe_poll(file: File): u32 {
  const pipe = file_pipe(file);
  let mask: u32 = 0;
  if ((file.mode & Fmode.READ) != 0) {
    if (pipe_used(pipe) > 0) mask |= Poll.IN;
    if (pipe.writers == 0) mask |= Poll.HUP;
  }
  if ((file.mode & Fmode.WRITE) != 0) {
    if (<u32>Limits.PIPE_SIZE - pipe_used(pipe) >= <u32>Limits.PIPE_BUF) {
      mask |= Poll.OUT;
    }
    if (pipe.readers == 0) mask |= Poll.ERR;
  }
  return mask;
}

/** FIONREAD only. */
function pipe_ioctl(file: File, cmd: u32, arg: usize): isize {
  if (cmd != 0x541b) return -Errno.ENOTTY;
  store<u32>(arg, pipe_used(file_pipe(file)));
  return 0;
}

/** Sleeps until the other end has been opened since; 0 or -errno. */
function wait_for_partner(pipe: PipeInodeInfo, wq: usize, reads: bool): i32 {
  const since = reads ? pipe.w_counter : pipe.r_counter;
  let err = 0;
  for (;;) {
    prepare_to_wait(wq, TaskState.INTERRUPTIBLE);
    if ((reads ? pipe.w_counter : pipe.r_counter) != since) break;
    if (signal_pending(current)) {
      err = -Errno.ERESTARTSYS;
      break;
    }
    schedule();
  }
  finish_wait(wq);
  return err;
}

/** Who opens one end of a FIFO waits for the other; 0 or -errno. */
function fifo_rendezvous(pipe: PipeInodeInfo, file: File): i32 {
  const nonblock = (file.flags & Open.NONBLOCK) != 0;
  if (file.mode == Fmode.READ && pipe.writers == 0) {
    return nonblock ? 0 : wait_for_partner(pipe, pipe.rd_wait, true);
  }
  if (file.mode == Fmode.WRITE && pipe.readers == 0) {
    if (nonblock) return -Errno.ENXIO;
    return wait_for_partner(pipe, pipe.wr_wait, false);
  }
  return 0;
}

function add_ends(pipe: PipeInodeInfo, file: File): void {
  if ((file.mode & Fmode.READ) != 0) {
    pipe.readers++;
    pipe.r_counter++;
    wake_up_interruptible(pipe.wr_wait);
  }
  if ((file.mode & Fmode.WRITE) != 0) {
    pipe.writers++;
    pipe.w_counter++;
    wake_up_interruptible(pipe.rd_wait);
  }
}

/** One more end, also when /proc/self/fd/N is opened. May sleep. */
function fifo_open(inode: Inode, file: File): i32 {
  if (inode.i_private == 0) {
    inode.i_private = changetype<usize>(alloc_pipe_info());
    if (inode.i_private == 0) return -Errno.ENOMEM;
  }
  const pipe = changetype<PipeInodeInfo>(inode.i_private);
  add_ends(pipe, file);
  const err = is_fifo(inode) ? fifo_rendezvous(pipe, file) : 0;
  if (err != 0) pipe_release(inode, file);
  return err;
}

/** A FIFO that nobody has open forgets what was in it. */
function pipe_release(inode: Inode, file: File): i32 {
  const pipe = changetype<PipeInodeInfo>(inode.i_private);
  if ((file.mode & Fmode.READ) != 0) pipe.readers--;
  if ((file.mode & Fmode.WRITE) != 0) pipe.writers--;
  wake_up_interruptible(pipe.rd_wait);
  wake_up_interruptible(pipe.wr_wait);
  const open = pipe.readers + pipe.writers;
  if (open == 0 && is_fifo(inode)) free_pipe_info(inode);
  return 0;
}

/** One end; address of a File or an error. */
function create_pipe_end(dentry: Dentry, flags: u32): usize {
  return dentry_open(mntget(pipe_mnt), dget(dentry), flags);
}

/** Opens a descriptor for one end and stores its number at fds. */
function install_end(dentry: Dentry, flags: u32, fds: usize): i32 {
  const fd = get_unused_fd_from(0);
  if (fd < 0) return fd;
  const file = create_pipe_end(dentry, flags);
  if (IS_ERR(file)) return PTR_ERR(file);
  fd_install(fd, changetype<File>(file), flags);
  store<i32>(fds, fd);
  return 0;
}

export function do_pipe2(fds: usize, flags: u32): isize {
  if ((flags & ~(Open.CLOEXEC | Open.NONBLOCK)) != 0) return -Errno.EINVAL;
  const dentry = alloc_pseudo(
    pipe_sb,
    Mode.IFIFO | 0o600,
    pipefifo_fops,
    "pipe:[%u]",
  );
  if (dentry == null) return -Errno.ENFILE;
  let err = install_end(dentry, Open.RDONLY | flags, fds);
  if (err == 0) {
    err = install_end(dentry, Open.WRONLY | flags, fds + 4);
    if (err != 0) close_fd(load<i32>(fds));
  }
  dput(dentry);
  return err;
}

/** pipe2(fds, flags): two i32, the end to read and the end to write */
export function __x64_sys_pipe2(regs: PtRegs): isize {
  return do_pipe2(<usize>regs.di, <u32>regs.si);
}
