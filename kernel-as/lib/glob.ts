// glob.ts - shell patterns: * ? and [sets]. Mirrors Linux lib/glob.c.

/** Length of the set at pat, "[" included; 0 when it has no end. */
function set_length(pat: usize): u32 {
  let n: u32 = 1;
  const c = load<u8>(pat + n);
  if (c == 33 || c == 94) n++;
  if (load<u8>(pat + n) == 93) n++;
  for (; load<u8>(pat + n) != 93; n++) {
    if (load<u8>(pat + n) == 0) return 0;
  }
  return n + 1;
}

/** Whether the set of len bytes at pat holds c. */
function in_set(pat: usize, len: u32, c: u8): bool {
  let i: u32 = 1;
  const first = load<u8>(pat + 1);
  const inverted = first == 33 || first == 94;
  if (inverted) i++;
  let found = false;
  for (; i < len - 1; i++) {
    const low = load<u8>(pat + i);
    let high = low;
    if (load<u8>(pat + i + 1) == 45 && i + 2 < len - 1) {
      high = load<u8>(pat + i + 2);
      i += 2;
    }
    if (c >= low && c <= high) found = true;
  }
  return found != inverted;
}

/** Bytes of the pattern that match the character c, or 0. */
function match_one(pat: usize, c: u8): u32 {
  const p = load<u8>(pat);
  const len = p == 91 ? set_length(pat) : 0;
  if (len != 0) return in_set(pat, len, c) ? len : 0;
  return p == 63 || p == c ? 1 : 0;
}

/** Whether the C string str matches the whole pattern. */
export function glob_match(pat: usize, str: usize): bool {
  let back_pat: usize = 0;
  let back_str: usize = 0;
  while (load<u8>(str) != 0 || load<u8>(pat) == 42) {
    if (load<u8>(pat) == 42) {
      back_pat = ++pat;
      back_str = str;
      continue;
    }
    const n = match_one(pat, load<u8>(str));
    if (n == 0 && back_pat == 0) return false;
    pat = n != 0 ? pat + n : back_pat;
    str = n != 0 ? str + 1 : ++back_str;
  }
  return load<u8>(pat) == 0;
}
