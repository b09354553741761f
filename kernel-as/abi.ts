// abi.ts - every number that the kernel and the host share.
//
// Valid AssemblyScript and valid TypeScript: constants only, no imports.
// Numbers are those of Linux on x86-64 wherever Linux has one. Struct
// offsets are proved by the compiler in the file that owns the struct.

export const enum Limits {
  HZ = 100,
  PAGE_SHIFT = 12,
  PAGE_SIZE = 4096,
  /** Bytes of a kernel stack: frames grow up, unwind records at its top. */
  THREAD_SIZE = 8192,
  /** Unwind records kept per task; a deeper stack is unreliable. */
  NR_RECORDS = 128,
  /** Deepest stack livepatch examines, as MAX_STACK_ENTRIES. */
  MAX_STACK_ENTRIES = 100,
  TASK_COMM_LEN = 16,
  PID_MAX = 32768,
  PATH_MAX = 4096,
  NAME_MAX = 255,
  NR_OPEN = 256,
  PIPE_BUF = 4096,
  /** Bytes a pipe holds. */
  PIPE_SIZE = 65536,
  MODULE_NAME_LEN = 56,
  KSYM_NAME_LEN = 512,
  /** Entries of the table `ftrace`. */
  FTRACE_ENTRIES = 32768,
  /** Bytes of a task's bounce buffer for system call arguments. */
  UBUF_SIZE = 65536,
  /** Virtual nanoseconds charged for a system call. */
  SYSCALL_NS = 2000,
}

export const enum Asyncify {
  NORMAL = 0,
  UNWINDING = 1,
  REWINDING = 2,
}

export const enum Errno {
  EPERM = 1,
  ENOENT = 2,
  ESRCH = 3,
  EINTR = 4,
  EIO = 5,
  ENXIO = 6,
  E2BIG = 7,
  ENOEXEC = 8,
  EBADF = 9,
  ECHILD = 10,
  EAGAIN = 11,
  ENOMEM = 12,
  EACCES = 13,
  EFAULT = 14,
  ENOTBLK = 15,
  EBUSY = 16,
  EEXIST = 17,
  EXDEV = 18,
  ENODEV = 19,
  ENOTDIR = 20,
  EISDIR = 21,
  EINVAL = 22,
  ENFILE = 23,
  EMFILE = 24,
  ENOTTY = 25,
  ETXTBSY = 26,
  EFBIG = 27,
  ENOSPC = 28,
  ESPIPE = 29,
  EROFS = 30,
  EMLINK = 31,
  EPIPE = 32,
  EDOM = 33,
  ERANGE = 34,
  EDEADLK = 35,
  ENAMETOOLONG = 36,
  ENOSYS = 38,
  ENOTEMPTY = 39,
  ELOOP = 40,
  ENODATA = 61,
  EOVERFLOW = 75,
  EILSEQ = 84,
  ENOTSOCK = 88,
  EDESTADDRREQ = 89,
  EMSGSIZE = 90,
  ENOPROTOOPT = 92,
  EPROTONOSUPPORT = 93,
  EOPNOTSUPP = 95,
  EAFNOSUPPORT = 97,
  EADDRINUSE = 98,
  EADDRNOTAVAIL = 99,
  ENETUNREACH = 101,
  ETIMEDOUT = 110,
  // Never seen by a user program.
  ERESTARTSYS = 512,
  ERESTARTNOINTR = 513,
  ERESTARTNOHAND = 514,
}

/** System calls; arguments are described in src/user/sys.ts. */
export const enum Sys {
  READ = 0,
  WRITE = 1,
  OPEN = 2,
  CLOSE = 3,
  STAT = 4,
  FSTAT = 5,
  LSTAT = 6,
  POLL = 7,
  LSEEK = 8,
  RT_SIGACTION = 13,
  RT_SIGPROCMASK = 14,
  IOCTL = 16,
  ACCESS = 21,
  SCHED_YIELD = 24,
  DUP = 32,
  DUP2 = 33,
  PAUSE = 34,
  NANOSLEEP = 35,
  ALARM = 37,
  GETPID = 39,
  SOCKET = 41,
  CONNECT = 42,
  SENDTO = 44,
  RECVMSG = 47,
  SETSOCKOPT = 54,
  FORK = 57,
  EXECVE = 59,
  EXIT = 60,
  WAIT4 = 61,
  KILL = 62,
  UNAME = 63,
  FCNTL = 72,
  TRUNCATE = 76,
  FTRUNCATE = 77,
  GETCWD = 79,
  CHDIR = 80,
  RENAME = 82,
  MKDIR = 83,
  RMDIR = 84,
  LINK = 86,
  UNLINK = 87,
  SYMLINK = 88,
  READLINK = 89,
  CHMOD = 90,
  CHOWN = 92,
  UMASK = 95,
  SYSINFO = 99,
  TIMES = 100,
  GETUID = 102,
  SYSLOG = 103,
  GETGID = 104,
  SETUID = 105,
  SETGID = 106,
  GETEUID = 107,
  SETPGID = 109,
  GETPPID = 110,
  SETSID = 112,
  GETPGID = 121,
  GETSID = 124,
  MKNOD = 133,
  STATFS = 137,
  SYNC = 162,
  MOUNT = 165,
  UMOUNT2 = 166,
  REBOOT = 169,
  INIT_MODULE = 175,
  DELETE_MODULE = 176,
  GETDENTS64 = 217,
  CLOCK_GETTIME = 228,
  UTIMENSAT = 280,
  PIPE2 = 293,
  FINIT_MODULE = 313,
  KEXEC_FILE_LOAD = 320,
  /** Ours: sleep until a job of the host (a compile, a fetch) is done. */
  HOST_JOB = 500,
  NR = 512,
}

export const enum Sig {
  SIGHUP = 1,
  SIGINT = 2,
  SIGQUIT = 3,
  SIGABRT = 6,
  SIGKILL = 9,
  SIGUSR1 = 10,
  SIGSEGV = 11,
  SIGUSR2 = 12,
  SIGPIPE = 13,
  SIGALRM = 14,
  SIGTERM = 15,
  SIGCHLD = 17,
  SIGCONT = 18,
  SIGSTOP = 19,
  SIGTSTP = 20,
  SIGTTIN = 21,
  SIGTTOU = 22,
  SIGWINCH = 28,
  NSIG = 32,
}

/** What a task wants done on a signal; the argument of rt_sigaction. */
export const enum SigHandler {
  DFL = 0,
  IGN = 1,
  /** A host function: the kernel reports the signal on return to user. */
  CATCH = 2,
}

export const enum Open {
  RDONLY = 0,
  WRONLY = 1,
  RDWR = 2,
  ACCMODE = 3,
  CREAT = 0o100,
  EXCL = 0o200,
  NOCTTY = 0o400,
  TRUNC = 0o1000,
  APPEND = 0o2000,
  NONBLOCK = 0o4000,
  DIRECTORY = 0o200000,
  NOFOLLOW = 0o400000,
  CLOEXEC = 0o2000000,
}

export const enum Mode {
  IFMT = 0o170000,
  IFIFO = 0o010000,
  IFCHR = 0o020000,
  IFDIR = 0o040000,
  IFREG = 0o100000,
  IFLNK = 0o120000,
  IFSOCK = 0o140000,
}

export const enum Wait {
  NOHANG = 1,
  UNTRACED = 2,
  CONTINUED = 8,
}

export const enum Fcntl {
  F_DUPFD = 0,
  F_GETFD = 1,
  F_SETFD = 2,
  F_GETFL = 3,
  F_SETFL = 4,
  F_DUPFD_CLOEXEC = 1030,
  FD_CLOEXEC = 1,
}

export const enum Ioctl {
  TCGETS = 0x5401,
  TCSETS = 0x5402,
  TCSETSW = 0x5403,
  TCSETSF = 0x5404,
  TIOCSCTTY = 0x540e,
  TIOCGPGRP = 0x540f,
  TIOCSPGRP = 0x5410,
  TIOCGWINSZ = 0x5413,
  TIOCSWINSZ = 0x5414,
  FIONREAD = 0x541b,
}

/** Linux's struct stat, cut to what a user program reads here. Bytes. */
export const enum StatField {
  DEV = 0,
  INO = 8,
  NLINK = 16,
  MODE = 24,
  UID = 28,
  GID = 32,
  RDEV = 40,
  SIZE = 48,
  BLKSIZE = 56,
  BLOCKS = 64,
  /** Seconds and nanoseconds, 8 bytes each. */
  ATIME = 72,
  MTIME = 88,
  CTIME = 104,
  SIZEOF = 144,
}

/** struct termios: four u32 flag words, c_line, then c_cc. Bytes. */
export const enum Termios {
  IFLAG = 0,
  OFLAG = 4,
  CFLAG = 8,
  LFLAG = 12,
  CC = 17,
  SIZEOF = 36,
  ICRNL = 0o400,
  IXON = 0o2000,
  OPOST = 1,
  ONLCR = 4,
  ISIG = 1,
  ICANON = 2,
  ECHO = 0o10,
  ECHOE = 0o20,
  ECHOK = 0o40,
  ECHONL = 0o100,
  NOFLSH = 0o200,
  TOSTOP = 0o400,
  ECHOCTL = 0o1000,
  ECHOKE = 0o4000,
  IEXTEN = 0o100000,
  VINTR = 0,
  VQUIT = 1,
  VERASE = 2,
  VKILL = 3,
  VEOF = 4,
  VTIME = 5,
  VMIN = 6,
  VSTART = 8,
  VSTOP = 9,
  VSUSP = 10,
  VEOL = 11,
  VREPRINT = 12,
  VWERASE = 14,
  VLNEXT = 15,
}

/** task.state, as Linux. */
export const enum TaskState {
  RUNNING = 0,
  INTERRUPTIBLE = 1,
  UNINTERRUPTIBLE = 2,
  STOPPED = 4,
  /** EXIT_ZOMBIE. */
  ZOMBIE = 32,
  DEAD = 128,
  /** Uninterruptible, but waiting is its work: no load (TASK_IDLE). */
  NOLOAD = 0x400,
  /** TASK_IDLE. */
  IDLE = 0x402,
  /** Not yet on the run queue for the first time. */
  NEW = 0x800,
  FREEZABLE = 0x2000,
}

/** task.flags, as Linux's PF_*. */
export const enum TaskFlag {
  IDLE = 2,
  EXITING = 4,
  KTHREAD = 0x200000,
  /** Ours: has never run; nothing to rewind. */
  FRESH = 0x1,
  /** Ours: in user mode; its kernel stack is empty. */
  USER = 0x8,
  /** Ours: its kernel stack begins with a system call. */
  SYSCALL = 0x10,
  /** Those that Linux does not have. */
  OURS = 0x19,
}

/** struct Task, as far as the host reads it. Byte offsets. */
export const enum TaskField {
  PID = 0,
  STATE = 8,
  FLAGS = 12,
  /** -1, 0 or 1. */
  PATCH_STATE = 16,
  /** TIF_* bits. */
  TI_FLAGS = 20,
  /** Address of the kernel stack, which starts with asyncify's {pos, end}. */
  STACK = 24,
  NR_RECORDS = 28,
  /** Address of the bounce buffer, 0 until it is needed. */
  UBUF = 32,
  NEXT = 36,
  COMM = 40,
  REGS = 56,
  /** Address of the parent Task. */
  PARENT = 120,
  EXIT_CODE = 124,
  /** Caught signals to deliver on return to user mode: bit (sig - 1). */
  DELIVER = 128,
}

/** struct PtRegs: a user task's system call. Byte offsets, 8 bytes each. */
export const enum RegsField {
  ORIG_AX = 0,
  DI = 8,
  SI = 16,
  DX = 24,
  R10 = 32,
  R8 = 40,
  R9 = 48,
  AX = 56,
  SIZEOF = 64,
}

/** struct UnwindRecord: a frame of a sleeping task. Byte offsets. */
export const enum RecordField {
  POS = 0,
  ID = 4,
  SIZEOF = 8,
}

/** struct KsymTable and struct Ksym of kallsyms.ts. Byte offsets. */
export const enum KsymField {
  TABLE_NEXT = 0,
  TABLE_SYMS = 8,
  TABLE_NUM = 12,
  NAME = 0,
  ID = 12,
  TYPE = 20,
  SIZEOF = 24,
}

/** What the host reads of include/linux/livepatch.ts. Byte offsets. */
export const enum KlpField {
  PATCH_MOD = 0,
  PATCH_ENABLED = 13,
  PATCH_LIST = 16,
  PATCH_OBJ_LIST = 24,
  OBJECT_NAME = 0,
  OBJECT_FUNC_LIST = 32,
  OBJECT_NODE = 40,
  FUNC_OLD_NAME = 0,
  FUNC_NODE = 32,
  /** Of struct Module. */
  MODULE_NAME = 16,
}

/** What the host reads of fs/fs.ts to save a disk. Byte offsets. */
export const enum FsField {
  MOUNT_SB = 8,
  SB_ROOT = 20,
  INODE_SIZE = 0,
  INODE_MTIME = 16,
  INODE_INO = 32,
  INODE_MODE = 36,
  INODE_NLINK = 40,
  INODE_UID = 44,
  INODE_GID = 48,
  INODE_RDEV = 52,
  /** A C string: target of a link, text of a program file. */
  INODE_LINK = 76,
  INODE_PAGES = 80,
  INODE_PAGES_MAX = 84,
  INODE_NR_PAGES = 88,
  INODE_BLOB = 92,
  INODE_BACKED_SIZE = 96,
  DENTRY_NAME = 16,
  DENTRY_INODE = 28,
  DENTRY_SIBLING = 40,
  DENTRY_CHILDREN = 48,
}
