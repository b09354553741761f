// tty.test.ts - the terminal: line editing, signals, job control, raw mode.
import { expect, test } from "vitest";
import { Errno, Open, Sig, Termios } from "../../../kernel-as/abi.ts";
import type { SysCalls } from "../../../src/user/sys.ts";
import { atTerminal, setFlags } from "./terminal.ts";
import { failure } from "./calls.ts";

const text = (data: Uint8Array) => new TextDecoder().decode(data);
const bytes = (s: string) => new TextEncoder().encode(s);
const readLine = async (sys: SysCalls) => text(await sys.read(0, 1000));

test("a line is edited, echoed, and read as a whole", async () => {
  const { result, screen } = await atTerminal(["helo\x7flo\r"], async (sys) => {
    const line = await readLine(sys);
    await sys.write(1, bytes(`got ${line}`));
    return line;
  });
  expect(result).toBe("hello\n");
  expect(screen).toBe("helo\b \blo\r\ngot hello\r\n");
});

test("VWERASE, VKILL, VREPRINT and VLNEXT", async () => {
  const keys = ["one two\x17three\r", "wrong\x15right\r", "ab\x12c\r", "x\x16\x03y\r", "\t\x7fz\r"];
  const { result, screen } = await atTerminal(keys, async (sys) => {
    const lines = [];
    for (let i = 0; i < 5; i++) lines.push(await readLine(sys));
    return lines;
  });
  expect(result).toEqual(["one three\n", "right\n", "abc\n", "x\x03y\n", "z\n"]);
  expect(screen).toContain("one two\b \b\b \b\b \bthree\r\n");
  expect(screen).toContain("ab^R\r\nabc\r\n");
  expect(screen).toContain("x^\b^Cy\r\n");
  expect(screen).toContain(`\t${"\b".repeat(8)}z\r\n`);
});

test("erasing takes whole characters", async () => {
  const { result } = await atTerminal(["aé日\x7f\x7fb\r"], readLine);
  expect(result).toBe("ab\n");
});

test("VEOF ends a read: nothing at a line's start, the part typed elsewhere", async () => {
  const { result } = await atTerminal(["\x04", "part\x04", "\x04", "end\r"], async (sys) => {
    const got = [];
    for (let i = 0; i < 4; i++) got.push(await readLine(sys));
    return got;
  });
  expect(result).toEqual(["", "part", "", "end\n"]);
});

test("a read gets at most one line, and long lines in pieces", async () => {
  const { result } = await atTerminal(["one\rtwo\r\x04"], async (sys) => {
    await sys.nanosleep(1_000_000);
    return [await readLine(sys), text(await sys.read(0, 2)), text(await sys.read(0, 2)), await readLine(sys)];
  });
  expect(result).toEqual(["one\n", "tw", "o\n", ""]);
});

test("a long paste is not cut, neither raw nor in lines", async () => {
  const lines = Array.from({ length: 900 }, (_, i) => `line number ${i}\r`).join("");
  const { result } = await atTerminal([lines, "\x04", lines], async (sys) => {
    let cooked = "";
    for (let line = await readLine(sys); line !== ""; line = await readLine(sys)) cooked += line;
    await setFlags(sys, Termios.ICANON | Termios.ECHO);
    let raw = "";
    while (raw.length < lines.length) raw += await readLine(sys);
    return { cooked, raw };
  });
  const want = lines.replaceAll("\r", "\n");
  expect(result.cooked).toBe(want);
  expect(result.raw).toBe(want);
});

test("VINTR reaches the foreground group alone", async () => {
  const { result, screen } = await atTerminal(["junk\x03"], async (sys) => {
    await sys.sigaction(Sig.SIGTTOU, "ignore");
    const child = await sys.fork(async (job) => {
      await job.setpgid(0, 0);
      await job.tcsetpgrp(0, job.pid);
      await job.read(0, 10);
      return 0;
    });
    const status = (await sys.wait4(child, 0))!.status;
    await sys.tcsetpgrp(0, sys.pid);
    return status;
  });
  expect(result).toBe(Sig.SIGINT);
  expect(screen).toContain("junk^C");
});

test("VSUSP stops a job, SIGCONT goes on with it", async () => {
  const { result } = await atTerminal(["\x1a", "line\r"], async (sys) => {
    await sys.sigaction(Sig.SIGTTOU, "ignore");
    const child = await sys.fork(async (job) => {
      await job.setpgid(0, 0);
      await job.tcsetpgrp(0, job.pid);
      return (await job.read(0, 10)).length;
    });
    const stopped = await sys.wait4(child, 2);
    await sys.kill(-child, Sig.SIGCONT);
    const ended = await sys.wait4(child, 0);
    return [stopped!.status, ended!.status];
  });
  expect(result).toEqual([(Sig.SIGTSTP << 8) | 0x7f, 5 << 8]);
});

test("background readers stop by SIGTTIN, background writers by TOSTOP", async () => {
  const { result } = await atTerminal(["fg\r"], async (sys) => {
    const reader = await sys.fork(async (job) => {
      await job.setpgid(0, 0);
      return (await job.read(0, 10)).length;
    });
    const ttin = (await sys.wait4(reader, 2))!.status >> 8;
    await sys.kill(reader, Sig.SIGKILL);
    await sys.wait4(reader, 0);
    await setFlags(sys, 0, Termios.TOSTOP);
    const writer = await sys.fork(async (job) => {
      await job.setpgid(0, 0);
      await job.write(1, bytes("x"));
      return 0;
    });
    const ttou = (await sys.wait4(writer, 2))!.status >> 8;
    await sys.kill(writer, Sig.SIGKILL);
    await sys.wait4(writer, 0);
    return [ttin, ttou, await readLine(sys)];
  });
  expect(result).toEqual([Sig.SIGTTIN, Sig.SIGTTOU, "fg\n"]);
});

test("raw mode: VMIN and VTIME", async () => {
  const { result, screen } = await atTerminal(["a", "bc", "\x03"], async (sys) => {
    await setFlags(sys, Termios.ICANON | Termios.ECHO | Termios.ISIG);
    const one = await readLine(sys);
    const two = await readLine(sys);
    const key = await readLine(sys);
    await setFlags(sys, 0, 0, [
      [Termios.VMIN, 0],
      [Termios.VTIME, 3],
    ]);
    const before = await sys.clockGettime(1);
    const none = await readLine(sys);
    const waited = (await sys.clockGettime(1)) - before;
    const nonblock = await sys.open("/dev/tty", Open.RDWR | Open.NONBLOCK);
    const empty = (await sys.read(nonblock, 1)).length;
    await setFlags(sys, 0, 0, [[Termios.VMIN, 1]]);
    const again = await failure(sys.read(nonblock, 1));
    return { one, two, key, none, waited, empty, again };
  });
  expect(result).toMatchObject({ one: "a", two: "bc", key: "\x03", none: "", empty: 0, again: Errno.EAGAIN });
  expect(result.waited).toBeGreaterThanOrEqual(300_000_000);
  expect(result.waited).toBeLessThan(330_000_000);
  expect(screen).toBe("");
});

test("the window's size, and SIGWINCH when it changes", async () => {
  const { result } = await atTerminal([{ rows: 50, cols: 132 }], async (sys) => {
    const before = await sys.winsize(0);
    let seen = 0;
    await sys.sigaction(Sig.SIGWINCH, (sig) => (seen = sig));
    await failure(sys.pause());
    return { before, after: await sys.winsize(0), seen };
  });
  expect(result).toEqual({
    before: { rows: 24, cols: 80 },
    after: { rows: 50, cols: 132 },
    seen: Sig.SIGWINCH,
  });
});

test("VSTOP holds output until VSTART", async () => {
  const { typed, screen } = await atTerminal(["\x13go\r", "\x11"], async (sys) => {
    await readLine(sys);
    await sys.write(1, bytes("after"));
    return 0;
  });
  expect(typed).toBe(2);
  expect(screen).toBe("go\r\nafter");
});

test("/dev/tty is the controlling terminal, and only that", async () => {
  const { result } = await atTerminal([], async (sys) => {
    const fd = await sys.open("/dev/tty", Open.RDWR);
    const pgrp = await sys.tcgetpgrp(fd);
    const child = await sys.fork(async (stranger) => {
      await stranger.setsid();
      const none = await failure(stranger.open("/dev/tty", Open.RDWR));
      const notMine = await failure(stranger.tcgetpgrp(0));
      return none === Errno.ENXIO && notMine === Errno.ENOTTY ? 0 : 1;
    });
    return [pgrp === sys.pid, (await sys.wait4(child, 0))!.status];
  });
  expect(result).toEqual([true, 0]);
});
