// dates.ts - date: writing and reading of moments.

import { attempt, strerror } from "../errno.ts";
import { formatDate } from "../strftime.ts";
import { utility } from "./command.ts";

const UNIT_SECONDS: Record<string, number> = {
  sec: 1,
  second: 1,
  min: 60,
  minute: 60,
  hour: 3600,
  day: 86400,
  week: 604800,
  fortnight: 1209600,
};
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** What `date -d` understands, in seconds of the epoch; null when nothing fits. All of it is UTC. */
export function parseDate(text: string, now: number): number | null {
  let rest = text.trim().toLowerCase();
  if (rest.startsWith("@")) {
    const n = Number(rest.slice(1));
    return Number.isFinite(n) ? n : null;
  }
  let t = now;
  let d = new Date(Math.floor(now) * 1000);
  const take = (re: RegExp): RegExpExecArray | null => {
    const m = re.exec(rest);
    if (m) rest = (rest.slice(0, m.index) + " " + rest.slice(m.index + m[0].length)).trim();
    return m;
  };
  const day = (y: number, m: number, dd: number): void => {
    d = new Date(Date.UTC(y, m, dd));
    t = d.getTime() / 1000;
  };
  const zone = take(/\b(utc|gmt|z)\b|(?<=\d)z\b|(?<=:\d\d(?:\.\d+)?)\s?([+-])(\d\d):?(\d\d)\b/);
  const shift = zone?.[2] ? (zone[2] === "+" ? -1 : 1) * (Number(zone[3]) * 3600 + Number(zone[4]) * 60) : 0;
  const iso = take(/\b(\d{4})[-/](\d\d?)[-/](\d\d?)t?(?=\b|\d)/) ?? take(/\b(\d{4})(\d\d)(\d\d)\b(?!:)/);
  const us = iso ? null : take(/\b(\d\d?)\/(\d\d?)\/(\d{4})\b/);
  const word =
    iso || us ? null : take(/\b(\d\d?) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (\d{4})\b/);
  const named =
    iso || us || word
      ? null
      : take(/\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (\d\d?)(?:,? (\d{4}))?\b/);
  if (iso && new Date(Date.UTC(+iso[1]!, +iso[2]! - 1, +iso[3]!)).getUTCDate() !== +iso[3]!) return null;
  if (iso) day(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  else if (us) day(Number(us[3]), Number(us[1]) - 1, Number(us[2]));
  else if (word) day(Number(word[3]), MONTHS.indexOf(word[2]!), Number(word[1]));
  else if (named) day(Number(named[3] ?? d.getUTCFullYear()), MONTHS.indexOf(named[1]!), Number(named[2]));
  const clock = take(/\b(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(am|pm)?/);
  if (clock) {
    const h = (Number(clock[1]) % (clock[5] ? 12 : 24)) + (clock[5] === "pm" ? 12 : 0);
    const midnight = Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate()) / 1000;
    t = midnight + h * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0) + Number(`0.${clock[4] ?? 0}`);
  }
  const dated = iso ?? us ?? word ?? named;
  const relative = /^(now|today)\b/;
  while (rest !== "") {
    const m =
      /^([-+]?\s*\d+|next|last)?\s*(sec|second|min|minute|hour|day|week|fortnight|month|year)s?( ago)?\b/.exec(
        rest,
      );
    if (m) {
      const n =
        m[1] === "next" || m[1] === undefined ? 1 : m[1] === "last" ? -1 : Number(m[1].replace(/\s/g, ""));
      t = advance(t, m[3] ? -n : n, m[2]!);
      rest = rest.slice(m[0].length).trim();
    } else if (relative.test(rest)) rest = rest.replace(relative, "").trim();
    else if (/^yesterday\b/.test(rest)) {
      t -= 86400;
      rest = rest.slice(9).trim();
    } else if (/^tomorrow\b/.test(rest)) {
      t += 86400;
      rest = rest.slice(8).trim();
    } else {
      const weekday = WEEKDAY.exec(rest);
      if (!weekday) return null;
      // With a date it is a remark; alone it is the day itself.
      if (!dated) t = onWeekday(t, DAYS.indexOf(weekday[2]!), weekday[1]);
      rest = rest.slice(weekday[0].length).trim();
    }
  }
  return t + shift;
}

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const WEEKDAY = /^(?:(next|last|this)\s+)?(sun|mon|tue|wed|thu|fri|sat)[a-z]*\b,?/;

/** Midnight of a day of the week: the first from today on, `next` a week later if that is today, `last` before today. */
function onWeekday(t: number, day: number, which: string | undefined): number {
  const midnight = Math.floor(t / 86400) * 86400;
  const ahead = (day - new Date(midnight * 1000).getUTCDay() + 7) % 7;
  const week = which === "last" ? -1 : which === "next" && ahead === 0 ? 1 : 0;
  return midnight + (ahead + 7 * week) * 86400;
}

function advance(t: number, n: number, unit: string): number {
  const seconds = UNIT_SECONDS[unit];
  if (seconds !== undefined) return t + n * seconds;
  const d = new Date(t * 1000);
  if (unit === "month") d.setUTCMonth(d.getUTCMonth() + n);
  else d.setUTCFullYear(d.getUTCFullYear() + n);
  return d.getTime() / 1000;
}

const RFC_3339: Record<string, string> = {
  date: "%Y-%m-%d",
  seconds: "%Y-%m-%d %H:%M:%S%:z",
  ns: "%Y-%m-%d %H:%M:%S.%N%:z",
};
const ISO: Record<string, string> = {
  date: "%Y-%m-%d",
  hours: "%Y-%m-%dT%H%:z",
  minutes: "%Y-%m-%dT%H:%M%:z",
  seconds: "%Y-%m-%dT%H:%M:%S%:z",
  ns: "%Y-%m-%dT%H:%M:%S,%N%:z",
};

export const date = utility(
  "date",
  {
    help: `Usage: date [OPTION]... [+FORMAT]
Display date and time in the given FORMAT.

  -d, --date=STRING        display time described by STRING, not 'now'
  -f, --file=DATEFILE      like --date; once for each line of DATEFILE
  -I[FMT], --iso-8601[=FMT]  output date/time in ISO 8601 format
  -R, --rfc-email          output date and time in RFC 5322 format
      --rfc-3339=FMT       output date/time in RFC 3339 format
  -r, --reference=FILE     display the last modification time of FILE
  -u, --utc, --universal   print Coordinated Universal Time (UTC)`,
    options: "d:,date f:,file I?,iso-8601 R,rfc-email ,rfc-3339: r:,reference u,utc ,universal s:,set",
  },
  async (c) => {
    let ns = await c.sys.clockGettime(0);
    if (c.has("s")) await c.die("cannot set date: Operation not permitted");
    if (c.has("r")) {
      const st = await attempt(c.sys.stat(c.value("r")!));
      if (!st.ok) await c.die(`${c.value("r")}: ${strerror(st.ok ? 0 : st.code)}`);
      else ns = st.value.mtimeNs;
    }
    if (c.has("d")) {
      const t = parseDate(c.value("d")!, ns / 1e9);
      if (t === null) await c.die(`invalid date ‘${c.value("d")}’`);
      ns = t! * 1e9;
    }
    let format = "%a %b %e %H:%M:%S %Z %Y";
    if (c.has("rfc-3339")) format = RFC_3339[c.value("rfc-3339")!] ?? "";
    else if (c.has("I")) format = ISO[c.value("I") || "date"] ?? "";
    else if (c.has("R")) format = "%a, %d %b %Y %H:%M:%S %z";
    if (format === "")
      await c.usage(`invalid argument ‘${c.value("rfc-3339") ?? c.value("I")}’ for ‘--rfc-3339’`);
    const operand = c.operands[0];
    if (c.operands.length > 1) await c.usage(`extra operand ‘${c.operands[1]}’`);
    if (operand !== undefined && !operand.startsWith("+")) await c.die(`invalid date ‘${operand}’`);
    if (operand !== undefined) format = operand.slice(1);
    const show = (at: number): Promise<void> => {
      const seconds = Math.floor(at / 1e9);
      return c.out(`${formatDate(format, seconds, Math.floor(at - seconds * 1e9))}\n`);
    };
    if (!c.has("f")) return show(ns);
    for await (const line of c.lines([c.value("f")!])) {
      const t = parseDate(line, ns / 1e9);
      if (t === null) await c.warn(`invalid date ‘${line}’`);
      else await show(t * 1e9);
    }
  },
);
