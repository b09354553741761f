// socket.ts - sockets: what is the same for all protocol families.
//
// A socket is a file of sockfs, which is mounted nowhere. The families are
// modules: one that is asked for and is not there is loaded.
// Mirrors Linux net/socket.c.

import { Errno, Mode, Open, Sys } from "../abi";
import { fd_install, fget, get_unused_fd_from } from "../fs/file";
import { File, FileOperations, Inode, Mount, SuperBlock } from "../fs/fs";
import { alloc_pseudo } from "../fs/libfs";
import { mntget } from "../fs/mount";
import { dentry_open } from "../fs/open";
import { request_module } from "../kernel/module/kmod";
import { PtRegs } from "../kernel/sched/task";
import { set_syscall } from "../kernel/sys_call_table";
import { IS_ERR, PTR_ERR } from "../lib/err";
import { kfree, kzalloc } from "../mm/slab";

/** Families there may be. */
const NPROTO: u32 = 46;
/** Types there are. */
const SOCK_MAX: u32 = 11;
const SOCK_TYPE_MASK: u32 = 0xf;
export const MSG_DONTWAIT: u32 = 0x40;

/** What a family does for its sockets; each returns -errno or what it did. */
@unmanaged
export class ProtoOps {
  release: (sock: Socket) => void;
  connect: (sock: Socket, addr: usize, len: u32) => i32;
  /** addr 0: to whom it is connected. */
  sendmsg: (sock: Socket, buf: usize, n: u32, addr: usize, len: u32) => i32;
  /** msg: the caller's struct msghdr, for what comes beside the data, or 0. */
  recvmsg: (sock: Socket, buf: usize, n: u32, flags: u32, msg: usize) => i32;
  setsockopt: (
    sock: Socket,
    level: i32,
    name: i32,
    val: usize,
    len: u32,
  ) => i32;
  poll: (sock: Socket) => u32;
}

@unmanaged
export class Socket {
  type: u32;
  ops: ProtoOps;
  /** The family's own part. */
  sk: usize;
}

/** Fills sock.ops and sock.sk in; 0 or -errno. */
type CreateFn = (sock: Socket, protocol: i32) => i32;

/** A CreateFn each, or 0. */
const net_families = memory.data(184, 4); // 4 * NPROTO
const sock_sb = changetype<SuperBlock>(memory.data(offsetof<SuperBlock>(), 8));
const sock_mnt = changetype<Mount>(memory.data(offsetof<Mount>(), 4));
const socket_file_ops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);

/** struct msghdr of user programs, with the one buffer it may name here. */
@unmanaged
export class UserMsghdr {
  name: u64;
  namelen: u64;
  iov: u64;
  iovlen: u64;
  control: u64;
  controllen: u64;
  flags: u64;
}

export function sock_register(family: u32, create: CreateFn): void {
  store<usize>(net_families + 4 * family, changetype<usize>(create));
}

/** A second file for a socket (/proc/self/fd/N) cannot be opened. */
function sock_no_open(inode: Inode, _file: File): i32 {
  return inode.i_private == 0 ? 0 : -Errno.ENXIO;
}

function SOCKET_I(file: File): Socket {
  return changetype<Socket>(file.inode.i_private);
}

function sock_close(inode: Inode, file: File): i32 {
  SOCKET_I(file).ops.release(SOCKET_I(file));
  kfree(inode.i_private);
  return 0;
}

function sock_poll(file: File): u32 {
  return SOCKET_I(file).ops.poll(SOCKET_I(file));
}

function sock_recvmsg(
  file: File,
  buf: usize,
  count: u32,
  flags: u32,
  msg: usize,
): i32 {
  const sock = SOCKET_I(file);
  if ((file.flags & Open.NONBLOCK) != 0) flags |= MSG_DONTWAIT;
  return sock.ops.recvmsg(sock, buf, count, flags, msg);
}

function sock_read(file: File, buf: usize, count: u32, _ppos: usize): isize {
  return sock_recvmsg(file, buf, count, 0, 0);
}

function sock_write(file: File, buf: usize, count: u32, _ppos: usize): isize {
  return SOCKET_I(file).ops.sendmsg(SOCKET_I(file), buf, count, 0, 0);
}

/** A new socket of a family; 0 or -errno. May sleep. */
function __sock_create(sock: Socket, family: u32, protocol: i32): i32 {
  if (family >= NPROTO) return -Errno.EAFNOSUPPORT;
  if (sock.type >= SOCK_MAX) return -Errno.EINVAL;
  const at = net_families + 4 * family;
  if (load<usize>(at) == 0) request_module("net-pf-%u", family);
  if (load<usize>(at) == 0) return -Errno.EAFNOSUPPORT;
  return changetype<CreateFn>(load<usize>(at))(sock, protocol);
}

/** The file of a socket that has none yet; address or an error. */
function sock_alloc_file(flags: u32): usize {
  const mode = Mode.IFSOCK | 0o777;
  const dentry = alloc_pseudo(sock_sb, mode, socket_file_ops, "socket:[%u]");
  if (dentry == null) return <usize>-Errno.ENFILE;
  return dentry_open(mntget(sock_mnt), dentry, Open.RDWR | flags);
}

/** A descriptor for sock, which belongs to it then. */
function sock_map_fd(sock: Socket, flags: u32): i32 {
  const fd = get_unused_fd_from(0);
  if (fd < 0) return fd;
  const file = sock_alloc_file(flags);
  if (IS_ERR(file)) return PTR_ERR(file);
  changetype<File>(file).inode.i_private = changetype<usize>(sock);
  fd_install(fd, changetype<File>(file), flags);
  return fd;
}

/** socket(family, type and flags, protocol) */
function __x64_sys_socket(regs: PtRegs): isize {
  const flags = (<u32>regs.si) & ~SOCK_TYPE_MASK;
  if ((flags & ~(Open.CLOEXEC | Open.NONBLOCK)) != 0) return -Errno.EINVAL;
  const sock = changetype<Socket>(kzalloc(offsetof<Socket>()));
  if (changetype<usize>(sock) == 0) return -Errno.ENOMEM;
  sock.type = (<u32>regs.si) & SOCK_TYPE_MASK;
  let ret = __sock_create(sock, <u32>regs.di, <i32>regs.dx);
  if (ret == 0) {
    ret = sock_map_fd(sock, flags);
    if (ret >= 0) return ret;
    sock.ops.release(sock);
  }
  kfree(changetype<usize>(sock));
  return ret;
}

/** The open file of a descriptor that is a socket; else an error. */
function sockfd_lookup(fd: i64): usize {
  const file = fget(<i32>fd);
  if (file == null) return <usize>-Errno.EBADF;
  if (file.op != socket_file_ops) return <usize>-Errno.ENOTSOCK;
  return changetype<usize>(file);
}

/** connect(fd, addr, addrlen) */
function __x64_sys_connect(regs: PtRegs): isize {
  const f = sockfd_lookup(regs.di);
  if (IS_ERR(f)) return PTR_ERR(f);
  const sock = SOCKET_I(changetype<File>(f));
  return sock.ops.connect(sock, <usize>regs.si, <u32>regs.dx);
}

/** sendto(fd, buf, len, flags, addr, addrlen): no flag changes anything */
function __x64_sys_sendto(regs: PtRegs): isize {
  const f = sockfd_lookup(regs.di);
  if (IS_ERR(f)) return PTR_ERR(f);
  const sock = SOCKET_I(changetype<File>(f));
  const buf = <usize>regs.si;
  const n = <u32>regs.dx;
  return sock.ops.sendmsg(sock, buf, n, <usize>regs.r8, <u32>regs.r9);
}

/** recvmsg(fd, msg, flags) */
function __x64_sys_recvmsg(regs: PtRegs): isize {
  const f = sockfd_lookup(regs.di);
  if (IS_ERR(f)) return PTR_ERR(f);
  const msg = changetype<UserMsghdr>(<usize>regs.si);
  if (msg.iovlen != 1) return -Errno.EMSGSIZE;
  const buf = <usize>load<u64>(<usize>msg.iov);
  const n = <u32>load<u64>(<usize>msg.iov, 8);
  return sock_recvmsg(
    changetype<File>(f),
    buf,
    n,
    <u32>regs.dx,
    changetype<usize>(msg),
  );
}

/** setsockopt(fd, level, name, val, len) */
function __x64_sys_setsockopt(regs: PtRegs): isize {
  const f = sockfd_lookup(regs.di);
  if (IS_ERR(f)) return PTR_ERR(f);
  const sock = SOCKET_I(changetype<File>(f));
  const level = <i32>regs.si;
  const name = <i32>regs.dx;
  const val = <usize>regs.r10;
  return sock.ops.setsockopt(sock, level, name, val, <u32>regs.r8);
}

export function sock_init(): void {
  const f = socket_file_ops;
  f.open = sock_no_open;
  f.release = sock_close;
  f.read = sock_read;
  f.write = sock_write;
  f.poll = sock_poll;
  sock_sb.dev = 8;
  sock_mnt.sb = sock_sb;
  sock_mnt.count = 1;
  set_syscall(Sys.SOCKET, __x64_sys_socket);
  set_syscall(Sys.CONNECT, __x64_sys_connect);
  set_syscall(Sys.SENDTO, __x64_sys_sendto);
  set_syscall(Sys.RECVMSG, __x64_sys_recvmsg);
  set_syscall(Sys.SETSOCKOPT, __x64_sys_setsockopt);
}
