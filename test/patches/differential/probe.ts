/** What can be seen of a running kernel, by files and by system calls. */

import type { SysCalls } from "../../../src/user/sys.ts";
import { bootWith } from "../../boot.ts";

const FILES = [
  "version",
  "cpuinfo",
  "filesystems",
  "devices",
  "cmdline",
  "loadavg",
  "uptime",
  "meminfo",
  "stat",
  "mounts",
  "self/status",
  "self/stat",
  "self/comm",
  "1/status",
  "2/stat",
  "sys/kernel/ostype",
  "sys/kernel/osrelease",
  "sys/kernel/version",
  "sys/kernel/hostname",
  "sys/kernel/pid_max",
  "sys/kernel/printk",
].map((name) => `/proc/${name}`);

const CONTROL = "/sys/kernel/debug/dynamic_debug/control";

type Look = (sys: SysCalls) => Promise<unknown>;

async function read(sys: SysCalls, path: string): Promise<string> {
  const fd = await sys.open(path, 0);
  return new TextDecoder().decode(await sys.read(fd, 4096));
}

const LOOKS: Record<string, Look> = {
  ...Object.fromEntries([...FILES, CONTROL].map((path) => [path, (sys: SysCalls) => read(sys, path)])),
  "stat /tmp": (sys) => sys.stat("/tmp"),
  "stat /sbin/init": (sys) => sys.stat("/sbin/init"),
  "stat /dev/null": (sys) => sys.stat("/dev/null"),
  "stat /proc/self/fd/0": async (sys) => {
    await sys.open("/proc/version", 0);
    return sys.lstat("/proc/self/fd/0");
  },
  umask: async (sys) => [await sys.umask(0o27), await sys.umask(0)],
  ids: async (sys) => [
    await sys.getpid(),
    await sys.getppid(),
    await sys.getuid(),
    await sys.geteuid(),
    await sys.getgid(),
    await sys.getpgid(0),
    await sys.getsid(0),
  ],
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
