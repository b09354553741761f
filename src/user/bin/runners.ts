// runners.ts - timeout, watch, nohup, nice, setsid, stdbuf: programs that run programs.

import { attempt } from "../errno.ts";
import { signalNumber } from "../signals.ts";
import type { Program } from "../sys.ts";
import { formatDate } from "../strftime.ts";
import { decodeStatus, exitCode } from "../waitStatus.ts";
import { parseDuration } from "./basic.ts";
import { type Command, utility } from "./command.ts";
import { capture, exec } from "./spawn.ts";
import { runProgram } from "./system.ts";

const timeout = utility(
  "timeout",
  {
    help: `Usage: timeout [OPTION] DURATION COMMAND [ARG]...
Start COMMAND, and kill it if still running after DURATION.

      --preserve-status      exit with the same status as COMMAND
      --foreground           allow COMMAND to read from the TTY and get TTY signals
  -k, --kill-after=DURATION  also send a KILL signal if COMMAND is still running
  -s, --signal=SIGNAL        specify the signal to be sent on timeout`,
    options: ",preserve-status ,foreground k:,kill-after s:,signal v,verbose",
    posix: true,
    usageStatus: 125,
  },
  async (c) => {
    const [duration, ...argv] = c.operands;
    if (duration === undefined || argv.length === 0) await c.missingOperand();
    const ns = parseDuration(duration!);
    const sig = signalNumber(c.value("s") ?? "TERM");
    const after = c.has("k") ? parseDuration(c.value("k")!) : null;
    if (ns === null) await c.usage(`invalid time interval ‘${duration}’`);
    if (sig === null) await c.usage(`${c.value("s")}: invalid signal`);
    if (!c.has("foreground")) await attempt(c.sys.setpgid(0, 0));
    await c.sys.sigaction(22, "ignore");
    await c.sys.sigaction(21, "ignore");
    const pid = await c.sys.fork(async (sys) => {
      await sys.sigaction(22, "default");
      await sys.sigaction(21, "default");
      return exec(sys, "timeout", argv, null, c.env);
    });
    return watchOver(c, pid, ns!, sig!, after);
  },
);

/** A second child sleeps; whichever ends first decides. */
async function watchOver(
  c: Command,
  pid: number,
  ns: number,
  sig: number,
  after: number | null,
): Promise<number> {
  const sleeper = (t: number): Promise<number> => c.sys.fork(async (sys) => (await sys.nanosleep(t), 0));
  // No time at all means no limit.
  let alarm = ns === 0 ? 0 : await sleeper(ns);
  let timedOut = false;
  for (;;) {
    const r = await attempt(c.sys.wait4(-1, 0));
    if (!r.ok || !r.value) continue;
    if (r.value.pid === pid) {
      if (alarm > 0) await attempt(c.sys.kill(alarm, 9));
      const code = exitCode(r.value.status);
      if (!timedOut || c.has("preserve-status")) return code;
      // What KILL did to the command it does to timeout as well.
      if (decodeStatus(r.value.status).kind === "signaled" && code === 137) await c.sys.kill(c.sys.pid, 9);
      return 124;
    }
    if (r.value.pid !== alarm) continue;
    await attempt(c.sys.kill(pid, timedOut ? 9 : sig));
    await attempt(c.sys.kill(pid, 18));
    alarm = !timedOut && after !== null && after > 0 ? await sleeper(after) : 0;
    timedOut = true;
  }
}

const watch = utility(
  "watch",
  {
    help: `Usage: watch [options] command
Execute a program periodically, showing output fullscreen.

  -e, --errexit          exit if command has a non-zero exit
  -g, --chgexit          exit when output from command changes
  -n, --interval <secs>  seconds to wait between updates
  -t, --no-title         turn off header
  -x, --exec             pass command to exec instead of "sh -c"`,
    options: "b,beep c,color d,differences? e,errexit g,chgexit n:,interval p,precise t,no-title x,exec",
    posix: true,
  },
  async (c) => {
    if (c.operands.length === 0) await c.usage("no command given");
    const interval = parseDuration(c.value("n") ?? "2");
    if (interval === null) await c.die(`failed to parse argument: '${c.value("n")}'`);
    const command = c.operands.join(" ");
    const argv = c.has("x") ? c.operands : ["sh", "-c", command];
    const host = (await c.sys.uname()).nodename;
    let previous: string | null = null;
    for (;;) {
      const size = await attempt(c.sys.winsize(1));
      const [rows, cols] = size.ok && size.value.rows > 0 ? [size.value.rows, size.value.cols] : [24, 80];
      const { text, status } = await capture(c, argv, true);
      const when = `${host}: ${formatDate("%a %b %e %H:%M:%S %Y", (await c.sys.clockGettime(0)) / 1e9, 0)}`;
      const every = `Every ${(Math.max(interval!, 1e8) / 1e9).toFixed(1)}s: ${command}`;
      const title = c.has("t")
        ? ""
        : `${every.slice(0, Math.max(0, cols - when.length - 1)).padEnd(Math.max(0, cols - when.length))}${when}\n\n`;
      const room = rows - (c.has("t") ? 0 : 2);
      const shown = text
        .split("\n")
        .slice(0, room)
        .map((l) => l.slice(0, cols))
        .join("\n")
        .replace(/\n$/, "");
      await c.out(`\x1b[H\x1b[2J${title}${shown}`);
      await c.flush();
      if (c.has("e") && status !== 0) return status;
      if (c.has("g") && previous !== null && previous !== text) return 0;
      previous = text;
      await c.sys.nanosleep(Math.max(interval!, 1e8));
    }
  },
);

/** A program that changes something small, then becomes another one. */
function wrapper(
  name: string,
  help: string,
  options: string,
  prepare: (c: Command) => Promise<void>,
): Program {
  return utility(name, { help, options, posix: true, usageStatus: 125 }, async (c) => {
    if (c.operands.length === 0) await c.missingOperand();
    await prepare(c);
    return runProgram(c, c.operands, c.env);
  });
}

const nohup = wrapper(
  "nohup",
  "Usage: nohup COMMAND [ARG]...\nRun COMMAND, ignoring hangup signals.",
  "",
  (c) => c.sys.sigaction(1, "ignore"),
);
const nice = wrapper(
  "nice",
  "Usage: nice [OPTION] [COMMAND [ARG]...]\nRun COMMAND; this kernel has one priority.",
  "n:,adjustment",
  async () => {},
);
const stdbuf = wrapper(
  "stdbuf",
  "Usage: stdbuf OPTION... COMMAND\nRun COMMAND; programs here flush as they should.",
  "i:,input o:,output e:,error",
  async () => {},
);
const setsid = wrapper(
  "setsid",
  "Usage: setsid [options] <program> [arguments ...]\nRun a program in a new session.",
  "c,ctty f,fork w,wait",
  async (c) => {
    if ((await attempt(c.sys.setsid())).ok) return;
    const pid = await c.sys.fork(async (sys) => {
      await sys.setsid();
      return exec(sys, "setsid", c.operands, null, c.env);
    });
    if (c.has("w")) await c.sys.wait4(pid, 0);
    await c.sys.exit(0);
  },
);

export const runners: Record<string, Program> = { timeout, watch, nohup, nice, stdbuf, setsid };
