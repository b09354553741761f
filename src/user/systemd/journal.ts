// journal.ts - the journal: what services said, kept in a file, and the kernel's log beside it.
//
// journald's files are binary and have a copy of the kernel's log. Ours has a
// line of JSON for an entry, and the kernel's records are read where they are.
// As there, it lies in memory unless the directory of the lasting one exists.
import { Errno, Open } from "../../../kernel-as/abi.ts";
import { isDir, makeDirs, readText } from "../kpatch/io.ts";
import { nextRecord, type LogRecord } from "../kpatch/kmsg.ts";
import { SysError, type SysCalls } from "../sys.ts";
import { encode } from "../text.ts";
import { bootTime, now } from "./clock.ts";

export interface Entry {
  /** Microseconds of the epoch. */
  time: number;
  /** The boot it is of: the moment that one began. */
  boot: number;
  priority: number;
  /** Who says it: `kernel`, `systemd`, a program. */
  identifier: string;
  pid?: number;
  unit?: string;
  message: string;
}

const LASTING = "/var/log/journal";
const VOLATILE = "/run/log/journal";
const INFO = 6;

export const isLasting = (sys: SysCalls): Promise<boolean> => isDir(sys, LASTING);

async function journalFile(sys: SysCalls): Promise<string> {
  const dir = (await isLasting(sys)) ? LASTING : VOLATILE;
  await makeDirs(sys, dir);
  return `${dir}/system.journal`;
}

type Saying = Pick<Entry, "identifier" | "message"> & Partial<Entry>;

export async function say(sys: SysCalls, saying: Saying): Promise<void> {
  const entry: Entry = { priority: INFO, time: await now(sys), boot: await bootTime(sys), ...saying };
  const flags = Open.WRONLY | Open.CREAT | Open.APPEND;
  const fd = await sys.open(await journalFile(sys), flags, 0o640);
  await sys.write(fd, encode(`${JSON.stringify(entry)}\n`));
  await sys.close(fd);
}

/** What services said, oldest first; throws EACCES for who may not read it. */
export async function serviceEntries(sys: SysCalls): Promise<Entry[]> {
  const dir = (await isLasting(sys)) ? LASTING : VOLATILE;
  try {
    const text = await readText(sys, `${dir}/system.journal`);
    return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Entry]));
  } catch (error) {
    if (error instanceof SysError && error.code === Errno.ENOENT) return [];
    throw error;
  }
}

const KERN = 0;

/** The kernel's own records, and those that programs wrote to /dev/kmsg under a name of theirs. */
export function kernelEntry(record: LogRecord, boot: number): Entry {
  const base = { time: boot + record.time, boot, priority: record.level };
  if (record.facility === KERN) return { ...base, identifier: "kernel", message: record.text };
  const named = /^([^\s:[]+)(?:\[(\d+)\])?: (.*)$/s.exec(record.text);
  if (!named) return { ...base, identifier: "unknown", message: record.text };
  const [, identifier, pid, message] = named;
  return { ...base, identifier, message, ...(pid !== undefined && { pid: Number(pid) }) };
}

/** The kernel's log from its oldest record on, not blocking at its end. */
export const openKernelLog = (sys: SysCalls): Promise<number> =>
  sys.open("/dev/kmsg", Open.RDONLY | Open.NONBLOCK);

/** The records that have come since the last call. */
export async function kernelEntries(sys: SysCalls, fd: number): Promise<Entry[]> {
  const boot = await bootTime(sys);
  const entries: Entry[] = [];
  for (let record = await nextRecord(sys, fd); record; record = await nextRecord(sys, fd)) {
    entries.push(kernelEntry(record, boot));
  }
  return entries;
}

/** `kpatch[412]: loading…` */
export const speech = ({ identifier, pid, message }: Entry): string =>
  `${identifier}${pid === undefined ? "" : `[${pid}]`}: ${message}`;
