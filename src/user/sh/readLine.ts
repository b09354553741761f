// readLine.ts - the shell's own input: one line, and not a byte more.
//
// A shell shares its input with the programs it starts, so it must not read
// ahead. A file is read in blocks and sought back; a pipe byte by byte.

import { attempt } from "../errno.ts";
import { SysError } from "../sys.ts";
import { concat, decode } from "../text.ts";
import type { Shell } from "./shell.ts";

export interface ReadResult {
  bytes: Uint8Array;
  /** Whether the delimiter was seen. */
  complete: boolean;
}

/** Bytes up to `delimiter` (not included), or to the end of file. */
export async function readUntil(sh: Shell, fd: number, delimiter: number): Promise<ReadResult> {
  const seekable = (await attempt(sh.sys.lseek(fd, 0, 1))).ok;
  return seekable ? readBlocks(sh, fd, delimiter) : readBytes(sh, fd, delimiter);
}

async function readBlocks(sh: Shell, fd: number, delimiter: number): Promise<ReadResult> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await sh.sys.read(fd, 512);
    if (chunk.length === 0) return { bytes: concat(chunks), complete: false };
    const at = chunk.indexOf(delimiter);
    if (at < 0) {
      chunks.push(chunk);
      continue;
    }
    if (at + 1 < chunk.length) await sh.sys.lseek(fd, at + 1 - chunk.length, 1);
    chunks.push(chunk.subarray(0, at));
    return { bytes: concat(chunks), complete: true };
  }
}

async function readBytes(sh: Shell, fd: number, delimiter: number): Promise<ReadResult> {
  const out: number[] = [];
  for (;;) {
    const chunk = await interruptible(sh, fd);
    if (chunk.length === 0) return { bytes: Uint8Array.from(out), complete: false };
    if (chunk[0] === delimiter) return { bytes: Uint8Array.from(out), complete: true };
    out.push(chunk[0]!);
  }
}

/** A caught signal ends the read only when a trap or Ctrl-C waits. */
export async function interruptible(sh: Shell, fd: number): Promise<Uint8Array> {
  for (;;) {
    try {
      return await sh.sys.read(fd, 1);
    } catch (e) {
      if (!(e instanceof SysError) || e.code !== 4) throw e;
      if (sh.interrupted || sh.traps.pending.length > 0) throw e;
    }
  }
}

/** A line without its newline; null at end of file. */
export async function readLine(sh: Shell, fd: number): Promise<string | null> {
  const r = await readUntil(sh, fd, 10);
  return !r.complete && r.bytes.length === 0 ? null : decode(r.bytes);
}
