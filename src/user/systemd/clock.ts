// clock.ts - moments and spans as systemd writes and reads them. All are microseconds.
import type { SysCalls } from "../sys.ts";
import { formatDate } from "../strftime.ts";

export const SECOND_US = 1_000_000;
const MINUTE = 60 * SECOND_US;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** Microseconds of the epoch. */
export const now = async (sys: SysCalls): Promise<number> => Math.floor((await sys.clockGettime(0)) / 1000);

/** The moment this boot began: milliseconds are all the clocks' difference is good for. */
export async function bootTime(sys: SysCalls): Promise<number> {
  return Math.round(((await sys.clockGettime(0)) - (await sys.clockGettime(1))) / 1e6) * 1000;
}

/** By strftime's format. */
export const at = (format: string, us: number): string =>
  formatDate(format, Math.floor(us / SECOND_US), (us % SECOND_US) * 1000);

/** `Fri 2026-11-21 12:00:00 UTC` */
export const timestamp = (us: number): string => at("%a %Y-%m-%d %H:%M:%S UTC", us);

const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;

/** `3min 2s ago`; the farther away, the coarser. */
export function ago(span: number): string {
  const whole = (unit: number, of = span): number => Math.floor(of / unit);
  if (span >= WEEK) {
    const days = whole(DAY, span % WEEK);
    return `${plural(whole(WEEK), "week")}${days > 0 ? ` ${plural(days, "day")}` : ""} ago`;
  }
  if (span >= 2 * DAY) return `${whole(DAY)} days ago`;
  if (span >= 25 * HOUR) return `1 day ${whole(HOUR, span - DAY)}h ago`;
  if (span >= 6 * HOUR) return `${whole(HOUR)}h ago`;
  if (span >= HOUR) return `${whole(HOUR)}h ${whole(MINUTE, span % HOUR)}min ago`;
  if (span >= 5 * MINUTE) return `${whole(MINUTE)}min ago`;
  if (span >= MINUTE) return `${whole(MINUTE)}min ${whole(SECOND_US, span % MINUTE)}s ago`;
  if (span >= SECOND_US) return `${whole(SECOND_US)}s ago`;
  if (span >= 1000) return `${whole(1000)}ms ago`;
  return span > 0 ? `${span}us ago` : "now";
}

/** `1min 2.345s` */
export function timespan(span: number): string {
  const parts: string[] = [];
  const units: [string, number][] = [
    ["d", DAY],
    ["h", HOUR],
    ["min", MINUTE],
  ];
  let rest = span;
  for (const [name, unit] of units) {
    if (rest >= unit) parts.push(`${Math.floor(rest / unit)}${name}`);
    rest %= unit;
  }
  const milliseconds = Math.floor(rest / 1000);
  if (milliseconds >= 1000) parts.push(`${milliseconds / 1000}s`);
  else if (milliseconds > 0) parts.push(`${milliseconds}ms`);
  return parts.join(" ") || "0";
}

const SPAN_UNITS: Record<string, number> = {
  ...{ us: 1, usec: 1, ms: 1000, msec: 1000 },
  ...{ "": SECOND_US, s: SECOND_US, sec: SECOND_US, second: SECOND_US, seconds: SECOND_US },
  ...{ m: MINUTE, min: MINUTE, minute: MINUTE, minutes: MINUTE },
  ...{ h: HOUR, hr: HOUR, hour: HOUR, hours: HOUR },
  ...{ d: DAY, day: DAY, days: DAY, w: WEEK, week: WEEK, weeks: WEEK },
};

/** `1h 30min`; null when it is none. */
function parseSpan(text: string): number | null {
  if (!/^\s*\d/.test(text) || text.replace(/\d+(\.\d+)?\s*[a-z]*\s*/g, "") !== "") return null;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)) {
    const size = SPAN_UNITS[unit];
    if (size === undefined) return null;
    total += Number(number) * size;
  }
  return total;
}

/** A moment as --since and --until take it; null when it is none. */
export function parseMoment(text: string, present: number): number | null {
  const midnight = present - (present % DAY);
  const named: Record<string, number> = {
    now: present,
    today: midnight,
    yesterday: midnight - DAY,
    tomorrow: midnight + DAY,
  };
  if (Object.hasOwn(named, text)) return named[text];
  const [, sign, span, back] = /^([-+]?)(.*?)(\s+ago)?$/.exec(text) as RegExpExecArray;
  const distance = sign || back ? parseSpan(span) : null;
  if (distance !== null) return sign === "+" ? present + distance : present - distance;
  const date = /^(?:(\d{4}-\d\d-\d\d)[ T]?)?(?:(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?(?: UTC)?$/.exec(text);
  if (!date || text === "") return null;
  const [, day, hours = "0", minutes = "0", seconds = "0"] = date;
  const start = day === undefined ? midnight : Date.parse(`${day}T00:00:00Z`) * 1000;
  if (Number.isNaN(start)) return null;
  return start + Number(hours) * HOUR + Number(minutes) * MINUTE + Math.round(Number(seconds) * SECOND_US);
}
