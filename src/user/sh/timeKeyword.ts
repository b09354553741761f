// timeKeyword.ts - `time pipeline`.

import { Open } from "../../../kernel-as/abi.ts";
import { attempt } from "../errno.ts";
import { decode } from "../text.ts";
import type { Shell } from "./shell.ts";

/** Wall, user and system time in seconds; the last two include children. */
interface Times {
  real: number;
  user: number;
  sys: number;
}

async function now(sh: Shell): Promise<Times> {
  const real = (await sh.sys.clockGettime(1)) / 1e9;
  const fd = await attempt(sh.sys.open("/proc/self/stat", Open.RDONLY));
  if (!fd.ok) return { real, user: 0, sys: 0 };
  const text = decode(await sh.sys.read(fd.value, 4096));
  await sh.sys.close(fd.value);
  // Fields 14 to 17, in ticks: utime stime cutime cstime.
  const f = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const ticks = (i: number): number => (f[i - 3] || 0) / 100;
  return { real, user: ticks(14) + ticks(16), sys: ticks(15) + ticks(17) };
}

export async function timed(sh: Shell, style: "bash" | "posix", run: () => Promise<number>): Promise<number> {
  const before = await now(sh);
  const status = await run();
  const after = await now(sh);
  const real = after.real - before.real;
  const user = after.user - before.user;
  const sys = after.sys - before.sys;
  const format =
    style === "posix"
      ? "real %2R\nuser %2U\nsys %2S"
      : (sh.vars.get("TIMEFORMAT") ?? "\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS");
  if (format !== "") await sh.err(`${formatTimes(format, real, user, sys)}\n`);
  return status;
}

function formatTimes(format: string, real: number, user: number, sys: number): string {
  return format.replace(/%(?:([0-3])?(l)?([RUS])|(P)|(%))/g, (_m, digits, long, which, p, percent) => {
    if (percent) return "%";
    if (p) return (real > 0 ? ((user + sys) / real) * 100 : 0).toFixed(2);
    const t = which === "R" ? real : which === "U" ? user : sys;
    const d = Number(digits ?? 3);
    if (!long) return t.toFixed(d);
    const m = Math.floor(t / 60);
    return `${m}m${(t - m * 60).toFixed(d)}s`;
  });
}
