import { Open } from "../../kernel-as/abi.ts";
import { SysError, type Program, type SysCalls } from "./sys.ts";

/** What a distribution's first program mounts, in order. */
const MOUNTS: [source: string, target: string, type: string][] = [
  ["proc", "/proc", "proc"],
  ["sysfs", "/sys", "sysfs"],
  ["devtmpfs", "/dev", "devtmpfs"],
  ["tmpfs", "/tmp", "tmpfs"],
  ["tmpfs", "/run", "tmpfs"],
  ["debugfs", "/sys/kernel/debug", "debugfs"],
  ["tracefs", "/sys/kernel/tracing", "tracefs"],
];

export const ENV = new Map([
  ["HOME", "/root"],
  ["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
  ["SHELL", "/bin/bash"],
  ["TERM", "xterm-256color"],
  ["USER", "root"],
  ["LOGNAME", "root"],
]);

/** Mounts the kernel's file systems; one this kernel lacks is left out. What is made later has the usual mode. */
export async function mountAll(sys: SysCalls): Promise<void> {
  await sys.umask(0o022);
  for (const [source, target, type] of MOUNTS) {
    try {
      await sys.mkdir(target, 0o755).catch(() => undefined);
      await sys.mount(source, target, type, 0, "");
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
    }
  }
}

const WANTS = "/etc/systemd/system/multi-user.target.wants";

/** Starts the services that are enabled. A disk that has none does not even have the directory. */
export async function startServices(sys: SysCalls): Promise<void> {
  try {
    await sys.stat(WANTS);
  } catch (error) {
    if (error instanceof SysError) return;
    throw error;
  }
  const pid = await sys.fork((child) => child.execve("/usr/lib/systemd/systemd", ["systemd"], ENV));
  await sys.wait4(pid, 0);
}

/** A login on the console: session, controlling terminal, shell. */
export async function login(sys: SysCalls): Promise<number> {
  await sys.setsid();
  const fd = await sys.open("/dev/console", Open.RDWR);
  for (const target of [0, 1, 2]) if (fd !== target) await sys.dup2(fd, target);
  if (fd > 2) await sys.close(fd);
  await sys.tcsetpgrp(0, sys.pid);
  await sys.chdir("/root").catch(() => undefined);
  return sys.execve("/bin/bash", ["-bash"], ENV);
}

/**
 * /sbin/init: mounts, starts services, then keeps a shell on the console, and buries every
 * orphan. A shell that ends is followed by another, as getty does it.
 */
export const init: Program = async ({ sys }) => {
  await mountAll(sys);
  await startServices(sys);
  for (;;) {
    const shell = await sys.fork(login);
    let dead = await sys.wait4(-1, 0);
    while (dead !== null && dead.pid !== shell) dead = await sys.wait4(-1, 0);
  }
};
