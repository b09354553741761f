// text.ts - bytes and strings, without losing bytes that are not UTF-8.
//
// A byte 0x80-0xff that is no part of valid UTF-8 becomes the lone surrogate
// U+DC80-U+DCFF and turns back into the same byte (Python's surrogateescape).

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export function decode(bytes: Uint8Array): string {
  if (bytes.length < 64) {
    const ascii = decodeAscii(bytes);
    if (ascii !== null) return ascii;
  }
  try {
    return strict.decode(bytes);
  } catch {
    return decodeLossless(bytes);
  }
}

function decodeAscii(bytes: Uint8Array): string | null {
  let s = "";
  for (const b of bytes) {
    if (b > 127) return null;
    s += String.fromCharCode(b);
  }
  return s;
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

function decodeLossless(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length;) {
    const n = sequenceLength(bytes[i]!);
    const piece = n > 0 ? tryDecode(bytes.subarray(i, i + n), n) : null;
    out += piece ?? String.fromCharCode(0xdc00 + bytes[i]!);
    i += piece === null ? 1 : n;
  }
  return out;
}

function tryDecode(bytes: Uint8Array, want: number): string | null {
  if (bytes.length < want) return null;
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

export function encode(s: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(s) || !/(^|[^\ud800-\udbff])[\udc80-\udcff]/.test(s)) return encoder.encode(s);
  const chunks: Uint8Array[] = [];
  let rest = "";
  for (const c of s) {
    const code = c.charCodeAt(0);
    if (c.length === 1 && code >= 0xdc80 && code <= 0xdcff) {
      chunks.push(encoder.encode(rest), Uint8Array.of(code - 0xdc00));
      rest = "";
    } else rest += c;
  }
  chunks.push(encoder.encode(rest));
  return concat(chunks);
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const out = new Uint8Array(chunks.reduce((n, c) => n + c.length, 0));
  let at = 0;
  for (const c of chunks) {
    out.set(c, at);
    at += c.length;
  }
  return out;
}
