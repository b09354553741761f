// files.test.ts - files, directories and names through system calls.
import { expect, test } from "vitest";
import { Errno, Mode, Open } from "../../../kernel-as/abi.ts";
import { asInit } from "../../boot.ts";
import { append, exists, failure, list, slurp, spew } from "./calls.ts";

test("what is written is read back, across pages and after a seek", () =>
  asInit(async (sys) => {
    const fd = await sys.open("/tmp/a", Open.CREAT | Open.RDWR, 0o644);
    const data = new Uint8Array(20000).map((_, i) => i & 255);
    expect(await sys.write(fd, data)).toBe(20000);
    expect(await sys.lseek(fd, 4090, 0)).toBe(4090);
    expect(await sys.read(fd, 20)).toEqual(data.subarray(4090, 4110));
    expect(await sys.lseek(fd, -5, 2)).toBe(19995);
    expect((await sys.read(fd, 100)).length).toBe(5);
    expect((await sys.read(fd, 100)).length).toBe(0);
    expect((await sys.fstat(fd)).size).toBe(20000);
    await sys.close(fd);
    expect(await failure(sys.read(fd, 1))).toBe(Errno.EBADF);
  }));

test("a hole reads as zeros and takes no pages", () =>
  asInit(async (sys) => {
    const fd = await sys.open("/tmp/hole", Open.CREAT | Open.RDWR);
    await sys.lseek(fd, 1_000_000, 0);
    await sys.write(fd, new Uint8Array([7]));
    const st = await sys.fstat(fd);
    expect([st.size, st.blocks]).toEqual([1_000_001, 8]);
    await sys.lseek(fd, 500_000, 0);
    expect(await sys.read(fd, 3)).toEqual(new Uint8Array(3));
  }));

test("O_EXCL, O_TRUNC, O_APPEND, O_DIRECTORY and O_NOFOLLOW do what open(2) says", () =>
  asInit(async (sys) => {
    await spew(sys, "/tmp/f", "hello");
    expect(await failure(sys.open("/tmp/f", Open.CREAT | Open.EXCL | Open.WRONLY))).toBe(Errno.EEXIST);
    await append(sys, "/tmp/f", " world");
    expect(await slurp(sys, "/tmp/f")).toBe("hello world");
    await sys.close(await sys.open("/tmp/f", Open.TRUNC | Open.WRONLY));
    expect(await slurp(sys, "/tmp/f")).toBe("");
    expect(await failure(sys.open("/tmp/f", Open.DIRECTORY | Open.RDONLY))).toBe(Errno.ENOTDIR);
    await sys.symlink("f", "/tmp/l");
    expect(await failure(sys.open("/tmp/l", Open.NOFOLLOW | Open.RDONLY))).toBe(Errno.ELOOP);
    expect(await failure(sys.open("/tmp", Open.WRONLY))).toBe(Errno.EISDIR);
    expect(await failure(sys.open("/tmp/no/f", Open.CREAT | Open.WRONLY))).toBe(Errno.ENOENT);
    expect(await failure(sys.open("/tmp/f/x", Open.CREAT | Open.WRONLY))).toBe(Errno.ENOTDIR);
    expect(await failure(sys.open("", Open.RDONLY))).toBe(Errno.ENOENT);
  }));

test("files of the boot archive are the host's until they are written", () =>
  asInit(
    async (sys) => {
      const text = "x".repeat(5000);
      expect(await slurp(sys, "/etc/big")).toBe(text);
      const before = (await sys.stat("/etc/big")).blocks;
      await append(sys, "/etc/big", "end");
      expect(await slurp(sys, "/etc/big")).toBe(`${text}end`);
      await sys.truncate("/etc/big", 10);
      await sys.truncate("/etc/big", 20);
      expect(await slurp(sys, "/etc/big")).toBe("x".repeat(10) + "\0".repeat(10));
      expect(before).toBe(10);
      expect(await slurp(sys, "/sbin/init")).toBe("\x7fPBXinit\n");
    },
    { files: { "etc/big": "x".repeat(5000) } },
  ));

test("directories: listing, link counts, removal", () =>
  asInit(async (sys) => {
    await sys.mkdir("/tmp/d", 0o755);
    await sys.mkdir("/tmp/d/sub/", 0o755);
    for (let i = 0; i < 300; i++) await spew(sys, `/tmp/d/file${i}`, "");
    const names = await list(sys, "/tmp/d");
    expect(names.length).toBe(303);
    expect(names.slice(0, 4)).toEqual([".", "..", "sub", "file0"]);
    expect((await sys.stat("/tmp/d")).nlink).toBe(3);
    expect(await failure(sys.rmdir("/tmp/d"))).toBe(Errno.ENOTEMPTY);
    expect(await failure(sys.mkdir("/tmp/d/sub", 0o755))).toBe(Errno.EEXIST);
    expect(await failure(sys.unlink("/tmp/d/sub"))).toBe(Errno.EISDIR);
    await sys.rmdir("/tmp/d/sub");
    expect((await sys.stat("/tmp/d")).nlink).toBe(2);
  }));

test("removing names while listing loses none", () =>
  asInit(async (sys) => {
    await sys.mkdir("/tmp/d", 0o755);
    for (let i = 0; i < 3000; i++) await spew(sys, `/tmp/d/a-rather-long-name-${i}`, "");
    const fd = await sys.open("/tmp/d", Open.RDONLY);
    let removed = 0;
    for (let part = await sys.getdents(fd); part.length > 0; part = await sys.getdents(fd)) {
      for (const { name } of part.filter((entry) => !entry.name.startsWith("."))) {
        await sys.unlink(`/tmp/d/${name}`);
        removed++;
      }
    }
    expect(removed).toBe(3000);
    await sys.rmdir("/tmp/d");
  }));

test("an unlinked file lives while it is open, and its pages come back", () =>
  asInit(async (sys) => {
    const free = async () => Number(/MemFree: +(\d+)/.exec(await slurp(sys, "/proc/meminfo"))![1]);
    await spew(sys, "/tmp/warm", "up");
    await sys.unlink("/tmp/warm");
    const before = await free();
    const fd = await sys.open("/tmp/gone", Open.CREAT | Open.RDWR);
    for (let i = 0; i < 16; i++) await sys.write(fd, new Uint8Array(65536));
    await sys.unlink("/tmp/gone");
    expect(await exists(sys, "/tmp/gone")).toBe(false);
    expect((await sys.fstat(fd)).nlink).toBe(0);
    await sys.lseek(fd, 0, 0);
    expect((await sys.read(fd, 10)).length).toBe(10);
    expect(before - (await free())).toBeGreaterThanOrEqual(1024);
    await sys.close(fd);
    expect(before - (await free())).toBeLessThan(32);
  }));

test("hard links share an inode; rename replaces", () =>
  asInit(async (sys) => {
    await spew(sys, "/tmp/a", "one");
    await sys.link("/tmp/a", "/tmp/b");
    const [a, b] = [await sys.stat("/tmp/a"), await sys.stat("/tmp/b")];
    expect([a.ino, a.nlink]).toEqual([b.ino, 2]);
    await spew(sys, "/tmp/c", "two");
    await sys.rename("/tmp/c", "/tmp/a");
    expect(await slurp(sys, "/tmp/a")).toBe("two");
    expect(await slurp(sys, "/tmp/b")).toBe("one");
    expect((await sys.stat("/tmp/b")).nlink).toBe(1);
    await sys.mkdir("/tmp/d", 0o755);
    await sys.mkdir("/tmp/d/e", 0o755);
    expect(await failure(sys.rename("/tmp/d", "/tmp/d/e/f"))).toBe(Errno.EINVAL);
    expect(await failure(sys.rename("/tmp/a", "/tmp/d"))).toBe(Errno.EISDIR);
    expect(await failure(sys.rename("/tmp/d", "/tmp/a"))).toBe(Errno.ENOTDIR);
    expect(await failure(sys.rename("/tmp/a", "/proc/a"))).toBe(Errno.EXDEV);
    expect(await failure(sys.link("/tmp/d", "/tmp/dd"))).toBe(Errno.EPERM);
  }));

test("symbolic links: relative, absolute, dangling, looping", () =>
  asInit(async (sys) => {
    await sys.mkdir("/tmp/d", 0o755);
    await spew(sys, "/tmp/d/f", "here");
    await sys.symlink("d", "/tmp/l");
    await sys.symlink("/tmp/l/../l/f", "/tmp/m");
    expect(await slurp(sys, "/tmp/m")).toBe("here");
    await sys.symlink("../d/f", "/tmp/d/up");
    expect(await slurp(sys, "/tmp/l/up")).toBe("here");
    expect(await sys.readlink("/tmp/l")).toBe("d");
    expect((await sys.lstat("/tmp/l")).mode & Mode.IFMT).toBe(Mode.IFLNK);
    await sys.symlink("made", "/tmp/dangling");
    await spew(sys, "/tmp/dangling", "x");
    expect(await slurp(sys, "/tmp/made")).toBe("x");
    await sys.symlink("loop2", "/tmp/loop1");
    await sys.symlink("loop1", "/tmp/loop2");
    expect(await failure(sys.stat("/tmp/loop1"))).toBe(Errno.ELOOP);
    expect(await failure(sys.readlink("/tmp/d/f"))).toBe(Errno.EINVAL);
  }));

test("names too long, and paths through files", () =>
  asInit(async (sys) => {
    expect(await failure(sys.mkdir(`/tmp/${"n".repeat(256)}`, 0o755))).toBe(Errno.ENAMETOOLONG);
    await sys.mkdir(`/tmp/${"n".repeat(255)}`, 0o755);
    expect(await failure(sys.stat(`/${"a/".repeat(2100)}`))).toBe(Errno.ENAMETOOLONG);
    await spew(sys, "/tmp/f", "");
    expect(await failure(sys.stat("/tmp/f/"))).toBe(Errno.ENOTDIR);
    expect(await failure(sys.rmdir("/tmp/f"))).toBe(Errno.ENOTDIR);
    expect(await failure(sys.rmdir("/tmp/."))).toBe(Errno.EINVAL);
  }));

test("the working directory and its path", () =>
  asInit(async (sys) => {
    await sys.mkdir("/tmp/a", 0o755);
    await sys.mkdir("/tmp/a/b", 0o755);
    await sys.chdir("/tmp/a/b");
    expect(await sys.getcwd()).toBe("/tmp/a/b");
    await sys.chdir("..");
    expect(await sys.getcwd()).toBe("/tmp/a");
    await sys.chdir("../../..");
    expect(await sys.getcwd()).toBe("/");
    expect(await failure(sys.chdir("/tmp/none"))).toBe(Errno.ENOENT);
  }));
