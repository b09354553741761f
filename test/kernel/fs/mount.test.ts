// mount.test.ts - file systems: limits, read-only mounts, permissions, devices.
import { expect, test } from "vitest";
import { Errno, Mode, Open } from "../../../kernel-as/abi.ts";
import { asInit } from "../../boot.ts";
import { append, exists, failure, list, slurp, spew } from "./calls.ts";

const RDONLY = 1;
const REMOUNT = 32;

test("tmpfs has a limit, and what is removed can be used again", () =>
  asInit(async (sys) => {
    await sys.mkdir("/mnt", 0o755);
    await sys.mount("tmpfs", "/mnt", "tmpfs", 0, "size=64k");
    const fd = await sys.open("/mnt/a", Open.CREAT | Open.WRONLY);
    expect(await sys.write(fd, new Uint8Array(60000))).toBe(60000);
    expect(await sys.write(fd, new Uint8Array(60000))).toBe(5536);
    expect(await failure(sys.write(fd, new Uint8Array(1)))).toBe(Errno.ENOSPC);
    await sys.truncate("/mnt/a", 0);
    await spew(sys, "/mnt/b", "fits");
    expect(await slurp(sys, "/proc/mounts")).toContain("tmpfs /mnt tmpfs rw,size=64k 0 0\n");
    expect(await failure(sys.umount("/mnt"))).toBe(Errno.EBUSY);
    await sys.close(fd);
    await sys.umount("/mnt");
    expect(await exists(sys, "/mnt/b")).toBe(false);
    expect(await failure(sys.mount("x", "/mnt", "tmpfs", 0, "color=red"))).toBe(Errno.EINVAL);
    expect(await failure(sys.mount("x", "/mnt", "ext4", 0, ""))).toBe(Errno.ENODEV);
  }));

test("all memory gone is ENOMEM, and comes back", () =>
  asInit(
    async (sys) => {
      const free = async () => Number(/MemFree: +(\d+)/.exec(await slurp(sys, "/proc/meminfo"))![1]);
      const fd = await sys.open("/big", Open.CREAT | Open.RDWR);
      const chunk = new Uint8Array(65536);
      let error = 0;
      for (let i = 0; i < 300 && error === 0; i++) error = await failure(sys.write(fd, chunk));
      expect(error).toBe(Errno.ENOMEM);
      expect(await failure(sys.mkdir("/d", 0o755))).toBeOneOf([0, Errno.ENOMEM]);
      await sys.close(fd);
      await sys.unlink("/big");
      expect(await free()).toBeGreaterThan(4000);
    },
    { cmdline: "mem=16M" },
  ));

test("a host folder is read-only when it is mounted so", () => {
  const manifest = "d 755 0 0 sub\nf 644 5 3 sub/hello\nl 777 0 0 link -> sub/hello\n";
  const encode = (text: string) => new TextEncoder().encode(text);
  const blobs = [encode("x 755 0 0 sbin/init -> init\n"), null, encode(manifest), encode("hello")];
  return asInit(
    async (sys) => {
      await sys.mkdir("/mnt", 0o755);
      await sys.mount("2", "/mnt", "hostfs", RDONLY, "");
      expect(await slurp(sys, "/mnt/link")).toBe("hello");
      expect(await failure(spew(sys, "/mnt/new", "x"))).toBe(Errno.EROFS);
      expect(await failure(append(sys, "/mnt/sub/hello", "x"))).toBe(Errno.EROFS);
      expect(await failure(sys.unlink("/mnt/link"))).toBe(Errno.EROFS);
      expect(await failure(sys.mkdir("/mnt/d", 0o755))).toBe(Errno.EROFS);
      expect(await failure(sys.access("/mnt/sub/hello", 2))).toBe(Errno.EROFS);
      expect(await failure(sys.mount("7", "/mnt", "hostfs", 0, ""))).not.toBe(0);
      await sys.mount("2", "/mnt", "hostfs", REMOUNT, "");
      await append(sys, "/mnt/sub/hello", "!");
      expect(await slurp(sys, "/mnt/sub/hello")).toBe("hello!");
    },
    { readBlob: (blob) => blobs[blob] ?? null },
  );
});

test("modes and owners bind everybody but root", () =>
  asInit(async (sys) => {
    await sys.chmod("/tmp", 0o1777);
    await sys.umask(0o027);
    await spew(sys, "/tmp/secret", "x");
    expect((await sys.stat("/tmp/secret")).mode & 0o777).toBe(0o640);
    await sys.umask(0o022);
    await sys.mkdir("/tmp/locked", 0o700);
    await spew(sys, "/tmp/locked/f", "x");
    await spew(sys, "/tmp/readable", "x");
    const pid = await sys.fork(async (user) => {
      await user.setgid(1000);
      await user.setuid(1000);
      const answers = [
        await failure(user.open("/tmp/secret", Open.RDONLY)),
        await failure(user.open("/tmp/readable", Open.RDONLY)),
        await failure(user.open("/tmp/readable", Open.WRONLY)),
        await failure(user.stat("/tmp/locked/f")),
        await failure(user.open("/new", Open.CREAT | Open.WRONLY)),
        await failure(user.chmod("/tmp/readable", 0o777)),
        await failure(user.unlink("/tmp/readable")),
        await failure(user.mount("t", "/tmp", "tmpfs", 0, "")),
        await failure(user.open("/proc/1/stack", Open.RDONLY)),
        await failure(user.open("/tmp/mine", Open.CREAT | Open.RDWR, 0o400)),
        await failure(user.chown("/tmp/mine", 0, 0)),
      ];
      const want = [
        Errno.EACCES,
        0,
        Errno.EACCES,
        Errno.EACCES,
        Errno.EACCES,
        Errno.EPERM,
        Errno.EPERM,
        Errno.EPERM,
        Errno.EACCES,
        0,
        Errno.EPERM,
      ];
      return answers.findIndex((answer, i) => answer !== want[i]) + 1;
    });
    expect((await sys.wait4(pid, 0))!.status >> 8).toBe(0);
    expect((await sys.stat("/tmp/mine")).uid).toBe(1000);
    await sys.chown("/tmp/mine", 5, 6);
    const st = await sys.stat("/tmp/mine");
    expect([st.uid, st.gid]).toEqual([5, 6]);
    await sys.chmod("/tmp/readable", 0o4711);
    expect((await sys.stat("/tmp/readable")).mode).toBe(Mode.IFREG | 0o4711);
    expect(await failure(sys.execve("/tmp/secret", ["x"], new Map()))).toBe(Errno.EACCES);
  }));

test("times are virtual time, and can be set", () =>
  asInit(async (sys) => {
    await spew(sys, "/tmp/f", "x");
    const made = await sys.stat("/tmp/f");
    await sys.nanosleep(5_000_000_000);
    await append(sys, "/tmp/f", "y");
    const later = await sys.stat("/tmp/f");
    expect(later.mtimeNs - made.mtimeNs).toBeGreaterThanOrEqual(5e9);
    await sys.utimens("/tmp/f", null, 1_000_000_000_000_000_000);
    const set = await sys.stat("/tmp/f");
    expect(set.mtimeNs).toBe(1e18);
    expect(set.atimeNs).toBe(later.atimeNs);
  }));

test("devices: null, zero, full, random", () =>
  asInit(async (sys) => {
    const null_ = await sys.open("/dev/null", Open.RDWR);
    expect(await sys.write(null_, new Uint8Array(10))).toBe(10);
    expect((await sys.read(null_, 10)).length).toBe(0);
    const zero = await sys.open("/dev/zero", Open.RDONLY);
    expect(await sys.read(zero, 4)).toEqual(new Uint8Array(4));
    const full = await sys.open("/dev/full", Open.WRONLY);
    expect(await failure(sys.write(full, new Uint8Array(1)))).toBe(Errno.ENOSPC);
    const random = await sys.open("/dev/urandom", Open.RDONLY);
    const [a, b] = [await sys.read(random, 16), await sys.read(random, 16)];
    expect(a).not.toEqual(b);
    expect((await sys.stat("/dev/null")).mode).toBe(Mode.IFCHR | 0o666);
    expect(await list(sys, "/dev")).toEqual(expect.arrayContaining(["console", "tty", "kmsg", "stdin"]));
  }));
