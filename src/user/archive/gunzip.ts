// gunzip.ts - what a gzip file holds: every member of it, with its checks.

import { Gunzip, gzipSync } from "fflate";
import { concat } from "../text.ts";

/** The text after `gzip: NAME: `. */
export class GzipError extends Error {}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

export function crc32(data: Uint8Array): number {
  let value = ~0;
  for (const byte of data) value = TABLE[(value ^ byte) & 255]! ^ (value >>> 8);
  return ~value >>> 0;
}

export const isGzip = (data: Uint8Array): boolean => data[0] === 0x1f && data[1] === 0x8b;

export interface GzipHeader {
  /** Seconds; 0 when there is none. */
  mtime: number;
  crc: number;
  /** Of the contents, modulo 2^32. */
  size: number;
}

/** What `gzip -l` shows: from the first header and the last trailer. */
export function gzipHeader(data: Uint8Array): GzipHeader {
  const view = new Uint32Array(data.slice(-8).buffer);
  const mtime = data[4]! + data[5]! * 2 ** 8 + data[6]! * 2 ** 16 + data[7]! * 2 ** 24;
  return { mtime, crc: view[0]!, size: view[1]! };
}

interface Member {
  /** Where its trailer ends. */
  end: number;
  parts: Uint8Array[];
}

/** The members' contents, one behind the other. Throws GzipError. */
export function gunzip(data: Uint8Array): Uint8Array {
  if (data.length === 0) throw new GzipError("unexpected end of file");
  if (!isGzip(data)) throw new GzipError("not in gzip format");
  if (data.length < 18) throw new GzipError("unexpected end of file");
  const members = inflate(data);
  return concat(members.map((m) => checked(data, m)));
}

function inflate(data: Uint8Array): Member[] {
  const members: Member[] = [{ end: data.length, parts: [] }];
  const stream = new Gunzip((chunk) => members.at(-1)!.parts.push(chunk));
  stream.onmember = (offset) => {
    members.at(-1)!.end = offset;
    members.push({ end: data.length, parts: [] });
  };
  try {
    stream.push(data, true);
  } catch (error) {
    // Code 0 of fflate is the end of input in the middle.
    const early = (error as { code?: number }).code === 0;
    throw new GzipError(early ? "unexpected end of file" : "invalid compressed data--format violated");
  }
  return members;
}

function checked(data: Uint8Array, { end, parts }: Member): Uint8Array {
  const contents = parts.length === 0 ? new Uint8Array() : concat(parts);
  const { crc, size } = gzipHeader(data.subarray(0, end));
  if (crc !== crc32(contents)) throw new GzipError("invalid compressed data--crc error");
  if (size !== contents.length >>> 0) throw new GzipError("invalid compressed data--length error");
  return contents;
}

/** One member. No name and no time unless they are given: equal contents give equal bytes. */
export function gzip(data: Uint8Array, level: number, name = "", mtime = 0): Uint8Array {
  const options = { level: level as 6, mtime: mtime * 1000 };
  return gzipSync(data, name === "" ? options : { ...options, filename: name });
}
