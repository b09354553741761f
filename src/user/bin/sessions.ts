// sessions.ts - who, users, w, logname: who is logged in. One user is: at the console.

import { formatDate } from "../strftime.ts";
import type { Program } from "../sys.ts";
import { type Command, utility } from "./command.ts";
import { uptimeLine } from "./load.ts";
import { allTasks, commandLine, type TaskInfo } from "./processes.ts";
import { userName } from "./users.ts";

interface Session {
  user: string;
  /** Seconds of the epoch. */
  since: number;
  leader: TaskInfo;
  /** What runs in the foreground. */
  command: string;
}

/** Leaders of sessions that have a terminal. */
async function sessions(c: Command): Promise<Session[]> {
  const tasks = await allTasks(c.sys);
  const boot = ((await c.sys.clockGettime(0)) - (await c.sys.clockGettime(7))) / 1e9;
  const out: Session[] = [];
  for (const leader of tasks.filter((t) => t.pid === t.session && t.tty !== 0)) {
    const front = tasks.findLast((t) => t.pgrp === leader.foreground) ?? leader;
    const since = boot + leader.start / 100;
    out.push({ user: await userName(c.sys, leader.uid), since, leader, command: commandLine(front) });
  }
  return out;
}

const when = (seconds: number): string => formatDate("%Y-%m-%d %H:%M", seconds, 0);

const who = utility(
  "who",
  {
    help: "Usage: who [OPTION]... [ FILE | ARG1 ARG2 ]\nPrint information about users who are currently logged in.\n\n  -b, --boot     time of last system boot\n  -H, --heading  print line of column headings\n  -m             only hostname and user associated with stdin\n  -q, --count    all login names and number of users logged on",
    options: "a,all b,boot H,heading m q,count u,users s,short",
  },
  async (c) => {
    const list = await sessions(c);
    if (c.has("b")) {
      const boot = ((await c.sys.clockGettime(0)) - (await c.sys.clockGettime(7))) / 1e9;
      return c.out(`         system boot  ${when(boot)}\n`);
    }
    if (c.has("q")) return c.out(`${list.map((s) => s.user).join(" ")}\n# users=${list.length}\n`);
    if (c.has("H")) await c.out("NAME     LINE         TIME             COMMENT\n");
    for (const s of list) await c.out(`${s.user.padEnd(8)} console      ${when(s.since)}\n`);
  },
);

const users = utility(
  "users",
  { help: "Usage: users [OPTION]... [FILE]\nOutput who is currently logged in." },
  async (c) => {
    const names = (await sessions(c)).map((s) => s.user).sort();
    if (names.length > 0) await c.out(`${names.join(" ")}\n`);
  },
);

const w = utility(
  "w",
  {
    help: "Usage: w [options]\nShow who is logged on and what they are doing.\n\n  -h, --no-header  do not print header\n  -s, --short      short format",
    options: "h,no-header s,short u,no-current f,from",
  },
  async (c) => {
    if (!c.has("h"))
      await c.out(
        `${await uptimeLine(c)}\nUSER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n`,
      );
    for (const s of await sessions(c)) {
      const cpu = ((s.leader.utime + s.leader.stime) / 100).toFixed(2);
      const login = formatDate("%H:%M", s.since, 0);
      await c.out(
        `${s.user.padEnd(8)} ${"console".padEnd(8)} ${"-".padEnd(16)} ${login}    0.00s  ${cpu}s  ${cpu}s ${s.command}\n`,
      );
    }
  },
);

const logname = utility(
  "logname",
  { help: "Usage: logname [OPTION]\nPrint the user's login name." },
  async (c) => {
    const mine = (await sessions(c))[0];
    if (!mine) return c.die("no login name");
    return c.out(`${mine.user}\n`);
  },
);

export const sessionPrograms: Record<string, Program> = { who, users, w, logname };
