// n_tty.ts - reading and writing the terminal.
//
// In canonical mode a read gets one line at most, and nothing at VEOF; in
// raw mode VMIN and VTIME (tenths of a second) say when it has enough.
// Mirrors Linux drivers/tty/n_tty.c.

import { Errno, Open, TaskState, Termios } from "../../abi";
import { File, Poll } from "../../fs/fs";
import { MAX_SCHEDULE_TIMEOUT, schedule } from "../../kernel/sched/core";
import { schedule_timeout, signal_pending } from "../../kernel/sched/core";
import { current } from "../../kernel/sched/task";
import { finish_wait, prepare_to_wait } from "../../kernel/sched/wait";
import { line_ends_at, mark_line_end, read_buf } from "./n_tty_receive";
import { flush_to_ldisc, read_cnt, reset_buffer } from "./n_tty_receive";
import { do_output_char, tty_flush_output } from "./n_tty_out";
import { L_FLAG, Tty, tty_cc } from "./tty";
import { job_control, tty_check_change } from "./tty_jobctrl";

/** Ticks of a tenth of a second, VTIME's unit. */
const DECISECOND: i64 = 10;

/** Is there something a read would get? */
export function input_available_p(tty: Tty): bool {
  if (L_FLAG(tty, Termios.ICANON)) return tty.canon_head != tty.read_tail;
  return read_cnt(tty) > 0;
}

/** One line, or the part of it that fits; VEOF itself is not copied. */
function canon_copy_from_read_buf(tty: Tty, buf: usize, count: u32): u32 {
  let n: u32 = 0;
  while (n < count && tty.read_tail != tty.canon_head) {
    const at = tty.read_tail++;
    const end = line_ends_at(tty, at);
    const c = read_buf(tty, at);
    if (end && c == 0) break;
    store<u8>(buf + n++, c);
    if (end) return n;
  }
  skip_eof_mark(tty, n, count);
  return n;
}

/** A line that VEOF ended and that just fitted must not read as empty. */
function skip_eof_mark(tty: Tty, n: u32, count: u32): void {
  if (n < count || tty.read_tail == tty.canon_head) return;
  const at = tty.read_tail;
  if (line_ends_at(tty, at) && read_buf(tty, at) == 0) tty.read_tail++;
}

function copy_from_read_buf(tty: Tty, buf: usize, count: u32): u32 {
  const n = min<u32>(count, read_cnt(tty));
  for (let i: u32 = 0; i < n; i++) {
    store<u8>(buf + i, read_buf(tty, tty.read_tail++));
  }
  tty.canon_head = tty.read_tail;
  return n;
}

/** Sleeps until there is input; 0, -errno, or 1 when the time is over. */
function wait_for_input(tty: Tty, ticks: i64): i32 {
  let ret = 0;
  for (;;) {
    prepare_to_wait(tty.read_wait, TaskState.INTERRUPTIBLE);
    if (input_available_p(tty)) break;
    ret = signal_pending(current) ? -Errno.ERESTARTSYS : ticks == 0 ? 1 : 0;
    if (ret != 0) break;
    ticks = schedule_timeout(ticks);
  }
  finish_wait(tty.read_wait);
  return ret;
}

function read_canon(file: File, tty: Tty, buf: usize, count: u32): isize {
  if (!input_available_p(tty)) {
    if ((file.flags & Open.NONBLOCK) != 0) return -Errno.EAGAIN;
    const err = wait_for_input(tty, MAX_SCHEDULE_TIMEOUT);
    if (err != 0) return err;
  }
  return canon_copy_from_read_buf(tty, buf, count);
}

/** How long to wait for the next byte when n are there. */
function raw_timeout(tty: Tty, n: u32): i64 {
  const time = <i64>tty_cc(tty, Termios.VTIME) * DECISECOND;
  const min_chars = tty_cc(tty, Termios.VMIN);
  if (min_chars == 0) return time;
  return time == 0 || n == 0 ? MAX_SCHEDULE_TIMEOUT : time;
}

function read_raw(file: File, tty: Tty, buf: usize, count: u32): isize {
  const vmin = tty_cc(tty, Termios.VMIN);
  const enough = min<u32>(count, vmin == 0 ? 1 : vmin);
  let n = copy_from_read_buf(tty, buf, count);
  while (n < enough) {
    if ((file.flags & Open.NONBLOCK) != 0) {
      return n > 0 || vmin == 0 ? <isize>n : -Errno.EAGAIN;
    }
    const err = wait_for_input(tty, raw_timeout(tty, n));
    if (err > 0) break;
    if (err < 0) return n > 0 ? <isize>n : err;
    n += copy_from_read_buf(tty, buf + n, count - n);
  }
  return n;
}

export function n_tty_read(
  file: File,
  tty: Tty,
  buf: usize,
  count: u32,
): isize {
  const err = job_control(tty);
  if (err != 0) return err;
  if (count == 0) return 0;
  let n: isize = 0;
  if (L_FLAG(tty, Termios.ICANON)) n = read_canon(file, tty, buf, count);
  else n = read_raw(file, tty, buf, count);
  flush_to_ldisc(tty);
  return n;
}

/** Sleeps while the terminal is stopped; 0 or -errno. */
function wait_while_stopped(tty: Tty): i32 {
  let err = 0;
  for (;;) {
    prepare_to_wait(tty.write_wait, TaskState.INTERRUPTIBLE);
    if (!tty.stopped) break;
    if (signal_pending(current)) {
      err = -Errno.ERESTARTSYS;
      break;
    }
    schedule();
  }
  finish_wait(tty.write_wait);
  return err;
}

export function n_tty_write(
  file: File,
  tty: Tty,
  buf: usize,
  count: u32,
): isize {
  if (L_FLAG(tty, Termios.TOSTOP)) {
    const err = tty_check_change(tty);
    if (err != 0) return err;
  }
  if (tty.stopped) {
    if ((file.flags & Open.NONBLOCK) != 0) return -Errno.EAGAIN;
    const err = wait_while_stopped(tty);
    if (err != 0) return err;
  }
  for (let i: u32 = 0; i < count; i++) {
    do_output_char(tty, load<u8>(buf + i));
  }
  tty_flush_output();
  return count;
}

export function n_tty_poll(tty: Tty): u32 {
  let mask: u32 = tty.stopped ? 0 : Poll.OUT;
  if (input_available_p(tty)) mask |= Poll.IN;
  return mask;
}

/** ICANON changed: what was typed so far becomes a line, or plain bytes. */
export function n_tty_set_termios(tty: Tty, canon_changed: bool): void {
  if (!canon_changed) return;
  for (let i = tty.read_tail; i != tty.read_head; i++) {
    mark_line_end(tty, i, false);
  }
  tty.canon_head = tty.read_tail;
  if (!L_FLAG(tty, Termios.ICANON) || read_cnt(tty) == 0) return;
  mark_line_end(tty, tty.read_head - 1, true);
  tty.canon_head = tty.read_head;
}

export function n_tty_flush_buffer(tty: Tty): void {
  reset_buffer(tty);
}

/** FIONREAD: bytes that could be read now. */
export function n_tty_inq(tty: Tty): u32 {
  if (!L_FLAG(tty, Termios.ICANON)) return read_cnt(tty);
  return tty.canon_head - tty.read_tail;
}
