// pipe.test.ts - pipes, poll, and what happens to descriptors.
import { expect, test } from "vitest";
import { Errno, Fcntl, Open, Sig } from "../../../kernel-as/abi.ts";
import { asInit } from "../../boot.ts";
import { drain, failure, slurp, spew } from "./calls.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);
const IN = 1;
const OUT = 4;
const ERR = 8;
const HUP = 16;
const NVAL = 32;

test("a reader sleeps until bytes come, and sees the end when no writer is left", () =>
  asInit(async (sys) => {
    const [r, w] = await sys.pipe2(0);
    await sys.fork(async (child) => {
      await child.close(r);
      await child.nanosleep(5_000_000);
      await child.write(w, bytes("one"));
      await child.nanosleep(5_000_000);
      await child.write(w, bytes("two"));
      return 0;
    });
    await sys.close(w);
    expect(text(await sys.read(r, 100))).toBe("one");
    expect(text(await sys.read(r, 2))).toBe("tw");
    expect(text(await sys.read(r, 2))).toBe("o");
    expect((await sys.read(r, 1)).length).toBe(0);
  }));

test("a writer sleeps while the pipe is full; all bytes arrive in order", () =>
  asInit(async (sys) => {
    const [r, w] = await sys.pipe2(0);
    const data = new Uint8Array(50_000).map((_, i) => (i * 7) & 255);
    const pid = await sys.fork(async (child) => {
      await child.close(r);
      for (let i = 0; i < 4; i++) expect(await child.write(w, data)).toBe(50_000);
      return 0;
    });
    await sys.close(w);
    let at = 0;
    for (let part = await sys.read(r, 3000); part.length > 0; part = await sys.read(r, 3000)) {
      expect(part.every((byte, i) => byte === data[(at + i) % 50_000])).toBe(true);
      at += part.length;
    }
    expect(at).toBe(200_000);
    expect((await sys.wait4(pid, 0))!.status).toBe(0);
  }));

test("writing where nobody reads is SIGPIPE, or EPIPE when that is ignored", () =>
  asInit(async (sys) => {
    const [r, w] = await sys.pipe2(0);
    await sys.close(r);
    const pid = await sys.fork(async (child) => {
      await child.write(w, bytes("x"));
      return 0;
    });
    expect((await sys.wait4(pid, 0))!.status).toBe(Sig.SIGPIPE);
    await sys.sigaction(Sig.SIGPIPE, "ignore");
    expect(await failure(sys.write(w, bytes("x")))).toBe(Errno.EPIPE);
  }));

test("O_NONBLOCK answers EAGAIN, and small writes are all or nothing", () =>
  asInit(async (sys) => {
    const [r, w] = await sys.pipe2(Open.NONBLOCK);
    expect(await failure(sys.read(r, 1))).toBe(Errno.EAGAIN);
    expect(await sys.write(w, new Uint8Array(65536 - 4000))).toBe(61536);
    expect(await failure(sys.write(w, new Uint8Array(4096)))).toBe(Errno.EAGAIN);
    expect(await sys.write(w, new Uint8Array(5000))).toBe(4000);
    expect(await failure(sys.write(w, new Uint8Array(1)))).toBe(Errno.EAGAIN);
  }));

test("poll goes on after what no handler is for, and ends when it was meant to; a handler ends it", () =>
  asInit(async (sys) => {
    const seconds = async () => (await sys.clockGettime(1)) / 1e9;
    const [r] = await sys.pipe2(0);
    const begun = await seconds();
    const pid = await sys.fork(async (child) => {
      const ready = await child.poll([{ fd: r, events: IN, revents: 0 }], 1000);
      const took = (await child.clockGettime(1)) / 1e9 - begun;
      if (ready !== 0 || took < 1 || took > 1.1) return 1;
      await child.sigaction(Sig.SIGUSR1, () => undefined);
      return failure(child.poll([{ fd: r, events: IN, revents: 0 }], -1));
    });
    await sys.nanosleep(200_000_000);
    await sys.kill(pid, Sig.SIGSTOP);
    await sys.nanosleep(200_000_000);
    await sys.kill(pid, Sig.SIGCONT);
    await sys.nanosleep(1_000_000_000);
    await sys.kill(pid, Sig.SIGUSR1);
    expect(await sys.wait4(pid, 0)).toMatchObject({ status: Errno.EINTR << 8 });
  }));

test("poll tells what is ready, waits, and times out", () =>
  asInit(async (sys) => {
    const [r, w] = await sys.pipe2(0);
    const fds = () => [
      { fd: r, events: IN, revents: 0 },
      { fd: w, events: OUT, revents: 0 },
      { fd: 99, events: IN, revents: 0 },
    ];
    const first = fds();
    expect(await sys.poll(first, 0)).toBe(2);
    expect(first.map(({ revents }) => revents)).toEqual([0, OUT, NVAL]);
    const before = await sys.clockGettime(1);
    expect(await sys.poll([{ fd: r, events: IN, revents: 0 }], 250)).toBe(0);
    expect((await sys.clockGettime(1)) - before).toBeGreaterThanOrEqual(250_000_000);
    await sys.fork(async (child) => {
      await child.nanosleep(1_000_000);
      await child.write(w, bytes("x"));
      return 0;
    });
    const one = [{ fd: r, events: IN, revents: 0 }];
    expect(await sys.poll(one, -1)).toBe(1);
    expect(one[0].revents).toBe(IN);
    await sys.wait4(-1, 0);
    await sys.close(r);
    const writer = [{ fd: w, events: OUT, revents: 0 }];
    await sys.poll(writer, -1);
    expect(writer[0].revents & ERR).toBe(ERR);
    const [r2, w2] = await sys.pipe2(0);
    await sys.close(w2);
    const reader = [{ fd: r2, events: IN, revents: 0 }];
    await sys.poll(reader, -1);
    expect(reader[0].revents).toBe(HUP);
  }));

test("dup, dup2, fcntl; fork shares the position", () =>
  asInit(async (sys) => {
    await spew(sys, "/tmp/f", "abcdef");
    const fd = await sys.open("/tmp/f", Open.RDWR);
    const copy = await sys.dup(fd);
    expect(text(await sys.read(fd, 2))).toBe("ab");
    expect(text(await sys.read(copy, 2))).toBe("cd");
    const pid = await sys.fork(async (child) => ((await child.read(fd, 1))[0] === 101 ? 0 : 1));
    expect((await sys.wait4(pid, 0))!.status).toBe(0);
    expect(text(await sys.read(fd, 5))).toBe("f");
    expect(await sys.dup2(fd, 200)).toBe(200);
    expect(await sys.fcntl(fd, Fcntl.F_DUPFD_CLOEXEC, 100)).toBe(100);
    expect(await sys.fcntl(100, Fcntl.F_GETFD, 0)).toBe(1);
    expect(await sys.fcntl(fd, Fcntl.F_SETFL, Open.APPEND)).toBe(0);
    expect(await sys.fcntl(copy, Fcntl.F_GETFL, 0)).toBe(Open.RDWR | Open.APPEND);
    expect(await failure(sys.dup2(99, 1))).toBe(Errno.EBADF);
    expect(await failure(sys.dup2(fd, 256))).toBe(Errno.EBADF);
    let last = 0;
    while (last >= 0) last = (await failure(sys.dup(fd))) === 0 ? 0 : -1;
    expect(await failure(sys.dup(fd))).toBe(Errno.EMFILE);
  }));

test("exec: programs, scripts, close-on-exec, and what cannot be run", () =>
  asInit(
    async (sys) => {
      const run = async (path: string, argv: string[]) => {
        const [r, w] = await sys.pipe2(0);
        const pid = await sys.fork(async (child) => {
          await child.dup2(w, 1);
          await child.close(r);
          return child.execve(path, argv, new Map());
        });
        await sys.close(w);
        const out = await drain(sys, r);
        await sys.close(r);
        await sys.wait4(pid, 0);
        return out;
      };
      await sys.fcntl(await sys.dup2(0, 50), Fcntl.F_SETFD, 1);
      expect(await run("/bin/show", ["show", "a", "", "b c"])).toBe("show|a||b c\nclosed\nshow\n");
      await spew(sys, "/tmp/script", "#! /bin/show  -x y \nrest\n");
      expect(await failure(sys.execve("/tmp/script", ["s"], new Map()))).toBe(Errno.EACCES);
      await sys.chmod("/tmp/script", 0o755);
      expect(await run("/tmp/script", ["s", "1"])).toBe("/bin/show|-x y|/tmp/script|1\nclosed\nscript\n");
      await sys.chmod("/etc/text", 0o755);
      expect(await failure(sys.execve("/etc/text", ["t"], new Map()))).toBe(Errno.ENOEXEC);
      expect(await failure(sys.execve("/tmp", ["t"], new Map()))).toBe(Errno.EACCES);
      expect(await failure(sys.execve("/tmp/none", ["t"], new Map()))).toBe(Errno.ENOENT);
      expect(await slurp(sys, "/proc/self/cmdline")).toBe("/sbin/init\0");
    },
    {
      files: { "bin/show": { program: "show" }, "etc/text": "plain\n" },
      programs: new Map([
        [
          "show",
          async ({ sys, argv }) => {
            const open = (await failure(sys.fstat(50))) === 0 ? "open" : "closed";
            const comm = await slurp(sys, "/proc/self/comm");
            await sys.write(1, bytes(`${argv.join("|")}\n${open}\n${comm}`));
            return 0;
          },
        ],
      ]),
    },
  ));
