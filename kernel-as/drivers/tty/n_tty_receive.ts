// n_tty_receive.ts - the way in: what happens to each typed byte.
//
// In canonical mode the line being typed lies between canon_head and
// read_head and can be edited; a newline or VEOF makes it readable.
// Linux has this in drivers/tty/n_tty.c.

import { Sig, Termios } from "../../abi";
import { wake_up } from "../../kernel/sched/wait";
import { kill_pgrp } from "../../kernel/signal";
import { I_FLAG, I_IUTF8, L_FLAG, N_TTY_BUF_SIZE } from "./tty";
import { Tty, tty_cc } from "./tty";
import { tty_buffer_take, tty_buffer_used } from "./tty_buffer";
import { tty_insert_flip_string } from "./tty_buffer";
import { do_output_char, echo_char, erase_echo } from "./n_tty_out";
import { erase_tab, tty_flush_output } from "./n_tty_out";

const NEWLINE: u8 = 10;
const RETURN: u8 = 13;
const TAB: u8 = 9;
const CARET: u8 = 94;
const BACKSPACE: u8 = 8;
const UNDERSCORE: u8 = 95;
const MASK: u32 = N_TTY_BUF_SIZE - 1;

export function read_buf(tty: Tty, i: u32): u8 {
  return load<u8>(tty.read_buf + (i & MASK));
}

export function line_ends_at(tty: Tty, i: u32): bool {
  return load<u8>(tty.read_flags + (i & MASK)) != 0;
}

export function mark_line_end(tty: Tty, i: u32, on: bool): void {
  store<u8>(tty.read_flags + (i & MASK), on ? 1 : 0);
}

/** Bytes in the ring. */
export function read_cnt(tty: Tty): u32 {
  return tty.read_head - tty.read_tail;
}

/** False when the ring is full; one place stays free for a newline. */
function put_tty_queue(tty: Tty, c: u8, reserve: u32): bool {
  if (read_cnt(tty) + reserve >= N_TTY_BUF_SIZE) return false;
  mark_line_end(tty, tty.read_head, false);
  store<u8>(tty.read_buf + (tty.read_head++ & MASK), c);
  return true;
}

/** Forgets all input. */
export function reset_buffer(tty: Tty): void {
  tty.read_head = tty.read_tail = tty.canon_head = 0;
  tty.lnext = false;
}

/** Sends a signal to the foreground and shows the key. */
function isig(tty: Tty, sig: u32, c: u8): void {
  if (!L_FLAG(tty, Termios.NOFLSH)) reset_buffer(tty);
  if (L_FLAG(tty, Termios.ECHO)) echo_char(tty, c);
  if (tty.pgrp > 0) kill_pgrp(sig, tty.pgrp);
}

/** A key that is a signal? */
function receive_signal_char(tty: Tty, c: u8): bool {
  if (!L_FLAG(tty, Termios.ISIG) || c == 0) return false;
  if (c == tty_cc(tty, Termios.VINTR)) isig(tty, Sig.SIGINT, c);
  else if (c == tty_cc(tty, Termios.VQUIT)) isig(tty, Sig.SIGQUIT, c);
  else if (c == tty_cc(tty, Termios.VSUSP)) isig(tty, Sig.SIGTSTP, c);
  else return false;
  return true;
}

/** Output goes on. */
function start_tty(tty: Tty): void {
  if (!tty.stopped) return;
  tty.stopped = false;
  wake_up(tty.write_wait);
}

/** A key that stops or starts output? */
function receive_flow_char(tty: Tty, c: u8): bool {
  if (!I_FLAG(tty, Termios.IXON) || c == 0) return false;
  if (c == tty_cc(tty, Termios.VSTOP)) tty.stopped = true;
  else if (c == tty_cc(tty, Termios.VSTART)) start_tty(tty);
  else return false;
  return true;
}

/** Columns from the line's beginning up to place end. */
function typed_columns(tty: Tty, end: u32): u32 {
  let col = tty.canon_column;
  for (let i = tty.canon_head; i != end; i++) {
    const c = read_buf(tty, i);
    if (c == TAB) col = (col & ~7) + 8;
    else if (c < 32 || c == 127) col += L_FLAG(tty, Termios.ECHOCTL) ? 2 : 0;
    else if (!I_IUTF8(tty) || (c & 0xc0) != 0x80) col++;
  }
  return col;
}

/** Takes the last character off the line. */
function erase_one(tty: Tty): void {
  let c = read_buf(tty, --tty.read_head);
  while (I_IUTF8(tty) && (c & 0xc0) == 0x80) {
    if (tty.read_head == tty.canon_head) break;
    c = read_buf(tty, --tty.read_head);
  }
  if (!L_FLAG(tty, Termios.ECHO)) return;
  if (!L_FLAG(tty, Termios.ECHOE)) {
    echo_char(tty, tty_cc(tty, Termios.VERASE));
  } else if (c == TAB) {
    erase_tab(tty, tty.column - typed_columns(tty, tty.read_head));
  } else {
    erase_echo(tty, c);
  }
}

function is_word_char(c: u8): bool {
  if (c == UNDERSCORE || c >= 128) return true;
  if (c >= 48 && c <= 57) return true;
  const letter = c | 32;
  return letter >= 97 && letter <= 122;
}

/** Takes the last word and what follows it off the line. */
function erase_word(tty: Tty): void {
  let seen = false;
  while (tty.read_head != tty.canon_head) {
    const alnum = is_word_char(read_buf(tty, tty.read_head - 1));
    if (seen && !alnum) return;
    seen = seen || alnum;
    erase_one(tty);
  }
}

/** Takes the whole line off. */
function kill_line(tty: Tty): void {
  const echo = L_FLAG(tty, Termios.ECHO);
  if (!echo || L_FLAG(tty, Termios.ECHOKE)) {
    while (tty.read_head != tty.canon_head) erase_one(tty);
    return;
  }
  tty.read_head = tty.canon_head;
  echo_char(tty, tty_cc(tty, Termios.VKILL));
  if (L_FLAG(tty, Termios.ECHOK)) do_output_char(tty, NEWLINE);
}

/** VREPRINT: shows the line again. */
function reprint_line(tty: Tty): void {
  echo_char(tty, tty_cc(tty, Termios.VREPRINT));
  do_output_char(tty, NEWLINE);
  for (let i = tty.canon_head; i != tty.read_head; i++) {
    echo_char(tty, read_buf(tty, i));
  }
}

/** The line is whole: readers may have it. */
function end_of_line(tty: Tty, c: u8): void {
  if (!put_tty_queue(tty, c, 0)) return;
  mark_line_end(tty, tty.read_head - 1, true);
  tty.canon_head = tty.read_head;
  wake_up(tty.read_wait);
}

/** A key that edits the line? */
function receive_edit_char(tty: Tty, c: u8): bool {
  if (c == 0) return false;
  const extended = L_FLAG(tty, Termios.IEXTEN);
  const empty = tty.read_head == tty.canon_head;
  if (c == tty_cc(tty, Termios.VERASE)) {
    if (!empty) erase_one(tty);
  } else if (c == tty_cc(tty, Termios.VKILL)) {
    if (!empty) kill_line(tty);
  } else if (c == tty_cc(tty, Termios.VWERASE) && extended) {
    erase_word(tty);
  } else if (c == tty_cc(tty, Termios.VLNEXT) && extended) {
    receive_lnext(tty);
  } else if (c == tty_cc(tty, Termios.VREPRINT) && extended) {
    if (L_FLAG(tty, Termios.ECHO)) reprint_line(tty);
  } else {
    return false;
  }
  return true;
}

/** The next character stands for itself: shows ^ and waits. */
function receive_lnext(tty: Tty): void {
  tty.lnext = true;
  if (!L_FLAG(tty, Termios.ECHO) || !L_FLAG(tty, Termios.ECHOCTL)) return;
  do_output_char(tty, CARET);
  do_output_char(tty, BACKSPACE);
}

/** A key that ends the line? */
function receive_line_end(tty: Tty, c: u8): bool {
  if (c == NEWLINE) {
    const show = Termios.ECHO | Termios.ECHONL;
    if (L_FLAG(tty, show)) do_output_char(tty, NEWLINE);
    end_of_line(tty, c);
  } else if (c != 0 && c == tty_cc(tty, Termios.VEOF)) {
    end_of_line(tty, 0);
  } else if (c != 0 && c == tty_cc(tty, Termios.VEOL)) {
    if (L_FLAG(tty, Termios.ECHO)) echo_char(tty, c);
    end_of_line(tty, c);
  } else {
    return false;
  }
  return true;
}

/** An ordinary character. */
function receive_plain_char(tty: Tty, c: u8): void {
  if (tty.read_head == tty.canon_head) tty.canon_column = tty.column;
  const canon = L_FLAG(tty, Termios.ICANON);
  if (!put_tty_queue(tty, c, canon ? 1 : 0)) return;
  if (L_FLAG(tty, Termios.ECHO)) {
    if (c == NEWLINE) do_output_char(tty, c);
    else echo_char(tty, c);
  }
  if (!canon) wake_up(tty.read_wait);
}

function n_tty_receive_char(tty: Tty, c: u8): void {
  if (tty.lnext) {
    tty.lnext = false;
    return receive_plain_char(tty, c);
  }
  if (receive_flow_char(tty, c) || receive_signal_char(tty, c)) return;
  if (c == RETURN && I_FLAG(tty, Termios.ICRNL)) c = NEWLINE;
  if (L_FLAG(tty, Termios.ICANON)) {
    if (receive_edit_char(tty, c) || receive_line_end(tty, c)) return;
  }
  receive_plain_char(tty, c);
}

/** May the next byte come in? A line that is too long loses its end. */
function receive_room(tty: Tty): bool {
  if (read_cnt(tty) < N_TTY_BUF_SIZE - 1) return true;
  return L_FLAG(tty, Termios.ICANON) && tty.canon_head == tty.read_tail;
}

/** Takes what waits for as long as there is room. */
export function flush_to_ldisc(tty: Tty): void {
  while (tty_buffer_used() > 0 && receive_room(tty)) {
    n_tty_receive_char(tty, tty_buffer_take());
  }
  tty_flush_output();
}

/** Input from the terminal: what was typed. */
export function n_tty_receive_buf(tty: Tty, cp: usize, count: u32): void {
  tty_insert_flip_string(cp, count);
  flush_to_ldisc(tty);
}
