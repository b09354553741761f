// dmesgFormat.ts - how dmesg shows a record: stamps, level names, colours.
import type { LogRecord } from "./kmsg.ts";

export type Stamp = "seconds" | "delta" | "ctime" | "reltime" | "none";

export interface Format {
  stamp: Stamp;
  raw: boolean;
  decode: boolean;
  color: boolean;
  /** Boot's own second of the epoch, for the stamps that show a date. */
  bootEpoch: number;
}

export const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];

export const FACILITIES = [
  ..."kern user mail daemon auth syslog lpr news uucp cron authpriv ftp".split(" "),
  ..."res0 res1 res2 res3 local0 local1 local2 local3 local4 local5 local6 local7".split(" "),
];

const GREEN = "\x1b[32m";
const YELLOW = "\x1b[33m";
const RED = "\x1b[31m";
const BOLD = "\x1b[1m";
const RESET = "\x1b[0m";

/** Turns records into lines; keeps the last time for the stamps that show a difference. */
export function formatter(format: Format): (record: LogRecord) => string {
  let last: number | null = null;
  return (record) => {
    const stamp = stampOf(record, last, format);
    last = record.time;
    return (
      prefixOf(record, format) +
      (format.color && stamp ? GREEN + stamp + RESET : stamp) +
      textOf(record, format)
    );
  };
}

function prefixOf({ facility, level }: LogRecord, { raw, decode }: Format): string {
  if (raw) return `<${facility * 8 + level}>`;
  if (!decode) return "";
  return `${(FACILITIES[facility] ?? String(facility)).padEnd(6)}:${LEVELS[level].padEnd(6)}: `;
}

const seconds = (time: number): string => `${Math.floor(time / 1e6)}.${String(time % 1e6).padStart(6, "0")}`;

function stampOf({ time }: LogRecord, last: number | null, { stamp, bootEpoch }: Format): string {
  const delta = seconds(last === null ? 0 : time - last);
  const date = new Date(Math.floor(bootEpoch * 1000 + time / 1000));
  if (stamp === "none") return "";
  if (stamp === "seconds") return `[${seconds(time).padStart(12)}] `;
  if (stamp === "delta") return `[${seconds(time).padStart(12)} <${delta.padStart(12)}>] `;
  if (stamp === "ctime") return `[${ctime(date)}] `;
  return last === null || delta.length > 9 ? `[${minute(date)}] ` : `[${`+${delta}`.padStart(11)}] `;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const two = (value: number): string => String(value).padStart(2, "0");

function ctime(date: Date): string {
  const day = String(date.getUTCDate()).padStart(2);
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${clock} ${date.getUTCFullYear()}`;
}

const minute = (date: Date): string =>
  `${MONTHS[date.getUTCMonth()]}${two(date.getUTCDate())} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;

const LEVEL_COLOR = [BOLD + RED, BOLD + RED, BOLD + RED, RED, BOLD];

/** The part up to the first colon is the subsystem's name. */
function textOf({ level, text }: LogRecord, { color }: Format): string {
  if (!color) return text;
  const paint = LEVEL_COLOR[level];
  if (paint) return paint + text + RESET;
  const [, subsystem, rest] = /^([^:\s][^:]{0,39}: )?([\s\S]*)$/.exec(text) as RegExpExecArray;
  return subsystem ? YELLOW + subsystem + RESET + rest : rest;
}
