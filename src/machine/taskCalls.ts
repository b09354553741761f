import { Errno, Ioctl, Limits, RegsField, Sys, TaskField, Termios } from "../../kernel-as/abi.ts";
import {
  SysError,
  type Dirent,
  type HostJob,
  type PollFd,
  type SigAction,
  type Stat,
  type SysCalls,
  type Utsname,
  type WaitResult,
} from "../user/sys.ts";
import type { Machine } from "./machine.ts";
import { Bounce, encodeBlock, putRegs, readDirents, readStat, sizeOf } from "./marshal.ts";
import type { UserTask } from "./userTask.ts";

const MAX_ERRNO = 4095;
const REBOOT_MAGIC = 0xfee1dead;
const REBOOT_COMMANDS = {
  restart: 0x01234567,
  halt: 0xcdef0123,
  "power-off": 0x4321fedc,
  kexec: 0x45584543,
} as const;
const UTSNAME_FIELD = 65;
const AT_FDCWD = -100;
/** utimensat: leave this time alone. */
const UTIME_OMIT = 0x3ffffffe;

/** The system calls of one task, marshalled through its bounce buffer. */
export class TaskCalls implements SysCalls {
  constructor(
    private readonly machine: Machine,
    private readonly user: UserTask,
  ) {}

  get pid(): number {
    return this.user.pid;
  }

  get #mem() {
    return this.machine.kernel.mem;
  }

  /** Makes the call; throws SysError when the kernel answers -errno. */
  async #call(name: string, nr: Sys, ...args: number[]): Promise<number> {
    putRegs(this.#mem, this.user.task, nr, args);
    const made = this.machine.syscall(this.user);
    const ax = typeof made === "number" ? made : await made;
    if (ax < 0 && ax >= -MAX_ERRNO) throw new SysError(-ax, name);
    return ax;
  }

  #bounce(size: number, call: string): Bounce {
    return new Bounce(this.machine.kernel, size, call);
  }

  /** A call whose first argument is a path. */
  #path(name: string, nr: Sys, path: string, ...rest: number[]): Promise<number> {
    const b = this.#bounce(sizeOf(path), name);
    return this.#call(name, nr, b.string(path), ...rest);
  }

  #twoPaths(name: string, nr: Sys, first: string, second: string): Promise<number> {
    const b = this.#bounce(sizeOf(first, second), name);
    return this.#call(name, nr, b.string(first), b.string(second));
  }

  // Files.

  open(path: string, flags: number, mode = 0o666): Promise<number> {
    return this.#path("open", Sys.OPEN, path, flags, mode);
  }

  async read(fd: number, count: number): Promise<Uint8Array> {
    const n = Math.min(count, Limits.UBUF_SIZE);
    const buf = this.#bounce(n, "read").room(n);
    const got = await this.#call("read", Sys.READ, fd, buf, n);
    return this.#mem.copy(this.#ubuf(), got);
  }

  /** Where the task's bounce buffer is now. */
  #ubuf(): number {
    return this.#mem.u32(this.user.task + TaskField.UBUF);
  }

  write(fd: number, data: Uint8Array): Promise<number> {
    const part = data.subarray(0, Limits.UBUF_SIZE);
    const buf = this.#bounce(Math.max(part.length, 1), "write").bytes(part);
    return this.#call("write", Sys.WRITE, fd, buf, part.length);
  }

  async close(fd: number): Promise<void> {
    await this.#call("close", Sys.CLOSE, fd);
  }

  lseek(fd: number, offset: number, whence: 0 | 1 | 2): Promise<number> {
    return this.#call("lseek", Sys.LSEEK, fd, offset, whence);
  }

  dup(fd: number): Promise<number> {
    return this.#call("dup", Sys.DUP, fd);
  }

  dup2(oldFd: number, newFd: number): Promise<number> {
    return this.#call("dup2", Sys.DUP2, oldFd, newFd);
  }

  fcntl(fd: number, cmd: number, arg: number): Promise<number> {
    return this.#call("fcntl", Sys.FCNTL, fd, cmd, arg);
  }

  async pipe2(flags: number): Promise<[number, number]> {
    const at = this.#bounce(64, "pipe2").room(8);
    await this.#call("pipe2", Sys.PIPE2, at, flags);
    return [this.#mem.i32(at), this.#mem.i32(at + 4)];
  }

  /** struct pollfd: fd i32, events i16, revents i16. */
  async poll(fds: PollFd[], timeoutMs: number): Promise<number> {
    const at = this.#bounce(8 * fds.length + 16, "poll").room(8 * fds.length);
    fds.forEach(({ fd, events }, i) => {
      this.#mem.setU32(at + 8 * i, fd);
      this.#mem.setU32(at + 8 * i + 4, events);
    });
    const n = await this.#call("poll", Sys.POLL, at, fds.length, timeoutMs);
    fds.forEach((f, i) => (f.revents = this.#mem.u32(at + 8 * i + 4) >>> 16));
    return n;
  }

  stat(path: string): Promise<Stat> {
    return this.#stat("stat", Sys.STAT, path);
  }

  lstat(path: string): Promise<Stat> {
    return this.#stat("lstat", Sys.LSTAT, path);
  }

  async #stat(name: string, nr: Sys, path: string): Promise<Stat> {
    const b = this.#bounce(sizeOf(path) + 256, name);
    const pathAt = b.string(path);
    const at = b.room(256);
    await this.#call(name, nr, pathAt, at);
    return readStat(this.#mem, at);
  }

  async fstat(fd: number): Promise<Stat> {
    const at = this.#bounce(320, "fstat").room(256);
    await this.#call("fstat", Sys.FSTAT, fd, at);
    return readStat(this.#mem, at);
  }

  async access(path: string, mode: number): Promise<void> {
    await this.#path("access", Sys.ACCESS, path, mode);
  }

  async getdents(fd: number): Promise<Dirent[]> {
    const size = 4096;
    const at = this.#bounce(size + 8, "getdents64").room(size);
    const n = await this.#call("getdents64", Sys.GETDENTS64, fd, at, size);
    return readDirents(this.#mem, at, n);
  }

  async mkdir(path: string, mode: number): Promise<void> {
    await this.#path("mkdir", Sys.MKDIR, path, mode);
  }

  async rmdir(path: string): Promise<void> {
    await this.#path("rmdir", Sys.RMDIR, path);
  }

  async unlink(path: string): Promise<void> {
    await this.#path("unlink", Sys.UNLINK, path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#twoPaths("rename", Sys.RENAME, from, to);
  }

  async link(from: string, to: string): Promise<void> {
    await this.#twoPaths("link", Sys.LINK, from, to);
  }

  async symlink(target: string, path: string): Promise<void> {
    await this.#twoPaths("symlink", Sys.SYMLINK, target, path);
  }

  async readlink(path: string): Promise<string> {
    const b = this.#bounce(sizeOf(path) + Limits.PATH_MAX, "readlink");
    const pathAt = b.string(path);
    const at = b.room(Limits.PATH_MAX);
    const n = await this.#call("readlink", Sys.READLINK, pathAt, at, Limits.PATH_MAX);
    return new TextDecoder().decode(this.#mem.copy(at, n));
  }

  async chmod(path: string, mode: number): Promise<void> {
    await this.#path("chmod", Sys.CHMOD, path, mode);
  }

  async chown(path: string, uid: number, gid: number): Promise<void> {
    await this.#path("chown", Sys.CHOWN, path, uid, gid);
  }

  async truncate(path: string, size: number): Promise<void> {
    await this.#path("truncate", Sys.TRUNCATE, path, size);
  }

  async utimens(path: string, atimeNs: number | null, mtimeNs: number | null): Promise<void> {
    const b = this.#bounce(sizeOf(path) + 64, "utimensat");
    const pathAt = b.string(path);
    const at = b.room(32);
    [atimeNs, mtimeNs].forEach((ns, i) => {
      this.#mem.setI64(at + 16 * i, ns === null ? 0 : Math.floor(ns / 1e9));
      this.#mem.setI64(at + 16 * i + 8, ns === null ? UTIME_OMIT : ns % 1e9);
    });
    await this.#call("utimensat", Sys.UTIMENSAT, AT_FDCWD, pathAt, at, 0);
  }

  async chdir(path: string): Promise<void> {
    await this.#path("chdir", Sys.CHDIR, path);
  }

  async getcwd(): Promise<string> {
    const at = this.#bounce(Limits.PATH_MAX + 8, "getcwd").room(Limits.PATH_MAX);
    await this.#call("getcwd", Sys.GETCWD, at, Limits.PATH_MAX);
    return this.#mem.cstring(at);
  }

  umask(mask: number): Promise<number> {
    return this.#call("umask", Sys.UMASK, mask);
  }

  async mount(source: string, target: string, fstype: string, flags: number, data: string): Promise<void> {
    const b = this.#bounce(sizeOf(source, target, fstype, data), "mount");
    const [s, t, f] = [b.string(source), b.string(target), b.string(fstype)];
    await this.#call("mount", Sys.MOUNT, s, t, f, flags, b.string(data));
  }

  async umount(target: string): Promise<void> {
    await this.#path("umount2", Sys.UMOUNT2, target, 0);
  }

  // Processes.

  async fork(entry: (sys: SysCalls) => Promise<number>): Promise<number> {
    putRegs(this.#mem, this.user.task, Sys.FORK, []);
    this.machine.nextChild(this.user, entry);
    const made = this.machine.syscall(this.user);
    const pid = typeof made === "number" ? made : await made;
    if (pid < 0) throw new SysError(-pid, "fork");
    return pid;
  }

  async execve(path: string, argv: string[], env: Map<string, string>): Promise<never> {
    const block = encodeBlock(argv);
    if (block.length + path.length > 2 * Limits.UBUF_SIZE) {
      throw new SysError(Errno.E2BIG, "execve");
    }
    const b = this.#bounce(sizeOf(path) + block.length + 2 * Limits.PATH_MAX, "execve");
    const pathAt = b.string(path);
    const before = this.user.env;
    this.user.env = new Map(env);
    try {
      await this.#call("execve", Sys.EXECVE, pathAt, b.bytes(block), block.length);
    } catch (error) {
      this.user.env = before;
      throw error;
    }
    throw new Error("execve returned");
  }

  async exit(status: number): Promise<never> {
    await this.#call("exit", Sys.EXIT, status);
    throw new Error("exit returned");
  }

  async wait4(pid: number, options: number): Promise<WaitResult | null> {
    const found = await this.#call("wait4", Sys.WAIT4, pid, options);
    if (found === 0) return null;
    const status = this.#mem.i32(this.user.task + TaskField.REGS + RegsField.R10);
    return { pid: found, status };
  }

  async kill(pid: number, sig: number): Promise<void> {
    await this.#call("kill", Sys.KILL, pid, sig);
  }

  async sigaction(sig: number, action: SigAction): Promise<void> {
    const how = action === "default" ? 0 : action === "ignore" ? 1 : 2;
    await this.#call("rt_sigaction", Sys.RT_SIGACTION, sig, how);
    if (typeof action === "function") this.user.handlers.set(sig, action);
    else this.user.handlers.delete(sig);
  }

  async sigprocmask(how: 0 | 1 | 2, mask: number): Promise<number> {
    const old = await this.#call("rt_sigprocmask", Sys.RT_SIGPROCMASK, how, mask);
    return old >>> 0;
  }

  async pause(): Promise<never> {
    await this.#call("pause", Sys.PAUSE);
    throw new Error("pause returned");
  }

  alarm(seconds: number): Promise<number> {
    return this.#call("alarm", Sys.ALARM, seconds);
  }

  async nanosleep(ns: number): Promise<void> {
    await this.#call("nanosleep", Sys.NANOSLEEP, Math.round(ns));
  }

  async sched_yield(): Promise<void> {
    await this.#call("sched_yield", Sys.SCHED_YIELD);
  }

  getpid(): Promise<number> {
    return this.#call("getpid", Sys.GETPID);
  }

  getppid(): Promise<number> {
    return this.#call("getppid", Sys.GETPPID);
  }

  getuid(): Promise<number> {
    return this.#call("getuid", Sys.GETUID);
  }

  geteuid(): Promise<number> {
    return this.#call("geteuid", Sys.GETEUID);
  }

  getgid(): Promise<number> {
    return this.#call("getgid", Sys.GETGID);
  }

  async setuid(uid: number): Promise<void> {
    await this.#call("setuid", Sys.SETUID, uid);
  }

  async setgid(gid: number): Promise<void> {
    await this.#call("setgid", Sys.SETGID, gid);
  }

  async setpgid(pid: number, pgid: number): Promise<void> {
    await this.#call("setpgid", Sys.SETPGID, pid, pgid);
  }

  getpgid(pid: number): Promise<number> {
    return this.#call("getpgid", Sys.GETPGID, pid);
  }

  setsid(): Promise<number> {
    return this.#call("setsid", Sys.SETSID);
  }

  getsid(pid: number): Promise<number> {
    return this.#call("getsid", Sys.GETSID, pid);
  }

  // Terminals.

  async tcgetattr(fd: number): Promise<Uint8Array> {
    const at = this.#bounce(64, "tcgetattr").room(Termios.SIZEOF);
    await this.#call("tcgetattr", Sys.IOCTL, fd, Ioctl.TCGETS, at);
    return this.#mem.copy(at, Termios.SIZEOF);
  }

  async tcsetattr(fd: number, when: 0 | 1 | 2, termios: Uint8Array): Promise<void> {
    const at = this.#bounce(64, "tcsetattr").bytes(termios);
    await this.#call("tcsetattr", Sys.IOCTL, fd, Ioctl.TCSETS + when, at);
  }

  /** struct winsize: four u16, rows and columns first. */
  async winsize(fd: number): Promise<{ rows: number; cols: number }> {
    const at = this.#bounce(64, "ioctl").room(8);
    await this.#call("ioctl", Sys.IOCTL, fd, Ioctl.TIOCGWINSZ, at);
    const word = this.#mem.u32(at);
    return { rows: word & 0xffff, cols: word >>> 16 };
  }

  async setWinsize(fd: number, rows: number, cols: number): Promise<void> {
    const at = this.#bounce(64, "ioctl").room(8);
    this.#mem.setU32(at, (cols << 16) | rows);
    this.#mem.setU32(at + 4, 0);
    await this.#call("ioctl", Sys.IOCTL, fd, Ioctl.TIOCSWINSZ, at);
  }

  async tcgetpgrp(fd: number): Promise<number> {
    const at = this.#bounce(64, "tcgetpgrp").room(8);
    await this.#call("tcgetpgrp", Sys.IOCTL, fd, Ioctl.TIOCGPGRP, at);
    return this.#mem.i32(at);
  }

  async tcsetpgrp(fd: number, pgrp: number): Promise<void> {
    const at = this.#bounce(64, "tcsetpgrp").room(8);
    this.#mem.setU32(at, pgrp);
    await this.#call("tcsetpgrp", Sys.IOCTL, fd, Ioctl.TIOCSPGRP, at);
  }

  // The system.

  async uname(): Promise<Utsname> {
    const at = this.#bounce(512, "uname").room(6 * UTSNAME_FIELD);
    await this.#call("uname", Sys.UNAME, at);
    const field = (i: number) => this.#mem.cstring(at + i * UTSNAME_FIELD);
    return {
      sysname: field(0),
      nodename: field(1),
      release: field(2),
      version: field(3),
      machine: field(4),
    };
  }

  async clockGettime(clock: 0 | 1 | 7): Promise<number> {
    const at = this.#bounce(64, "clock_gettime").room(16);
    await this.#call("clock_gettime", Sys.CLOCK_GETTIME, clock, at);
    return this.#mem.f64FromI64(at) * 1e9 + this.#mem.u32(at + 8);
  }

  async syslog(type: number, arg: number): Promise<Uint8Array> {
    const size = type >= 2 && type <= 4 ? Math.min(arg, 1 << 20) : 0;
    const at = this.#bounce(size + 16, "syslog").room(size);
    const n = await this.#call("syslog", Sys.SYSLOG, type, size > 0 ? at : 0, arg);
    if (size > 0) return this.#mem.copy(at, n);
    return new TextEncoder().encode(String(n));
  }

  async finit_module(fd: number, params: string, flags: number): Promise<void> {
    const b = this.#bounce(sizeOf(params), "finit_module");
    await this.#call("finit_module", Sys.FINIT_MODULE, fd, b.string(params), flags);
  }

  async init_module(image: Uint8Array, params: string): Promise<void> {
    const b = this.#bounce(image.length + sizeOf(params), "init_module");
    const at = b.bytes(image);
    await this.#call("init_module", Sys.INIT_MODULE, at, image.length, b.string(params));
  }

  async delete_module(name: string, flags: number): Promise<void> {
    await this.#path("delete_module", Sys.DELETE_MODULE, name, flags);
  }

  async sync(): Promise<void> {
    await this.#call("sync", Sys.SYNC);
  }

  async reboot(cmd: keyof typeof REBOOT_COMMANDS): Promise<void> {
    await this.#call("reboot", Sys.REBOOT, REBOOT_MAGIC, 0, REBOOT_COMMANDS[cmd]);
  }

  async hostJob(job: HostJob): Promise<unknown> {
    const { user } = this;
    user.job = job;
    user.jobError = null;
    try {
      await this.#call("host_job", Sys.HOST_JOB);
    } catch (error) {
      if (user.jobError !== null) throw new Error(user.jobError);
      throw error;
    } finally {
      user.job = null;
    }
    return user.jobResult;
  }
}
