import { Limits, Sys } from "../../kernel-as/abi.ts";
import type { Dirent, PollFd, Stat } from "../user/sys.ts";
import { CallGate } from "./callGate.ts";
import { readDirents, readStat, sizeOf } from "./marshal.ts";

const AT_FDCWD = -100;
/** utimensat: leave this time alone. */
const UTIME_OMIT = 0x3ffffffe;

/** System calls on files and directories. */
export class FileCalls extends CallGate {
  open(path: string, flags: number, mode = 0o666): Promise<number> {
    return this.path("open", Sys.OPEN, path, flags, mode);
  }

  async read(fd: number, count: number): Promise<Uint8Array> {
    const n = Math.min(count, Limits.UBUF_SIZE);
    const buf = this.bounce(n, "read").room(n);
    const got = await this.call("read", Sys.READ, fd, buf, n);
    return this.mem.copy(this.ubuf(), got);
  }

  write(fd: number, data: Uint8Array): Promise<number> {
    const part = data.subarray(0, Limits.UBUF_SIZE);
    return this.withBounce(Math.max(part.length, 1), "write", (b) =>
      this.call("write", Sys.WRITE, fd, b.bytes(part), part.length),
    );
  }

  async close(fd: number): Promise<void> {
    await this.call("close", Sys.CLOSE, fd);
  }

  lseek(fd: number, offset: number, whence: 0 | 1 | 2): Promise<number> {
    return this.call("lseek", Sys.LSEEK, fd, offset, whence);
  }

  dup(fd: number): Promise<number> {
    return this.call("dup", Sys.DUP, fd);
  }

  dup2(oldFd: number, newFd: number): Promise<number> {
    return this.call("dup2", Sys.DUP2, oldFd, newFd);
  }

  fcntl(fd: number, cmd: number, arg: number): Promise<number> {
    return this.call("fcntl", Sys.FCNTL, fd, cmd, arg);
  }

  async pipe2(flags: number): Promise<[number, number]> {
    const at = this.bounce(64, "pipe2").room(8);
    await this.call("pipe2", Sys.PIPE2, at, flags);
    return [this.mem.i32(at), this.mem.i32(at + 4)];
  }

  /** struct pollfd: fd i32, events i16, revents i16. */
  async poll(fds: PollFd[], timeoutMs: number): Promise<number> {
    const at = this.bounce(8 * fds.length + 16, "poll").room(8 * fds.length);
    fds.forEach(({ fd, events }, i) => {
      this.mem.setU32(at + 8 * i, fd);
      this.mem.setU32(at + 8 * i + 4, events);
    });
    const n = await this.call("poll", Sys.POLL, at, fds.length, timeoutMs);
    fds.forEach((f, i) => (f.revents = this.mem.u32(at + 8 * i + 4) >>> 16));
    return n;
  }

  stat(path: string): Promise<Stat> {
    return this.statPath("stat", Sys.STAT, path);
  }

  lstat(path: string): Promise<Stat> {
    return this.statPath("lstat", Sys.LSTAT, path);
  }

  private async statPath(name: string, nr: Sys, path: string): Promise<Stat> {
    const b = this.bounce(sizeOf(path) + 256, name);
    const pathAt = b.string(path);
    const at = b.room(256);
    await this.call(name, nr, pathAt, at);
    return readStat(this.mem, at);
  }

  async fstat(fd: number): Promise<Stat> {
    const at = this.bounce(320, "fstat").room(256);
    await this.call("fstat", Sys.FSTAT, fd, at);
    return readStat(this.mem, at);
  }

  async access(path: string, mode: number): Promise<void> {
    await this.path("access", Sys.ACCESS, path, mode);
  }

  async getdents(fd: number): Promise<Dirent[]> {
    const size = 4096;
    const at = this.bounce(size + 8, "getdents64").room(size);
    const n = await this.call("getdents64", Sys.GETDENTS64, fd, at, size);
    return readDirents(this.mem, at, n);
  }

  async mknod(path: string, mode: number, dev: number): Promise<void> {
    await this.path("mknod", Sys.MKNOD, path, mode, dev);
  }

  async mkdir(path: string, mode: number): Promise<void> {
    await this.path("mkdir", Sys.MKDIR, path, mode);
  }

  async rmdir(path: string): Promise<void> {
    await this.path("rmdir", Sys.RMDIR, path);
  }

  async unlink(path: string): Promise<void> {
    await this.path("unlink", Sys.UNLINK, path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.twoPaths("rename", Sys.RENAME, from, to);
  }

  async link(from: string, to: string): Promise<void> {
    await this.twoPaths("link", Sys.LINK, from, to);
  }

  async symlink(target: string, path: string): Promise<void> {
    await this.twoPaths("symlink", Sys.SYMLINK, target, path);
  }

  async readlink(path: string): Promise<string> {
    const b = this.bounce(sizeOf(path) + Limits.PATH_MAX, "readlink");
    const pathAt = b.string(path);
    const at = b.room(Limits.PATH_MAX);
    const n = await this.call("readlink", Sys.READLINK, pathAt, at, Limits.PATH_MAX);
    return new TextDecoder().decode(this.mem.copy(at, n));
  }

  async chmod(path: string, mode: number): Promise<void> {
    await this.path("chmod", Sys.CHMOD, path, mode);
  }

  async chown(path: string, uid: number, gid: number): Promise<void> {
    await this.path("chown", Sys.CHOWN, path, uid, gid);
  }

  async truncate(path: string, size: number): Promise<void> {
    await this.path("truncate", Sys.TRUNCATE, path, size);
  }

  async utimens(path: string, atimeNs: number | null, mtimeNs: number | null): Promise<void> {
    const b = this.bounce(sizeOf(path) + 64, "utimensat");
    const pathAt = b.string(path);
    const at = b.room(32);
    [atimeNs, mtimeNs].forEach((ns, i) => {
      this.mem.setI64(at + 16 * i, ns === null ? 0 : Math.floor(ns / 1e9));
      this.mem.setI64(at + 16 * i + 8, ns === null ? UTIME_OMIT : ns % 1e9);
    });
    await this.call("utimensat", Sys.UTIMENSAT, AT_FDCWD, pathAt, at, 0);
  }

  async chdir(path: string): Promise<void> {
    await this.path("chdir", Sys.CHDIR, path);
  }

  async getcwd(): Promise<string> {
    const at = this.bounce(Limits.PATH_MAX + 8, "getcwd").room(Limits.PATH_MAX);
    await this.call("getcwd", Sys.GETCWD, at, Limits.PATH_MAX);
    return this.mem.cstring(at);
  }

  umask(mask: number): Promise<number> {
    return this.call("umask", Sys.UMASK, mask);
  }

  async mount(source: string, target: string, fstype: string, flags: number, data: string): Promise<void> {
    const b = this.bounce(sizeOf(source, target, fstype, data), "mount");
    const [s, t, f] = [b.string(source), b.string(target), b.string(fstype)];
    await this.call("mount", Sys.MOUNT, s, t, f, flags, b.string(data));
  }

  async umount(target: string): Promise<void> {
    await this.path("umount2", Sys.UMOUNT2, target, 0);
  }
}
