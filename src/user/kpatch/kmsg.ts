// kmsg.ts - records of /dev/kmsg, one read each: `PRIO,SEQ,MICROSECONDS,FLAG;TEXT\n KEY=VALUE…`.
import { Errno, Open } from "../../../kernel-as/abi.ts";
import { SysError, type SysCalls } from "../sys.ts";

export interface LogRecord {
  facility: number;
  level: number;
  /** Microseconds since boot. */
  time: number;
  text: string;
}

const RECORD_MAX = 8192;
const SEEK_DATA = 3;
const encoder = new TextEncoder();

export function parseRecord(bytes: Uint8Array): LogRecord {
  const whole = new TextDecoder().decode(bytes);
  const split = whole.indexOf(";");
  const [priority, , time] = whole.slice(0, split).split(",").map(Number);
  const text = whole.slice(split + 1).split("\n")[0];
  return { facility: priority >> 3, level: priority & 7, time, text: unescape(text) };
}

/**
 * The kernel writes a byte that is not plain ASCII as \xHH; here it becomes
 * itself again, but for control characters, which no terminal may see.
 */
function unescape(text: string): string {
  if (!text.includes("\\x")) return text;
  const bytes: number[] = [];
  for (const part of text.matchAll(/\\x([0-9a-f]{2})|[\s\S]/g)) {
    const byte = part[1] === undefined ? part[0].charCodeAt(0) : parseInt(part[1], 16);
    if (byte < 0x20 || byte === 0x7f) bytes.push(...encoder.encode(part[0]));
    else bytes.push(byte);
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** Positions the file after the last `dmesg --clear`. */
export async function openLog(sys: SysCalls): Promise<number> {
  const fd = await sys.open("/dev/kmsg", Open.RDONLY | Open.NONBLOCK);
  await sys.lseek(fd, 0, SEEK_DATA);
  return fd;
}

/** Null at the end of a non-blocking log. Records that were overwritten meanwhile are skipped. */
export async function nextRecord(sys: SysCalls, fd: number): Promise<LogRecord | null> {
  for (;;) {
    try {
      const bytes = await sys.read(fd, RECORD_MAX);
      return bytes.length === 0 ? null : parseRecord(bytes);
    } catch (error) {
      if (!(error instanceof SysError)) throw error;
      if (error.code === Errno.EAGAIN) return null;
      if (error.code !== Errno.EPIPE) throw error;
    }
  }
}
