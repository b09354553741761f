// statfs.ts - what a file system says of itself.

import { Sys } from "../../../kernel-as/abi.ts";
import { attempt } from "../errno.ts";
import type { SysCalls } from "../sys.ts";
import { encode } from "../text.ts";

/** Bytes; all 0 for one without a limit. */
export interface Room {
  size: number;
  free: number;
  inodes: number;
}

/** statfs(2); nothing for what is not there. */
export async function statfs(sys: SysCalls, path: string): Promise<Room> {
  const st = new Uint8Array(120);
  const asked = await attempt(sys.raw(Sys.STATFS, encode(`${path}\0`), st));
  if (!asked.ok) return { size: 0, free: 0, inodes: 0 };
  // Little endian; the two highest bytes would not fit a number.
  const word = (at: number): number => st.subarray(at, at + 6).reduce((n, byte, i) => n + byte * 256 ** i, 0);
  return { size: word(8) * word(16), free: word(8) * word(32), inodes: word(40) };
}
