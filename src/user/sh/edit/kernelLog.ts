// kernelLog.ts - notices kernel messages that the console printed over the line.

import { Open } from "../../../../kernel-as/abi.ts";
import { attempt } from "../../errno.ts";
import type { SysCalls } from "../../sys.ts";
import { decode } from "../../text.ts";

/** A message this important or more (a smaller number) is printed on the console. */
const DEFAULT_CONSOLE_LEVEL = 7;

export class KernelLog {
  private constructor(private readonly fd: number) {}

  /** Null when there is no /dev/kmsg that can be waited for. */
  static async open(sys: SysCalls): Promise<KernelLog | null> {
    const fd = await attempt(sys.open("/dev/kmsg", Open.RDONLY | Open.NONBLOCK | Open.CLOEXEC));
    if (!fd.ok) return null;
    const high = await attempt(sys.fcntl(fd.value, 1030, 100));
    if (high.ok) await sys.close(fd.value);
    const use = high.ok ? high.value : fd.value;
    if (!(await attempt(sys.lseek(use, 0, 2))).ok) {
      await sys.close(use);
      return null;
    }
    return new KernelLog(use);
  }

  /** Sleeps until there is input, a message was printed, or a signal came. */
  async wait(sys: SysCalls, input: number): Promise<"input" | "message" | "signal"> {
    for (;;) {
      const fds = [
        { fd: input, events: 1, revents: 0 },
        { fd: this.fd, events: 1, revents: 0 },
      ];
      const r = await attempt(sys.poll(fds, -1));
      if (!r.ok) return r.code === 4 ? "signal" : "input";
      if (fds[1]!.revents !== 0 && (await this.printed(sys))) return "message";
      if (fds[0]!.revents !== 0) return "input";
    }
  }

  /** Reads what is new; true when the console showed any of it. */
  private async printed(sys: SysCalls): Promise<boolean> {
    const level = await consoleLevel(sys);
    let any = false;
    for (;;) {
      const r = await attempt(sys.read(this.fd, 8192));
      if (!r.ok && r.code === 32) continue;
      if (!r.ok || r.value.length === 0) return any;
      const priority = Number(/^(\d+),/.exec(decode(r.value))?.[1] ?? 7);
      if ((priority & 7) < level) any = true;
    }
  }
}

async function consoleLevel(sys: SysCalls): Promise<number> {
  const fd = await attempt(sys.open("/proc/sys/kernel/printk", Open.RDONLY));
  if (!fd.ok) return DEFAULT_CONSOLE_LEVEL;
  const r = await attempt(sys.read(fd.value, 64));
  await sys.close(fd.value);
  return r.ok
    ? Number(decode(r.value).trim().split(/\s+/)[0]) || DEFAULT_CONSOLE_LEVEL
    : DEFAULT_CONSOLE_LEVEL;
}
