// address.ts - names and addresses: what inet_aton(3) and /etc/hosts make of them.

import { readText } from "../../kpatch/io.ts";
import { SysError, type SysCalls } from "../../sys.ts";

const LOOPBACK = "127.0.0.1";

function parsePart(text: string): number {
  if (/^0x[0-9a-f]+$/i.test(text)) return parseInt(text, 16);
  if (/^0[0-7]*$/.test(text)) return parseInt(text, 8);
  return /^\d+$/.test(text) ? Number(text) : NaN;
}

/** `127.1`, `0x7f.1` and `2130706433` as four numbers with dots; null when it is no address. */
export function inetAton(text: string): string | null {
  const parts = text.split(".").map(parsePart);
  const last = parts.pop()!;
  const bytes = 4 - parts.length;
  if (bytes < 1 || parts.some((part) => !(part <= 255)) || !(last < 256 ** bytes)) return null;
  const tail = Array.from({ length: bytes }, (_, i) => Math.floor(last / 256 ** (bytes - 1 - i)) % 256);
  return [...parts, ...tail].join(".");
}

/** Lines of /etc/hosts: an address and its names. */
async function hosts(sys: SysCalls): Promise<string[][]> {
  try {
    const text = await readText(sys, "/etc/hosts");
    const lines = text.split("\n").map((line) => line.replace(/#.*/, "").trim().split(/\s+/));
    return lines.filter(([address]) => inetAton(address ?? "") !== null);
  } catch (error) {
    if (error instanceof SysError) return [];
    throw error;
  }
}

export interface Target {
  /** As it was asked for. */
  name: string;
  address: string;
  /** It was an address: nobody wants to see a name. */
  numeric: boolean;
}

/** Null: a name that is not in /etc/hosts; there is no name server to ask. */
export async function resolve(sys: SysCalls, name: string): Promise<Target | null> {
  const given = inetAton(name);
  // 0.0.0.0 is this host.
  if (given !== null) return { name, address: given === "0.0.0.0" ? LOOPBACK : given, numeric: true };
  const wanted = name.toLowerCase();
  const found = (await hosts(sys)).find(([, ...names]) => names.some((n) => n.toLowerCase() === wanted));
  return found ? { name, address: found[0]!, numeric: false } : null;
}

/** `localhost (127.0.0.1)`, or the address alone when it has no name. */
export async function nameOf(sys: SysCalls, address: string): Promise<string> {
  const found = (await hosts(sys)).find(([known]) => known === address);
  return found?.[1] === undefined ? address : `${found[1]} (${address})`;
}
