// tty_buffer.ts - input that the line discipline has no room for yet.
//
// What is typed or pasted waits here until readers make room, so that a long
// paste is not cut. At most TTYB_LIMIT bytes wait; what comes then is lost.
// Mirrors Linux drivers/tty/tty_buffer.c, with one buffer instead of a list.

import { kfree, kzalloc } from "../../mm/slab";

const TTYB_LIMIT: u32 = 65536;
const TTYB_FIRST: u32 = 2048;

let buf: usize = 0;
let size: u32 = 0;
/** Bytes from `from` to `to` wait. */
let from: u32 = 0;
let to: u32 = 0;

/** Bytes that wait. */
export function tty_buffer_used(): u32 {
  return to - from;
}

/** Makes the buffer hold n bytes more; false when it cannot. */
function make_room(n: u32): bool {
  const used = to - from;
  if (used + n > TTYB_LIMIT) return false;
  let want = max<u32>(size, TTYB_FIRST);
  while (want < used + n) want *= 2;
  if (want == size && to + n <= size) return true;
  const bigger = kzalloc(want);
  if (bigger == 0) return false;
  memory.copy(bigger, buf + from, used);
  kfree(buf);
  buf = bigger;
  size = want;
  from = 0;
  to = used;
  return true;
}

/** Appends what came in; how many bytes found room. */
export function tty_insert_flip_string(chars: usize, n: u32): u32 {
  n = min<u32>(n, TTYB_LIMIT - (to - from));
  if (n == 0 || !make_room(n)) return 0;
  memory.copy(buf + to, chars, n);
  to += n;
  return n;
}

/** The next byte; there must be one. */
export function tty_buffer_take(): u8 {
  const c = load<u8>(buf + from++);
  if (from == to) {
    kfree(buf);
    buf = 0;
    size = from = to = 0;
  }
  return c;
}
