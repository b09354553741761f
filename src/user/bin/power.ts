// power.ts - reboot, halt, poweroff and shutdown.

import { attempt, strerror } from "../errno.ts";
import { exists, makeDirs, readText, writeFile } from "../kpatch/io.ts";
import { formatDate } from "../strftime.ts";
import type { Program, SysCalls } from "../sys.ts";
import { type Command, utility } from "./command.ts";

type Way = Parameters<SysCalls["reboot"]>[0];

async function goDown(c: Command, way: Way, sync: boolean): Promise<void> {
  if ((await c.sys.geteuid()) !== 0) await c.die("Call to Reboot failed: Access denied");
  if (sync) await c.sys.sync();
  const r = await attempt(c.sys.reboot(way));
  if (!r.ok) await c.die(`Failed to reboot: ${strerror(r.code)}`);
}

const WORDS: Record<string, string> = { restart: "Reboot", halt: "Halt", "power-off": "Power off" };

function program(name: string, way: Way): Program {
  return utility(
    name,
    {
      help: `Usage: ${name} [OPTION]...

${WORDS[way]} the system. What is on the disk is kept; tasks, patches and everything else in memory is lost.

      --halt      halt the machine
  -p, --poweroff  switch off the machine
      --reboot    reboot the machine
  -f, --force     as without it: there are no services to stop
  -n, --no-sync   don't sync before`,
      options: "f,force p,poweroff ,halt ,reboot w,wtmp-only d,no-wtmp n,no-sync ,no-wall",
    },
    async (c) => {
      if (c.operands.length > 0) await c.die("Too many arguments.");
      if (c.has("w")) return;
      const chosen = c.has("halt") ? "halt" : c.has("p") ? "power-off" : c.has("reboot") ? "restart" : way;
      await goDown(c, chosen, !c.has("n"));
    },
  );
}

/** Who waits for the time to come, and what for. */
const SCHEDULED = "/run/systemd/shutdown/scheduled";
const MINUTE_NS = 60e9;

const shutdown = utility(
  "shutdown",
  {
    help: `Usage: shutdown [OPTION]... [TIME] [WALL...]

Shut down the system at TIME: now, +MINUTES or HH:MM; +1 without it.

  -H, --halt      halt the machine
  -P, --poweroff  power-off the machine
  -r, --reboot    reboot the machine
  -h              as --poweroff, unless --halt is given
  -k              only say so
      --no-wall   don't tell anybody
  -c              cancel a pending shutdown
      --show      show a pending shutdown`,
    options: "H,halt P,poweroff r,reboot h k ,no-wall c ,show",
  },
  async (c) => {
    if (c.has("c")) return cancel(c);
    if (c.has("show")) return show(c);
    const way: Way = c.has("r") ? "restart" : c.has("H") ? "halt" : "power-off";
    const now = await c.sys.clockGettime(0);
    const at = timeOf(c.operands[0] ?? "+1", now);
    if (at === null) return c.die(`Failed to parse time specification: ${c.operands[0]}`);
    if (c.has("k")) return;
    if (at <= now) return goDown(c, way, true);
    if ((await c.sys.geteuid()) !== 0) await c.die("Failed to schedule shutdown: Access denied");
    await cancel(c);
    await schedule(c, way, at - now);
    await c.errText(`${announcement(way, at)}, use 'shutdown -c' to cancel.\n`);
  },
);

/** In ns of the epoch; null for no time. */
function timeOf(text: string, now: number): number | null {
  if (text === "now") return now;
  const minutes = /^\+?(\d+)$/.exec(text);
  if (minutes) return now + Number(minutes[1]) * MINUTE_NS;
  const clock = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (!clock || Number(clock[1]) > 23 || Number(clock[2]) > 59) return null;
  const day = 1440 * MINUTE_NS;
  const at = now - (now % day) + (Number(clock[1]) * 60 + Number(clock[2])) * MINUTE_NS;
  return at > now ? at : at + day;
}

function announcement(way: string, at: number): string {
  const word = way === "power-off" ? "Shutdown" : WORDS[way];
  return `${word} scheduled for ${formatDate("%a %Y-%m-%d %H:%M:%S %Z", Math.floor(at / 1e9), 0)}`;
}

/** A task of its own waits, out of the way of our session. */
async function schedule(c: Command, way: Way, ns: number): Promise<void> {
  const pid = await c.sys.fork(async (sys) => {
    await sys.setsid();
    for (const fd of [0, 1, 2]) await attempt(sys.close(fd));
    await sys.nanosleep(ns);
    await sys.sync();
    await sys.reboot(way);
    return 0;
  });
  const at = (await c.sys.clockGettime(0)) + ns;
  await makeDirs(c.sys, SCHEDULED.replace(/\/[^/]*$/, ""));
  await writeFile(c.sys, SCHEDULED, `USEC=${Math.floor(at / 1000)}\nMODE=${way}\nPID=${pid}\n`);
}

async function pending(c: Command): Promise<Map<string, string> | null> {
  if (!(await exists(c.sys, SCHEDULED))) return null;
  const lines = (await readText(c.sys, SCHEDULED)).trim().split("\n");
  return new Map(lines.map((line) => line.split("=") as [string, string]));
}

async function cancel(c: Command): Promise<void> {
  const plan = await pending(c);
  if (plan === null) return;
  await attempt(c.sys.kill(Number(plan.get("PID")), 15));
  await attempt(c.sys.unlink(SCHEDULED));
}

async function show(c: Command): Promise<void> {
  const plan = await pending(c);
  if (plan === null) return c.die("No scheduled shutdown.");
  await c.out(
    `${announcement(plan.get("MODE") ?? "", Number(plan.get("USEC")) * 1000)}, use 'shutdown -c' to cancel.\n`,
  );
}

export const power: Record<string, Program> = {
  reboot: program("reboot", "restart"),
  halt: program("halt", "halt"),
  poweroff: program("poweroff", "power-off"),
  shutdown,
};
