// dmesg.ts - the kernel's log: print, follow, filter, clear, set the console level.
import { Fcntl } from "../../../kernel-as/abi.ts";
import { strerror } from "../strerror.ts";
import { SysError } from "../sys.ts";
import { FACILITIES, formatter, LEVELS, type Format, type Stamp } from "./dmesgFormat.ts";
import { getopt, type Option } from "./getopt.ts";
import { nextRecord, openLog, type LogRecord } from "./kmsg.ts";
import { Exit, tool, type Tool } from "./tool.ts";

const OPTIONS: Option[] = [
  { short: "C", long: "clear" },
  { short: "c", long: "read-clear" },
  { short: "D", long: "console-off" },
  { short: "E", long: "console-on" },
  { short: "d", long: "show-delta" },
  { short: "e", long: "reltime" },
  { short: "f", long: "facility", arg: "required" },
  { short: "H", long: "human" },
  { short: "k", long: "kernel" },
  { short: "L", long: "color", arg: "optional" },
  { short: "l", long: "level", arg: "required" },
  { short: "n", long: "console-level", arg: "required" },
  { short: "P", long: "nopager" },
  { short: "r", long: "raw" },
  { short: "S", long: "syslog" },
  { short: "T", long: "ctime" },
  { short: "t", long: "notime" },
  { short: "u", long: "userspace" },
  { short: "w", long: "follow" },
  { short: "W", long: "follow-new" },
  { short: "x", long: "decode" },
  { short: "V", long: "version" },
];

/** Types of syslog(2). */
const CLEAR = 5;
const CONSOLE_OFF = 6;
const CONSOLE_ON = 7;
const CONSOLE_LEVEL = 8;

const STAMPS: Record<string, Stamp> = {
  "show-delta": "delta",
  reltime: "reltime",
  human: "reltime",
  ctime: "ctime",
  notime: "none",
};

const KERN = 0;

type Options = Map<string, string>;

export const dmesg = tool("dmesg", async (tool) => {
  const parsed = getopt(tool.args, OPTIONS);
  if (parsed.error) return fail(tool, parsed.error);
  if (parsed.operands.length > 0) return fail(tool, "bad usage\nTry 'dmesg --help' for more information.");
  const options: Options = new Map(parsed.options.map(({ name, value }) => [name, value]));
  if (options.has("version")) {
    await tool.out("dmesg from util-linux 2.41");
    return 0;
  }
  try {
    return await act(tool, options);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    return fail(tool, `${COMPLAINTS[error.call] ?? "read kernel buffer failed"}: ${strerror(error.code)}`);
  }
});

const COMPLAINTS: Record<string, string> = { syslog: "klogctl failed" };

async function fail({ err }: Tool, text: string): Promise<number> {
  await err(`dmesg: ${text}`);
  return 1;
}

async function act(tool: Tool, options: Options): Promise<number> {
  const level = options.get("console-level");
  if (level !== undefined) return setConsole(tool, CONSOLE_LEVEL, (await levelNumber(tool, level)) + 1);
  if (options.has("console-off")) return setConsole(tool, CONSOLE_OFF, 0);
  if (options.has("console-on")) return setConsole(tool, CONSOLE_ON, 0);
  if (options.has("clear")) return setConsole(tool, CLEAR, 0);
  const wanted = await filterOf(tool, options);
  const line = formatter(await formatOf(tool, options));
  await printLog(tool, options, wanted, line);
  return options.has("read-clear") ? setConsole(tool, CLEAR, 0) : 0;
}

async function setConsole({ sys }: Tool, type: number, arg: number): Promise<number> {
  await sys.syslog(type, arg);
  return 0;
}

async function levelNumber(tool: Tool, text: string): Promise<number> {
  const level = /^\d$/.test(text) ? Number(text) - 1 : LEVELS.indexOf(text);
  if (level < 0 || level >= LEVELS.length) {
    await fail(tool, `unknown level '${text}'`);
    throw new Exit(1);
  }
  return level;
}

type Filter = (record: LogRecord) => boolean;

async function filterOf(tool: Tool, options: Options): Promise<Filter> {
  const levels = new Set<number>();
  for (const part of options.get("level")?.split(",") ?? []) {
    for (const level of await levelRange(tool, part)) levels.add(level);
  }
  const facilities = new Set<number>();
  for (const part of options.get("facility")?.split(",") ?? []) {
    if (!FACILITIES.includes(part)) {
      await fail(tool, `unknown facility '${part}'`);
      throw new Exit(1);
    }
    facilities.add(FACILITIES.indexOf(part));
  }
  return ({ level, facility }) =>
    (levels.size === 0 || levels.has(level)) &&
    (facilities.size === 0 || facilities.has(facility)) &&
    (!options.has("kernel") || facility === KERN) &&
    (!options.has("userspace") || facility !== KERN);
}

/** `warn`, `warn+` (and worse) or `+warn` (and milder). */
async function levelRange(tool: Tool, text: string): Promise<number[]> {
  const level = await levelNumber(tool, text.replace(/^\+|\+$/g, ""));
  const all = LEVELS.map((_, i) => i);
  if (text.endsWith("+")) return all.slice(0, level + 1);
  return text.startsWith("+") ? all.slice(level) : [level];
}

async function formatOf(tool: Tool, options: Options): Promise<Format> {
  let stamp: Stamp = "seconds";
  for (const name of options.keys()) stamp = STAMPS[name] ?? stamp;
  const [epoch, uptime] = [await tool.sys.clockGettime(0), await tool.sys.clockGettime(1)];
  return {
    stamp: options.has("raw") && stamp === "seconds" ? "seconds" : stamp,
    raw: options.has("raw"),
    decode: options.has("decode"),
    color: !options.has("raw") && (await wantsColor(tool, options)),
    bootEpoch: (epoch - uptime) / 1e9,
  };
}

async function wantsColor({ sys }: Tool, options: Options): Promise<boolean> {
  const when = options.get("color") ?? "auto";
  if (when === "always" || when === "") return true;
  if (when === "never") return false;
  try {
    await sys.tcgetattr(1);
    return true;
  } catch (error) {
    if (error instanceof SysError) return false;
    throw error;
  }
}

async function printLog(tool: Tool, options: Options, wanted: Filter, line: (record: LogRecord) => string) {
  const follow = options.has("follow") || options.has("follow-new");
  const fd = await openLog(tool.sys);
  const backlog: string[] = [];
  for (let record = await nextRecord(tool.sys, fd); record; record = await nextRecord(tool.sys, fd)) {
    if (wanted(record)) backlog.push(line(record));
  }
  if (backlog.length > 0 && !options.has("follow-new")) await tool.out(backlog.join("\n"));
  if (follow) await followLog(tool, fd, wanted, line);
  await tool.sys.close(fd);
}

async function followLog(tool: Tool, fd: number, wanted: Filter, line: (record: LogRecord) => string) {
  await tool.sys.fcntl(fd, Fcntl.F_SETFL, 0);
  for (let record = await nextRecord(tool.sys, fd); record; record = await nextRecord(tool.sys, fd)) {
    if (wanted(record)) await tool.out(line(record));
  }
}
