/** What can be seen of a running kernel: whole files, answers and errors of system calls, the log. */

import type { SysCalls } from "../../../src/user/sys.ts";
import { Sys } from "../../../kernel-as/abi.ts";
import { bootWith } from "../../boot.ts";

const FILES = [
  ...["extra", "version", "cpuinfo", "filesystems", "devices", "cmdline", "loadavg", "uptime", "meminfo"],
  ...["stat", "mounts", "self/status", "self/stat", "self/comm", "self/mounts", "1/status", "2/stat"],
  ...["sys/kernel/ostype", "sys/kernel/osrelease", "sys/kernel/version", "sys/kernel/hostname"],
  ...["sys/kernel/pid_max", "sys/kernel/printk"],
].map((name) => `/proc/${name}`);

const CONTROL = "/sys/kernel/debug/dynamic_debug/control";

type Look = (sys: SysCalls) => Promise<unknown>;

async function read(sys: SysCalls, path: string): Promise<string> {
  const fd = await sys.open(path, 0);
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const data = await sys.read(fd, 4096);
    if (data.length === 0) return text;
    text += decoder.decode(data, { stream: true });
    // An edited kernel may never say that a file ends.
    if (text.length > 1 << 16) return `${text.slice(0, 4096)}…`;
  }
}

/** Each answer or error by itself: a refusal does not hide what comes behind it. */
async function answers(...calls: (() => Promise<unknown>)[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const call of calls) found.push(await call().catch((error: unknown) => String(error)));
  return found;
}

/** System calls by number, one after another. */
const raw = (sys: SysCalls, ...lists: number[][]): Promise<unknown[]> =>
  answers(
    ...lists.map(
      ([nr, ...args]) =>
        () =>
          sys.raw(nr!, ...args),
    ),
  );

const file = async (sys: SysCalls): Promise<number> => {
  const fd = await sys.open("/tmp/seen", 0o102, 0o640);
  await sys.write(fd, new TextEncoder().encode("0123456789"));
  return fd;
};

const SYSCALLS: Record<string, Look> = {
  "stat /tmp": (sys) => sys.stat("/tmp"),
  "stat /sbin/init": (sys) => sys.stat("/sbin/init"),
  "stat /dev/null": (sys) => sys.stat("/dev/null"),
  "stat /proc/self/fd/0": async (sys) => {
    await sys.open("/proc/version", 0);
    return sys.lstat("/proc/self/fd/0");
  },
  uname: (sys) => sys.uname(),
  umask: (sys) => raw(sys, [Sys.UMASK, 0o27], [Sys.UMASK, 0o7777], [Sys.UMASK, 0]),
  ids: (sys) => {
    const own = [Sys.GETPID, Sys.GETPPID, Sys.GETUID, Sys.GETEUID, Sys.GETGID].map((nr) => [nr]);
    const others = [0, 1, 99999].flatMap((pid) => [
      [Sys.GETPGID, pid],
      [Sys.GETSID, pid],
    ]);
    return raw(sys, ...own, ...others);
  },
  groups: (sys) => {
    const before = [
      [Sys.SETPGID, 1, 0],
      [Sys.SETPGID, 0, 77],
      [Sys.SETPGID, 0, 0],
      [Sys.GETPGID, 0],
      [Sys.SETSID],
    ];
    return raw(sys, ...before, [Sys.GETSID, 0], [Sys.SETPGID, 99999, 0], [Sys.SETPGID, 0, -1]);
  },
  users: (sys) => {
    const asRoot = [[Sys.SETGID, 7], [Sys.GETGID], [Sys.SETUID, 1000], [Sys.GETEUID]];
    return raw(
      sys,
      ...asRoot,
      [Sys.SETUID, 0],
      [Sys.SETUID, 1000],
      [Sys.SETGID, 0],
      [Sys.GETUID],
      [Sys.SETSID],
    );
  },
  lseek: async (sys) => {
    const fd = await file(sys);
    const places = [
      [3, 0],
      [2, 1],
      [-4, 2],
      [-40, 2],
      [5, 9],
      [-1, 0],
      [100, 0],
      [0, 2],
    ];
    const [reader] = await sys.pipe2(0);
    const moves = places.map((place) => [Sys.LSEEK, fd, ...place]);
    return raw(sys, ...moves, [Sys.LSEEK, reader, 0, 0], [Sys.LSEEK, 99, 0, 0]);
  },
  fcntl: async (sys) => {
    const fd = await file(sys);
    const commands = [[3], [4, 0o2000], [3], [1], [2, 1], [1], [0, 9], [1030, 12], [999]];
    const calls = commands.map(
      ([cmd, arg]) =>
        () =>
          sys.fcntl(fd, cmd!, arg ?? 0),
    );
    return answers(...calls, () => sys.fcntl(99, 3, 0));
  },
  access: async (sys) => {
    await file(sys);
    const asked = [0, 1, 2, 4, 7, 8];
    const ask = () => answers(...asked.map((mode) => () => sys.access("/tmp/seen", mode)));
    const asRoot = await ask();
    await sys.setuid(1000);
    return [asRoot, await ask()];
  },
  truncate: async (sys) => {
    const fd = await file(sys);
    const first = await raw(sys, [Sys.FTRUNCATE, fd, 4], [Sys.FTRUNCATE, fd, -1], [Sys.FTRUNCATE, 99, 0]);
    return [first, (await sys.fstat(fd)).size];
  },
  utimes: async (sys) => {
    await file(sys);
    const done = await answers(() => sys.utimens("/tmp/seen", 1e9, 2e9));
    await sys.setuid(1000);
    return [done, await answers(() => sys.utimens("/tmp/seen", 3e9, null)), await sys.stat("/tmp/seen")];
  },
  clocks: (sys) =>
    answers(
      () => sys.clockGettime(0),
      () => sys.clockGettime(1),
      () => sys.clockGettime(7),
      () => sys.raw(Sys.TIMES, 0),
    ),
  "no such thing": (sys) =>
    answers(
      () => sys.open("/nowhere", 0),
      () => sys.read(99, 1),
      () => sys.kill(99999, 9),
      () => sys.rmdir("/tmp/none"),
    ),
};

/** Timestamps say when a patch was loaded, not what the kernel did. */
const log: Look = async (sys) =>
  new TextDecoder().decode(await sys.syslog(3, 1 << 16)).replaceAll(/^(<\d+>)?\[ *[\d.]+\] /gm, "$1");

const LOOKS: Record<string, Look> = {
  ...Object.fromEntries([...FILES, CONTROL].map((path) => [path, (sys: SysCalls) => read(sys, path)])),
  ...SYSCALLS,
  dmesg: log,
};

export type Seen = Record<string, string>;

/** Boots, loads the patch, waits until it is all over, and looks at everything at fixed times. */
export function probe(vmlinux: WebAssembly.Module, patch: Uint8Array): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const seen: Seen = {};
    const stop = (why: string) => resolve({ ...seen, machine: `${why}\n${booted.output()}` });
    const booted = bootWith(
      async ({ sys }) => {
        try {
          await sys.init_module(patch, "");
          let time = 10e9;
          for (const [name, look] of Object.entries(LOOKS)) {
            time += 1e8;
            await sys.nanosleep(time - booted.machine.kernel.exports.get_time());
            seen[name] = "died";
            await sys.fork((own) => told(own, look, (text) => (seen[name] = text)));
            await sys.nanosleep(5e7);
            while (await sys.wait4(-1, 1).catch(() => null));
          }
          resolve(seen);
        } catch (error) {
          reject(error as Error);
        }
        await sys.reboot("power-off");
        return 0;
      },
      { vmlinux, cmdline: "quiet" },
    );
    booted.machine.onHalt = stop;
    booted.machine.onQuiet = () => stop("every task waits for ever");
  });
}

async function told(sys: SysCalls, look: Look, tell: (text: string) => void): Promise<number> {
  // A failed call is an answer too.
  tell(JSON.stringify(await look(sys).catch((error: unknown) => String(error))));
  return 0;
}
