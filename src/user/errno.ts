// errno.ts - glibc's strerror for the numbers our kernel returns.

import { Errno } from "../../kernel-as/abi.ts";
import { SysError } from "./sys.ts";

const TEXT: Record<number, string> = {
  [Errno.EPERM]: "Operation not permitted",
  [Errno.ENOENT]: "No such file or directory",
  [Errno.ESRCH]: "No such process",
  [Errno.EINTR]: "Interrupted system call",
  [Errno.EIO]: "Input/output error",
  [Errno.ENXIO]: "No such device or address",
  [Errno.E2BIG]: "Argument list too long",
  [Errno.ENOEXEC]: "Exec format error",
  [Errno.EBADF]: "Bad file descriptor",
  [Errno.ECHILD]: "No child processes",
  [Errno.EAGAIN]: "Resource temporarily unavailable",
  [Errno.ENOMEM]: "Cannot allocate memory",
  [Errno.EACCES]: "Permission denied",
  [Errno.EFAULT]: "Bad address",
  [Errno.ENOTBLK]: "Block device required",
  [Errno.EBUSY]: "Device or resource busy",
  [Errno.EEXIST]: "File exists",
  [Errno.EXDEV]: "Invalid cross-device link",
  [Errno.ENODEV]: "No such device",
  [Errno.ENOTDIR]: "Not a directory",
  [Errno.EISDIR]: "Is a directory",
  [Errno.EINVAL]: "Invalid argument",
  [Errno.ENFILE]: "Too many open files in system",
  [Errno.EMFILE]: "Too many open files",
  [Errno.ENOTTY]: "Inappropriate ioctl for device",
  [Errno.ETXTBSY]: "Text file busy",
  [Errno.EFBIG]: "File too large",
  [Errno.ENOSPC]: "No space left on device",
  [Errno.ESPIPE]: "Illegal seek",
  [Errno.EROFS]: "Read-only file system",
  [Errno.EMLINK]: "Too many links",
  [Errno.EPIPE]: "Broken pipe",
  [Errno.EDOM]: "Numerical argument out of domain",
  [Errno.ERANGE]: "Numerical result out of range",
  [Errno.EDEADLK]: "Resource deadlock avoided",
  [Errno.ENAMETOOLONG]: "File name too long",
  [Errno.ENOSYS]: "Function not implemented",
  [Errno.ENOTEMPTY]: "Directory not empty",
  [Errno.ELOOP]: "Too many levels of symbolic links",
  [Errno.ENODATA]: "No data available",
  [Errno.EOVERFLOW]: "Value too large for defined data type",
  [Errno.EOPNOTSUPP]: "Operation not supported",
  [Errno.EADDRINUSE]: "Address already in use",
  [Errno.ETIMEDOUT]: "Connection timed out",
};

export function strerror(code: number): string {
  return TEXT[code] ?? `Unknown error ${code}`;
}

/** The text of a failed system call; rethrows anything else, which is our bug. */
export function sysMessage(e: unknown): string {
  if (e instanceof SysError) return strerror(e.code);
  throw e;
}

/** Runs a system call; its errno instead of an exception. */
export async function attempt<T>(call: Promise<T>): Promise<{ ok: true; value: T } | { ok: false; code: number }> {
  try {
    return { ok: true, value: await call };
  } catch (e) {
    if (e instanceof SysError) return { ok: false, code: e.code };
    throw e;
  }
}
