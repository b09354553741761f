import type { Errno } from "../../kernel-as/abi.ts";

/** V8's own: how deep a stack new errors remember. */
const traces = Error as { stackTraceLimit?: number };

/**
 * A system call failed; `code` is a positive Linux errno. That is an everyday
 * answer: it carries no stack, which would cost more than the call.
 */
export class SysError extends Error {
  constructor(
    readonly code: Errno,
    readonly call: string,
  ) {
    const limit = traces.stackTraceLimit;
    traces.stackTraceLimit = 0;
    super(`${call}: errno ${code}`);
    traces.stackTraceLimit = limit;
  }
}

/** struct stat as a user program sees it. Times are nanoseconds of the epoch. */
export interface Stat {
  dev: number;
  ino: number;
  nlink: number;
  /** File type and permission bits (`Mode`). */
  mode: number;
  uid: number;
  gid: number;
  rdev: number;
  size: number;
  blocks: number;
  atimeNs: number;
  mtimeNs: number;
  ctimeNs: number;
}

export interface Dirent {
  name: string;
  ino: number;
  /** DT_*: 4 directory, 8 regular, 10 symlink, 2 character device, 1 fifo. */
  type: number;
}

/** wait4's answer: `status` is encoded as in Linux (exit code << 8 | signal). */
export interface WaitResult {
  pid: number;
  status: number;
}

export interface PollFd {
  fd: number;
  /** POLLIN 1, POLLOUT 4, POLLERR 8, POLLHUP 16. */
  events: number;
  revents: number;
}

export interface Utsname {
  sysname: string;
  nodename: string;
  release: string;
  version: string;
  machine: string;
}

/** A signal handler: called in the task, between two system calls. It must only note the signal. */
export type SigAction = "default" | "ignore" | ((sig: number) => void);

/** What a program is started with. */
export interface ProgramArgs {
  sys: SysCalls;
  /** argv[0] is the name it was called by. */
  argv: string[];
  env: Map<string, string>;
}

/**
 * A user program. It may await nothing but system calls (and other programs'
 * functions that do the same). Its return value is its exit status.
 */
export type Program = (args: ProgramArgs) => Promise<number>;

/** A number, what a pointer leads to, or a struct whose 8-byte words are such. */
export type RawArg = number | Uint8Array | RawArg[];

/** Work that only the host can do; the task sleeps in the kernel until it is done. */
export type HostJob =
  | { kind: "build-patch"; request: unknown }
  | { kind: "save"; path: string; data: Uint8Array }
  | { kind: string; [key: string]: unknown };

/**
 * The system calls of one task. Each returns when the kernel returns the task
 * to user mode, and throws `SysError` when the kernel answers -errno. A task
 * that is killed never returns from the call it was in.
 */
export interface SysCalls {
  readonly pid: number;

  open(path: string, flags: number, mode?: number): Promise<number>;
  /** At most `count` bytes; empty at end of file. `count` is capped at UBUF_SIZE. */
  read(fd: number, count: number): Promise<Uint8Array>;
  /** One write(2): may write less than asked (pipes). Data over UBUF_SIZE is cut. */
  write(fd: number, data: Uint8Array): Promise<number>;
  close(fd: number): Promise<void>;
  /** whence 3 is SEEK_DATA, which /dev/kmsg takes as "after the last clear". */
  lseek(fd: number, offset: number, whence: 0 | 1 | 2 | 3): Promise<number>;
  dup(fd: number): Promise<number>;
  dup2(oldFd: number, newFd: number): Promise<number>;
  /** F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL. */
  fcntl(fd: number, cmd: number, arg: number): Promise<number>;
  pipe2(flags: number): Promise<[number, number]>;
  poll(fds: PollFd[], timeoutMs: number): Promise<number>;

  stat(path: string): Promise<Stat>;
  lstat(path: string): Promise<Stat>;
  fstat(fd: number): Promise<Stat>;
  /** access(2): mode is 4 read, 2 write, 1 execute, or-ed. */
  access(path: string, mode: number): Promise<void>;
  /** The next entries of a directory; empty at its end. */
  getdents(fd: number): Promise<Dirent[]>;
  mkdir(path: string, mode: number): Promise<void>;
  /** `mode` with a file type; `dev` is major << 8 | minor for a device. */
  mknod(path: string, mode: number, dev: number): Promise<void>;
  rmdir(path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  readlink(path: string): Promise<string>;
  chmod(path: string, mode: number): Promise<void>;
  chown(path: string, uid: number, gid: number): Promise<void>;
  truncate(path: string, size: number): Promise<void>;
  /** Nanoseconds of the epoch; null leaves the time alone. */
  utimens(path: string, atimeNs: number | null, mtimeNs: number | null): Promise<void>;
  chdir(path: string): Promise<void>;
  getcwd(): Promise<string>;
  umask(mask: number): Promise<number>;
  mount(source: string, target: string, fstype: string, flags: number, data: string): Promise<void>;
  umount(target: string): Promise<void>;

  /** The child runs `entry` with its own SysCalls; returns the child's pid. */
  fork(entry: (sys: SysCalls) => Promise<number>): Promise<number>;
  /** Replaces the program; never returns on success. */
  execve(path: string, argv: string[], env: Map<string, string>): Promise<never>;
  /** Never returns. */
  exit(status: number): Promise<never>;
  /** Null with WNOHANG when no child has changed. */
  wait4(pid: number, options: number): Promise<WaitResult | null>;
  kill(pid: number, sig: number): Promise<void>;
  sigaction(sig: number, action: SigAction): Promise<void>;
  /** how: 0 block, 1 unblock, 2 set; the mask has bit (sig - 1). Returns the old mask. */
  sigprocmask(how: 0 | 1 | 2, mask: number): Promise<number>;
  pause(): Promise<never>;
  alarm(seconds: number): Promise<number>;
  nanosleep(ns: number): Promise<void>;
  sched_yield(): Promise<void>;
  getpid(): Promise<number>;
  getppid(): Promise<number>;
  getuid(): Promise<number>;
  geteuid(): Promise<number>;
  getgid(): Promise<number>;
  setuid(uid: number): Promise<void>;
  setgid(gid: number): Promise<void>;
  setpgid(pid: number, pgid: number): Promise<void>;
  getpgid(pid: number): Promise<number>;
  setsid(): Promise<number>;
  getsid(pid: number): Promise<number>;

  /** Terminal attributes as the raw bytes of struct termios (`Termios`). */
  tcgetattr(fd: number): Promise<Uint8Array>;
  tcsetattr(fd: number, when: 0 | 1 | 2, termios: Uint8Array): Promise<void>;
  winsize(fd: number): Promise<{ rows: number; cols: number }>;
  setWinsize(fd: number, rows: number, cols: number): Promise<void>;
  tcgetpgrp(fd: number): Promise<number>;
  tcsetpgrp(fd: number, pgrp: number): Promise<void>;

  uname(): Promise<Utsname>;
  /** Nanoseconds: clock 0 of the epoch (virtual), 1 and 7 since boot. */
  clockGettime(clock: 0 | 1 | 7): Promise<number>;
  /** syslog(2): 2 read, 3 read all, 5 clear, 8 console level, 10 buffer size. */
  syslog(type: number, arg: number): Promise<Uint8Array>;
  finit_module(fd: number, params: string, flags: number): Promise<void>;
  init_module(image: Uint8Array, params: string): Promise<void>;
  delete_module(name: string, flags: number): Promise<void>;
  sync(): Promise<void>;
  /** 0xfee1dead and friends are added by the call. */
  reboot(cmd: "restart" | "halt" | "power-off" | "kexec"): Promise<void>;

  /** Copies a kernel image aside for reboot("kexec"); flag 1 unloads, 2 is for a crash kernel. */
  kexec_file_load(fd: number, cmdline: string, flags: number): Promise<void>;

  /** syscall(2): a call by number; ax. Bytes are the caller's memory, which the kernel may write into. */
  raw(nr: number, ...args: RawArg[]): Promise<number>;

  /** Sleeps in the kernel until the host has done the job; its result. Rejects with the host's error. */
  hostJob(job: HostJob): Promise<unknown>;
  /**
   * Until the code that comes with a program is there. No system call: the
   * machine stands still, as it does when execve waits for a program.
   */
  awaitCode(program: string): Promise<void>;
}
