// syscalls.ts - enters the file system's calls into the system call table.

import { Sys } from "../abi";
import { set_syscall } from "../kernel/sys_call_table";
import { __x64_sys_getcwd } from "./d_path";
import { __x64_sys_execve } from "./exec";
import { __x64_sys_fcntl } from "./fcntl";
import { __x64_sys_dup, __x64_sys_dup2 } from "./file";
import { __x64_sys_ioctl } from "./ioctl";
import { __x64_sys_link, __x64_sys_mkdir } from "./namei_change";
import { __x64_sys_mknod } from "./namei_change";
import {
  __x64_sys_rmdir,
  __x64_sys_symlink,
  __x64_sys_unlink,
} from "./namei_change";
import { __x64_sys_rename } from "./namei_rename";
import { __x64_sys_mount, __x64_sys_umount2 } from "./namespace";
import { __x64_sys_access, __x64_sys_chdir, __x64_sys_chmod } from "./open";
import { __x64_sys_chown, __x64_sys_close, __x64_sys_ftruncate } from "./open";
import { __x64_sys_open, __x64_sys_truncate } from "./open";
import { __x64_sys_pipe2 } from "./pipe";
import { __x64_sys_lseek, __x64_sys_read, __x64_sys_write } from "./read_write";
import { __x64_sys_getdents64 } from "./readdir";
import { __x64_sys_poll } from "./select";
import { __x64_sys_fstat, __x64_sys_lstat, __x64_sys_readlink } from "./stat";
import { __x64_sys_stat } from "./stat";
import { __x64_sys_statfs } from "./statfs";
import { __x64_sys_sync } from "./sync";
import { __x64_sys_umask } from "./umask";
import { __x64_sys_utimensat } from "./utimes";

function set_file_calls(): void {
  set_syscall(Sys.READ, __x64_sys_read);
  set_syscall(Sys.WRITE, __x64_sys_write);
  set_syscall(Sys.OPEN, __x64_sys_open);
  set_syscall(Sys.CLOSE, __x64_sys_close);
  set_syscall(Sys.LSEEK, __x64_sys_lseek);
  set_syscall(Sys.POLL, __x64_sys_poll);
  set_syscall(Sys.IOCTL, __x64_sys_ioctl);
  set_syscall(Sys.DUP, __x64_sys_dup);
  set_syscall(Sys.DUP2, __x64_sys_dup2);
  set_syscall(Sys.FCNTL, __x64_sys_fcntl);
  set_syscall(Sys.PIPE2, __x64_sys_pipe2);
  set_syscall(Sys.GETDENTS64, __x64_sys_getdents64);
  set_syscall(Sys.FTRUNCATE, __x64_sys_ftruncate);
  set_syscall(Sys.FSTAT, __x64_sys_fstat);
  set_syscall(Sys.EXECVE, __x64_sys_execve);
  set_syscall(Sys.UMASK, __x64_sys_umask);
  set_syscall(Sys.SYNC, __x64_sys_sync);
}

function set_path_calls(): void {
  set_syscall(Sys.STAT, __x64_sys_stat);
  set_syscall(Sys.MKNOD, __x64_sys_mknod);
  set_syscall(Sys.LSTAT, __x64_sys_lstat);
  set_syscall(Sys.READLINK, __x64_sys_readlink);
  set_syscall(Sys.ACCESS, __x64_sys_access);
  set_syscall(Sys.TRUNCATE, __x64_sys_truncate);
  set_syscall(Sys.GETCWD, __x64_sys_getcwd);
  set_syscall(Sys.CHDIR, __x64_sys_chdir);
  set_syscall(Sys.RENAME, __x64_sys_rename);
  set_syscall(Sys.MKDIR, __x64_sys_mkdir);
  set_syscall(Sys.RMDIR, __x64_sys_rmdir);
  set_syscall(Sys.LINK, __x64_sys_link);
  set_syscall(Sys.UNLINK, __x64_sys_unlink);
  set_syscall(Sys.SYMLINK, __x64_sys_symlink);
  set_syscall(Sys.CHMOD, __x64_sys_chmod);
  set_syscall(Sys.CHOWN, __x64_sys_chown);
  set_syscall(Sys.STATFS, __x64_sys_statfs);
  set_syscall(Sys.MOUNT, __x64_sys_mount);
  set_syscall(Sys.UMOUNT2, __x64_sys_umount2);
  set_syscall(Sys.UTIMENSAT, __x64_sys_utimensat);
}

export function fs_syscalls_init(): void {
  set_file_calls();
  set_path_calls();
}
