// net.test.ts - sockets: what is there, what is refused, and what is left when they are gone.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Errno, Open, Sig, Sys } from "../../kernel-as/abi.ts";
import { mountAll } from "../../src/user/init.ts";
import { programs } from "../../src/user/programs.ts";
import type { SysCalls } from "../../src/user/sys.ts";
import { asInit } from "../boot.ts";
import { failure, list, slurp } from "./fs/calls.ts";

const AF_INET = 2;
const SOCK_DGRAM = 2;
const ICMP = 1;
const SOL_SOCKET = 1;
const SO_RCVTIMEO = 20;
const DONTWAIT = 0x40;
const IN = 1;
const OUT = 4;

const MODULE = "lib/modules/7.3.4-patchbay/kernel/af_inet.ko";
const WITH_MODULE = {
  programs,
  files: {
    "sbin/modprobe": { program: "modprobe" },
    [MODULE]: readFileSync(new URL("../../build/modules/af_inet.ko", import.meta.url)),
  },
};

const inNetwork = (body: (sys: SysCalls) => Promise<void>): Promise<void> =>
  asInit(async (sys) => {
    await mountAll(sys);
    await body(sys);
  }, WITH_MODULE);

const socket = (sys: SysCalls, type = SOCK_DGRAM, protocol = ICMP): Promise<number> =>
  sys.raw(Sys.SOCKET, AF_INET, type, protocol);
const address = (a: number, d = 1, family = AF_INET): Uint8Array =>
  Uint8Array.from([family, 0, 0, 0, a, 0, 0, d, ...new Uint8Array(8)]);
const echo = (sequence: number, size = 16): Uint8Array => {
  const message = new Uint8Array(size).fill(7, 8);
  message[0] = 8;
  message[7] = sequence;
  return message;
};
const send = (sys: SysCalls, fd: number, data: Uint8Array, to: Uint8Array | null): Promise<number> =>
  sys.raw(Sys.SENDTO, fd, data, data.length, 0, to ?? 0, to?.length ?? 0);
const receive = (sys: SysCalls, fd: number, into: Uint8Array, flags = 0): Promise<number> =>
  sys.raw(Sys.RECVMSG, fd, [0, 0, [into, into.length], 1, 0, 0, 0], flags);

test("families, types and protocols that are not there", () =>
  inNetwork(async (sys) => {
    expect(await failure(sys.raw(Sys.SOCKET, 1, SOCK_DGRAM, 0))).toBe(Errno.EAFNOSUPPORT);
    expect(await failure(sys.raw(Sys.SOCKET, 46, SOCK_DGRAM, 0))).toBe(Errno.EAFNOSUPPORT);
    expect(await failure(sys.raw(Sys.SOCKET, -1, SOCK_DGRAM, 0))).toBe(Errno.EAFNOSUPPORT);
    expect(await failure(socket(sys, 11))).toBe(Errno.EINVAL);
    expect(await failure(socket(sys, SOCK_DGRAM | 0x100))).toBe(Errno.EINVAL);
    expect(await failure(socket(sys, 1))).toBe(Errno.EPROTONOSUPPORT);
    expect(await failure(socket(sys, 3))).toBe(Errno.EPROTONOSUPPORT);
    expect(await failure(socket(sys, SOCK_DGRAM, 17))).toBe(Errno.EPROTONOSUPPORT);
  }));

test("without modprobe a family that is a module is not there", () =>
  asInit(async (sys) => {
    expect(await failure(socket(sys))).toBe(Errno.EAFNOSUPPORT);
    expect(await failure(sys.wait4(-1, 0))).toBe(Errno.ECHILD);
  }));

test("a request comes back as a reply: what was sent, with the socket's identifier", () =>
  inNetwork(async (sys) => {
    const fd = await socket(sys);
    const poll = [{ fd, events: IN | OUT, revents: 0 }];
    await sys.poll(poll, 0);
    expect(poll[0]!.revents).toBe(OUT);
    expect(await failure(send(sys, fd, echo(1), null))).toBe(Errno.EDESTADDRREQ);
    expect(await send(sys, fd, echo(1), address(127))).toBe(16);
    await sys.poll(poll, 0);
    expect(poll[0]!.revents).toBe(IN | OUT);
    const reply = new Uint8Array(64);
    expect(await receive(sys, fd, reply)).toBe(16);
    expect([reply[0], reply[4]! * 256 + reply[5]!, reply[7]]).toEqual([0, 1, 1]);
    expect(reply.subarray(8, 16)).toEqual(new Uint8Array(8).fill(7));
    // A connected one needs no address, and its replies are its own.
    const other = await socket(sys);
    await sys.raw(Sys.CONNECT, other, address(127, 9), 16);
    await sys.write(other, echo(2));
    expect((await sys.read(other, 10)).length).toBe(10);
    expect(await failure(receive(sys, fd, reply, DONTWAIT))).toBe(Errno.EAGAIN);
    await sys.fcntl(other, 4, Open.NONBLOCK);
    expect(await failure(sys.read(other, 10))).toBe(Errno.EAGAIN);
  }));

test("what cannot be sent, and where to", () =>
  inNetwork(async (sys) => {
    const fd = await socket(sys);
    const to = address(127);
    expect(await failure(send(sys, fd, echo(1, 4), to))).toBe(Errno.EINVAL);
    expect(await failure(send(sys, fd, echo(1, 65516), to))).toBe(Errno.EMSGSIZE);
    expect(await failure(send(sys, fd, new Uint8Array(16), to))).toBe(Errno.EINVAL);
    expect(await failure(send(sys, fd, echo(1), address(10)))).toBe(Errno.ENETUNREACH);
    expect(await failure(send(sys, fd, echo(1), address(127, 1, 10)))).toBe(Errno.EAFNOSUPPORT);
    expect(await failure(send(sys, fd, echo(1), to.subarray(0, 8)))).toBe(Errno.EINVAL);
    expect(await failure(sys.raw(Sys.CONNECT, fd, address(192), 16))).toBe(Errno.ENETUNREACH);
    expect(await failure(sys.raw(Sys.SETSOCKOPT, fd, 0, 99, new Uint8Array(4), 4))).toBe(Errno.ENOPROTOOPT);
    expect(await failure(sys.raw(Sys.CONNECT, 0, to, 16))).toBe(Errno.ENOTSOCK);
    expect(await failure(sys.raw(Sys.CONNECT, 77, to, 16))).toBe(Errno.EBADF);
    expect(await failure(sys.lseek(fd, 0, 0))).toBe(Errno.ESPIPE);
    expect(await sys.readlink(`/proc/self/fd/${fd}`)).toMatch(/^socket:\[\d+\]$/);
    expect(await failure(sys.open(`/proc/self/fd/${fd}`, Open.RDWR))).toBe(Errno.ENXIO);
  }));

test("a reader waits as long as SO_RCVTIMEO says, until a signal, or until it is killed", () =>
  inNetwork(async (sys) => {
    const fd = await socket(sys);
    const limit = new Uint8Array(16);
    limit[0] = 3;
    await sys.raw(Sys.SETSOCKOPT, fd, SOL_SOCKET, SO_RCVTIMEO, limit, 16);
    const before = await sys.clockGettime(1);
    expect(await failure(sys.read(fd, 10))).toBe(Errno.EAGAIN);
    expect(Math.round(((await sys.clockGettime(1)) - before) / 1e9)).toBe(3);
    const child = await sys.fork(async (own) => (await own.read(fd, 10)).length);
    await sys.nanosleep(1e9);
    expect(await slurp(sys, `/proc/${child}/stack`)).toContain("ping_recvmsg");
    await sys.kill(child, Sig.SIGKILL);
    expect((await sys.wait4(child, 0))!.status).toBe(Sig.SIGKILL);
  }));

test("nothing is left of sockets: not of closed ones, nor of those of the dead, nor of what they had not read", () =>
  inNetwork(async (sys) => {
    await sys.close(await socket(sys));
    const files = await slurp(sys, "/proc/sys/fs/file-nr");
    const tasks = await list(sys, "/proc");
    const free = async (): Promise<string> => /MemFree.*/.exec(await slurp(sys, "/proc/meminfo"))![0];
    let first = "";
    for (let round = 0; round < 3; round++) {
      const pid = await sys.fork(async (own) => {
        const fds = [await socket(own), await socket(own)];
        for (let i = 0; i < 300; i++) await send(own, fds[i % 2]!, echo(i, 4000), address(127));
        await own.close(fds[0]!);
        return 0;
      });
      await sys.wait4(pid, 0);
      expect(await failure(sys.raw(Sys.SOCKET, 5, SOCK_DGRAM, 0))).toBe(Errno.EAFNOSUPPORT);
      if (round === 0) first = await free();
    }
    expect(await free()).toBe(first);
    expect(await slurp(sys, "/proc/sys/fs/file-nr")).toBe(files);
    expect(await list(sys, "/proc")).toEqual(tasks);
  }));
