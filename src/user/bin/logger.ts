// logger.ts - logger: a message for the log. The kernel's is the only one here.

import { attempt } from "../errno.ts";
import type { Program } from "../sys.ts";
import { encode } from "../text.ts";
import { type Command, utility, writeFully } from "./command.ts";
import { userName } from "./users.ts";

const FACILITIES = "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp".split(" ");
const LEVELS = "emerg alert crit err warning notice info debug".split(" ");
const SYNONYMS: Record<string, string> = { error: "err", warn: "warning", panic: "emerg" };

/** `user.notice` as a number. */
async function priority(c: Command): Promise<number> {
  const text = c.value("p") ?? "user.notice";
  const [first, second] = text.split(".") as [string, string?];
  const [facility, level] = second === undefined ? ["user", first] : [first, second];
  const local = /^local([0-7])$/.exec(facility);
  const f = local ? 16 + Number(local[1]) : FACILITIES.indexOf(facility);
  const l = LEVELS.indexOf(SYNONYMS[level] ?? level);
  if (f < 0) return c.die(`unknown facility name: ${facility}`);
  if (l < 0) return c.die(`unknown priority name: ${level}`);
  return f * 8 + l;
}

async function log(c: Command, fd: number, pri: number, text: string): Promise<void> {
  const tag = c.value("t") ?? (await userName(c.sys, await c.sys.geteuid()));
  const id = c.has("i") ? `[${c.sys.pid}]` : "";
  if (c.has("s")) await c.errText(`<${pri}>${tag}${id}: ${text}\n`);
  await writeFully(c.sys, fd, encode(`<${pri}>${tag}${id}: ${text}\n`));
}

const logger = utility(
  "logger",
  {
    help: "Usage: logger [options] [<message>]\nEnter messages into the system log.\n\n  -i                     log the logger command's PID\n  -f, --file <file>      log the contents of this file\n  -p, --priority <prio>  mark given message with this priority\n  -s, --stderr           output message to standard error as well\n  -t, --tag <tag>        mark every line with this tag",
    options: "i f:,file p:,priority s,stderr t:,tag e,skip-empty",
  },
  async (c) => {
    const pri = await priority(c);
    const fd = await attempt(c.sys.open("/dev/kmsg", 1));
    if (!fd.ok) return c.die("socket /dev/log: No such file or directory");
    if (c.operands.length > 0) await log(c, fd.value, pri, c.operands.join(" "));
    else
      for await (const line of c.lines([c.value("f") ?? "-"]))
        if (line !== "" || !c.has("e")) await log(c, fd.value, pri, line);
    return c.status;
  },
);

export const logging: Record<string, Program> = { logger };
