// journalFormat.ts - the lines of journalctl.
import { at, bootTime, SECOND_US, timestamp } from "./clock.ts";
import { speech, type Entry } from "./journal.ts";
import type { SysCalls } from "../sys.ts";

const MONOTONIC_WIDTH = 5;

function monotonic({ time, boot }: Entry): string {
  const us = time - boot;
  const seconds = String(Math.floor(us / SECOND_US)).padStart(MONOTONIC_WIDTH);
  return `[${seconds}.${String(us % SECOND_US).padStart(6, "0")}]`;
}

/** As many digits as systemd's 128-bit names of boots have. */
export const bootId = (boot: number): string => boot.toString(16).padStart(32, "0");

const fraction = (us: number): string => String(us % SECOND_US).padStart(6, "0");

function json(entry: Entry, host: string): string {
  return JSON.stringify({
    __REALTIME_TIMESTAMP: String(entry.time),
    __MONOTONIC_TIMESTAMP: String(entry.time - entry.boot),
    _BOOT_ID: bootId(entry.boot),
    _HOSTNAME: host,
    PRIORITY: String(entry.priority),
    SYSLOG_IDENTIFIER: entry.identifier,
    ...(entry.pid !== undefined && { _PID: String(entry.pid) }),
    ...(entry.unit !== undefined && {
      [entry.identifier === "systemd" ? "UNIT" : "_SYSTEMD_UNIT"]: entry.unit,
    }),
    MESSAGE: entry.message,
  });
}

const STAMPS: Record<string, (entry: Entry) => string> = {
  short: ({ time }) => at("%b %d %H:%M:%S", time),
  "short-full": ({ time }) => timestamp(time),
  "short-iso": ({ time }) => at("%Y-%m-%dT%H:%M:%S+00:00", time),
  "short-iso-precise": ({ time }) => `${at("%Y-%m-%dT%H:%M:%S", time)}.${fraction(time)}+00:00`,
  "short-precise": ({ time }) => `${at("%b %d %H:%M:%S", time)}.${fraction(time)}`,
  "short-monotonic": monotonic,
  "short-unix": ({ time }) => `${Math.floor(time / SECOND_US)}.${fraction(time)}`,
};

export type Formatter = (entry: Entry) => string;

export const OUTPUTS = [...Object.keys(STAMPS), "cat", "json"];

/** A message of several lines goes on below its first, under where that begins. */
export function journalFormatter(output: string, host: string): Formatter {
  if (output === "cat") return ({ message }) => message;
  if (output === "json") return (entry) => json(entry, host);
  const stamp = STAMPS[output];
  const where = host === "" ? "" : ` ${host}`;
  return (entry) => `${stamp(entry)}${where} ${speech(entry)}`;
}

/** One line for each boot there are entries of. */
export async function bootList(sys: SysCalls, entries: Entry[]): Promise<string> {
  const current = await bootTime(sys);
  const boots = [...new Set([...entries.map(({ boot }) => boot), current])].sort((a, b) => a - b);
  const rows = boots.map((boot) => {
    const times = entries.filter((entry) => entry.boot === boot).map(({ time }) => time);
    const [first, last] = [Math.min(...times), Math.max(...times)];
    const index = String(boots.indexOf(boot) - boots.indexOf(current)).padStart(3);
    return `${index} ${bootId(boot)} ${timestamp(first)} ${timestamp(last)}`;
  });
  return [`IDX BOOT ID                          FIRST ENTRY                 LAST ENTRY`, ...rows].join("\n");
}
