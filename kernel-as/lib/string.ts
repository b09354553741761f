// string.ts - NUL-terminated UTF-8 at an address, and AS literals.

/** The address of an AS string literal, for the %S conversion. */
export function lit(s: string): usize {
  return changetype<usize>(s);
}

export function strlen(s: usize): u32 {
  let n: u32 = 0;
  while (load<u8>(s + n) != 0) n++;
  return n;
}

export function strcmp(a: usize, b: usize): i32 {
  while (load<u8>(a) != 0 && load<u8>(a) == load<u8>(b)) {
    a++;
    b++;
  }
  return <i32>load<u8>(a) - <i32>load<u8>(b);
}

export function strncmp(a: usize, b: usize, n: u32): i32 {
  while (n > 0 && load<u8>(a) != 0 && load<u8>(a) == load<u8>(b)) {
    a++;
    b++;
    n--;
  }
  return n == 0 ? 0 : <i32>load<u8>(a) - <i32>load<u8>(b);
}

/** Copies at most size - 1 bytes and ends them with NUL; the length copied. */
export function strscpy(dst: usize, src: usize, size: u32): u32 {
  let n: u32 = 0;
  while (n + 1 < size && load<u8>(src + n) != 0) {
    store<u8>(dst + n, load<u8>(src + n));
    n++;
  }
  store<u8>(dst + n, 0);
  return n;
}

/** First c in s, or 0. */
export function strchr(s: usize, c: u8): usize {
  while (load<u8>(s) != c) {
    if (load<u8>(s) == 0) return 0;
    s++;
  }
  return s;
}

/** First occurrence of needle in s, or 0. */
export function strstr(s: usize, needle: usize): usize {
  const n = strlen(needle);
  for (; load<u8>(s) != 0; s++) {
    if (strncmp(s, needle, n) == 0) return s;
  }
  return n == 0 ? s : 0;
}

/** Writes an ASCII literal as bytes; size bounds it as in strscpy. */
export function strscpy_lit(dst: usize, src: string, size: u32): u32 {
  const len = <u32>src.length;
  const p = changetype<usize>(src);
  let n: u32 = 0;
  while (n + 1 < size && n < len) {
    store<u8>(dst + n, load<u8>(p + 2 * n));
    n++;
  }
  store<u8>(dst + n, 0);
  return n;
}

/** Whether the bytes at s are the ASCII literal lit. */
export function streq_lit(s: usize, lit: string): bool {
  const len = <u32>lit.length;
  const p = changetype<usize>(lit);
  for (let i: u32 = 0; i < len; i++) {
    if (load<u8>(s + i) != load<u8>(p + 2 * i)) return false;
  }
  return load<u8>(s + len) == 0;
}

/** Whether the bytes at s begin with the ASCII literal lit. */
export function strstarts_lit(s: usize, lit: string): bool {
  const len = <u32>lit.length;
  const p = changetype<usize>(lit);
  for (let i: u32 = 0; i < len; i++) {
    if (load<u8>(s + i) != load<u8>(p + 2 * i)) return false;
  }
  return true;
}

export function isspace(c: u8): bool {
  return c == 32 || (c >= 9 && c <= 13);
}

export function isdigit(c: u8): bool {
  return c >= 48 && c <= 57;
}
