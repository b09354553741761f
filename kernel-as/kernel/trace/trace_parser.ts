// trace_parser.ts - words and numbers of what users write to tracefs.

import { isspace } from "../../lib/string";

/** End of the word that ends the last trace_get_user(); see below. */
let parse_pos: usize = 0;

export function trace_parser_start(text: usize): void {
  parse_pos = text;
}

/** The next word, its end marked by NUL; 0 when there is none left. */
export function trace_get_user(): usize {
  let p = parse_pos;
  while (isspace(load<u8>(p))) p++;
  if (load<u8>(p) == 0) return 0;
  const word = p;
  while (load<u8>(p) != 0 && !isspace(load<u8>(p))) p++;
  if (load<u8>(p) != 0) store<u8>(p++, 0);
  parse_pos = p;
  return word;
}

/** Value of the last trace_number(). */
export let trace_number: u64 = 0;

function digit_of(c: u8): u64 {
  if (c >= 48 && c <= 57) return c - 48;
  const l = c | 32;
  return l >= 97 && l <= 102 ? l - 87 : 99;
}

/** Reads all of s as an unsigned number, as C writes it; false: it is none. */
export function trace_parse_number(s: usize): bool {
  let base: u64 = 10;
  if (load<u8>(s) == 48 && load<u8>(s + 1) != 0) {
    base = 8;
    s++;
    if ((load<u8>(s) | 32) == 120) {
      base = 16;
      s++;
    }
  }
  if (load<u8>(s) == 0) return false;
  let n: u64 = 0;
  for (; load<u8>(s) != 0; s++) {
    const d = digit_of(load<u8>(s));
    if (d >= base || n > (u64.MAX_VALUE - d) / base) return false;
    n = n * base + d;
  }
  trace_number = n;
  return true;
}
