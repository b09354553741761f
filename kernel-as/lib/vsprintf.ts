// vsprintf.ts - C's formatted printing for kernel text.
//
// Arguments are u64s (AssemblyScript has no varargs), eight at most.
// Conversions: %d %i %u %x %X %o %c %% %s (address of a C string) %S
// (address of an AS string) %p %pS; flags - 0 # and space; width, .precision
// and * for both; l and ll (a plain conversion takes the low 32 bits).

const ARGS = memory.data(64, 8);
const digits = memory.data(72);

let out: usize = 0;
let out_len: u32 = 0;
let out_size: u32 = 0;

/** Writes the name of a kernel address for %pS; filled by kallsyms. */
export let sprint_symbol_hook: ((buf: usize, addr: usize) => u32) | null = null;

export function set_sprint_symbol(f: (buf: usize, addr: usize) => u32): void {
  sprint_symbol_hook = f;
}

function emit(c: u8): void {
  if (out_len + 1 < out_size) store<u8>(out + out_len, c);
  out_len++;
}

/** The last 6 * (n + 1) bits of a character, as bytes of UTF-8. */
function emit_tail(c: u32, n: u32): void {
  for (let shift = 6 * n; ; shift -= 6) {
    emit(<u8>(0x80 | ((c >> shift) & 63)));
    if (shift == 0) return;
  }
}

/** A unit of a literal beyond ASCII. The first of a pair writes both. */
function emit_wide(at: usize): void {
  const c: u32 = load<u16>(at);
  if (c < 0x800) {
    emit(<u8>(0xc0 | (c >> 6)));
    emit_tail(c, 0);
  } else if ((c & 0xfc00) == 0xd800) {
    const both = 0x10000 + ((c & 0x3ff) << 10) + (load<u16>(at, 2) & 0x3ff);
    emit(<u8>(0xf0 | (both >> 18)));
    emit_tail(both, 2);
  } else if ((c & 0xfc00) != 0xdc00) {
    emit(<u8>(0xe0 | (c >> 12)));
    emit_tail(c, 1);
  }
}

function pad(n: i32, c: u8): void {
  for (; n > 0; n--) emit(c);
}

/** One conversion's flags and sizes, between % and its letter. */
let left = false;
let zero = false;
let alt = false;
let width = 0;
let precision = -1;
let long = false;

/** Digits of v, last one at digits + 71; how many. */
function number(v: u64, base: u64, upper: bool): i32 {
  let p = digits + 72;
  do {
    const d = <u8>(v % base);
    p--;
    store<u8>(p, d < 10 ? 48 + d : (upper ? 55 : 87) + d);
    v /= base;
  } while (v != 0);
  return <i32>(digits + 72 - p);
}

function put_number(v: u64, base: u64, neg: bool, upper: bool): void {
  const n = number(v, base, upper);
  const body = precision > n ? precision : n;
  const prefix = (neg ? 1 : 0) + (alt && base == 16 ? 2 : 0);
  const fill = width - body - prefix;
  if (!left && !zero) pad(fill, 32);
  if (neg) emit(45);
  if (alt && base == 16) {
    emit(48);
    emit(120);
  }
  if (!left && zero) pad(fill, 48);
  pad(body - n, 48);
  for (let i = 0; i < n; i++) emit(load<u8>(digits + 72 - n + i));
  if (left) pad(fill, 32);
}

function put_bytes(s: usize, n: i32): void {
  if (!left) pad(width - n, 32);
  for (let i = 0; i < n; i++) emit(load<u8>(s + i));
  if (left) pad(width - n, 32);
}

function put_string(s: usize): void {
  if (s == 0) return put_literal(changetype<usize>("(null)"));
  let n = 0;
  while (load<u8>(s + n) != 0 && (precision < 0 || n < precision)) n++;
  put_bytes(s, n);
}

const saved_args = memory.data(64, 8);

/** Has the symbol's name written, by a hook that prints on its own. */
function name_symbol(
  hook: (buf: usize, addr: usize) => u32,
  addr: usize,
): void {
  const to = out;
  const len = out_len;
  const size = out_size;
  const pos = fmt_pos;
  const end = fmt_end;
  const arg = next_arg;
  const to_left = left;
  const columns = width;
  memory.copy(saved_args, ARGS, 64);
  store<u8>(symbol_buf + hook(symbol_buf, addr), 0);
  memory.copy(ARGS, saved_args, 64);
  out = to;
  out_len = len;
  out_size = size;
  fmt_pos = pos;
  fmt_end = end;
  next_arg = arg;
  left = to_left;
  width = columns;
  precision = -1;
}

function put_pointer(addr: usize, symbol: bool): void {
  const hook = sprint_symbol_hook;
  if (symbol && hook != null) {
    name_symbol(hook, addr);
    return put_string(symbol_buf);
  }
  zero = true;
  width = 16;
  put_number(addr, 16, false, false);
}

const symbol_buf = memory.data(640);

function put_signed(arg: u64): void {
  const v = long ? <i64>arg : <i64>(<i32>arg);
  put_number(v < 0 ? <u64>-v : <u64>v, 10, v < 0, false);
}

function unsigned_arg(arg: u64): u64 {
  return long ? arg : <u64>(<u32>arg);
}

function convert(c: u8, arg: u64, next: u8): void {
  if (c == 100 || c == 105) put_signed(arg);
  else if (c == 117) put_number(unsigned_arg(arg), 10, false, false);
  else if (c == 120) put_number(unsigned_arg(arg), 16, false, false);
  else if (c == 88) put_number(unsigned_arg(arg), 16, false, true);
  else if (c == 111) put_number(unsigned_arg(arg), 8, false, false);
  else if (c == 115) put_string(<usize>arg);
  else if (c == 112) put_pointer(<usize>arg, next == 83);
  else if (c == 83) put_literal(<usize>arg);
  else if (c == 99) {
    if (!left) pad(width - 1, 32);
    emit(<u8>arg);
    if (left) pad(width - 1, 32);
  }
}

function put_literal(s: usize): void {
  if (s == 0) return put_string(0);
  let n = changetype<string>(s).length;
  if (precision >= 0 && n > precision) n = precision;
  if (!left) pad(width - n, 32);
  for (let i = 0; i < n; i++) {
    const c = load<u16>(s + 2 * i);
    if (c < 0x80) emit(<u8>c);
    else emit_wide(s + 2 * i);
  }
  if (left) pad(width - n, 32);
}

/** Writes the arguments where vsnprintf reads them. */
export function printf_args(
  a: u64,
  b: u64,
  c: u64,
  d: u64,
  e: u64,
  f: u64,
  g: u64,
  h: u64,
): void {
  store<u64>(ARGS, a);
  store<u64>(ARGS, b, 8);
  store<u64>(ARGS, c, 16);
  store<u64>(ARGS, d, 24);
  store<u64>(ARGS, e, 32);
  store<u64>(ARGS, f, 40);
  store<u64>(ARGS, g, 48);
  store<u64>(ARGS, h, 56);
}

/** Where vsnprintf reads: the format and the next argument. */
let fmt_pos: usize = 0;
let fmt_end: usize = 0;
let next_arg: i32 = 0;

function peek(): u8 {
  return fmt_pos < fmt_end ? load<u8>(fmt_pos) : 0;
}

function take_arg(): u64 {
  const i = next_arg++ & 7;
  return load<u64>(ARGS + 8 * i);
}

function parse_flags(): void {
  for (; ; fmt_pos += 2) {
    const c = peek();
    if (c == 45) left = true;
    else if (c == 48) zero = true;
    else if (c == 35) alt = true;
    else if (c != 32) return;
  }
}

/** A number or *, as width and precision are written. */
function parse_size(): i32 {
  if (peek() == 42) {
    fmt_pos += 2;
    return <i32>take_arg();
  }
  let n = 0;
  for (; peek() >= 48 && peek() <= 57; fmt_pos += 2) {
    n = n * 10 + (peek() - 48);
  }
  return n;
}

function parse_conversion(): void {
  left = zero = alt = long = false;
  precision = -1;
  parse_flags();
  width = parse_size();
  if (peek() == 46) {
    fmt_pos += 2;
    precision = parse_size();
  }
  for (; peek() == 108 || peek() == 122; fmt_pos += 2) long = true;
  const c = peek();
  fmt_pos += 2;
  if (c == 37) return emit(37);
  convert(c, take_arg(), peek());
  if (c == 112 && peek() == 83) fmt_pos += 2;
}

/**
 * Formats with the arguments that printf_args() stored.
 * Returns the length the whole text has, as C does; size bounds what is
 * written, the NUL included.
 */
export function vsnprintf(buf: usize, size: u32, fmt: string): u32 {
  out = buf;
  out_len = 0;
  out_size = size;
  fmt_pos = changetype<usize>(fmt);
  fmt_end = fmt_pos + 2 * fmt.length;
  next_arg = 0;
  while (fmt_pos < fmt_end) {
    const c = load<u16>(fmt_pos);
    fmt_pos += 2;
    if (c == 37) parse_conversion();
    else if (c < 0x80) emit(<u8>c);
    else emit_wide(fmt_pos - 2);
  }
  if (size > 0) store<u8>(buf + (out_len < size ? out_len : size - 1), 0);
  return out_len;
}

/** C's snprintf: the length of the whole text. */
export function snprintf(
  buf: usize,
  size: u32,
  fmt: string,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
  d: u64 = 0,
  e: u64 = 0,
  f: u64 = 0,
  g: u64 = 0,
  h: u64 = 0,
): u32 {
  printf_args(a, b, c, d, e, f, g, h);
  return vsnprintf(buf, size, fmt);
}
