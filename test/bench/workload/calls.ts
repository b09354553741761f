// calls.ts - the shape of a read of /proc, calls and little else.
//
// None of it may sleep: what it costs is what its calls cost. Compiled with
// the kernel, so that the passes see it as they see any kernel file.

const BUF = memory.data(4096);
const LABEL = memory.data<u8>([77, 101, 109, 84, 111, 116, 97, 108, 58, 32]);

let pos: u32 = 0;

function put_char(c: u8): void {
  store<u8>(BUF + (pos & 0xfff), c);
  pos++;
}

function put_decimal(v: u32): void {
  let digits: u32 = 1;
  for (let t = v; t >= 10; t /= 10) digits++;
  let p = pos + digits;
  for (let i: u32 = 0; i < digits; i++) {
    p--;
    store<u8>(BUF + (p & 0xfff), <u8>(48 + (v % 10)));
    v /= 10;
  }
  pos += digits;
}

function put_text(s: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) put_char(load<u8>(s + i));
}

function show_val(s: usize, n: u32, v: u32): void {
  put_text(s, n);
  put_decimal(v);
  put_char(10);
}

function show(n: u32): u32 {
  pos = 0;
  show_val(LABEL, 10, n);
  show_val(LABEL, 10, n * 3);
  show_val(LABEL, 10, n >> 3);
  return pos;
}

function read_seq(n: u32): u32 {
  return show(n);
}

function read_file(fd: i32, n: u32): u32 {
  return fd < 0 ? 0 : read_seq(n);
}

/** n reads; a checksum, so that no call can be dropped. */
export function bench_calls(n: u32): u32 {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < n; i++) sum += read_file(3, i);
  return sum;
}

function fibonacci(n: u32): u32 {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

/** Nothing but calls: the worst that slots can do. */
export function bench_fibonacci(n: u32): u32 {
  return fibonacci(n);
}
