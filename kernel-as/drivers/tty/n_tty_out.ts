// n_tty_out.ts - the way out: output processing and echo.
// Linux has this in drivers/tty/n_tty.c.

import { Termios } from "../../abi";
import { tty_output } from "../../host";
import { I_IUTF8, L_FLAG, O_FLAG, Tty } from "./tty";

const BUF_SIZE: u32 = 1024;
const buf = memory.data(1024);
let len: u32 = 0;

const BACKSPACE: u8 = 8;
const TAB: u8 = 9;
const NEWLINE: u8 = 10;
const RETURN: u8 = 13;
const SPACE: u8 = 32;
const CARET: u8 = 94;
const DELETE: u8 = 127;

/** Hands what was put to the host. */
export function tty_flush_output(): void {
  if (len > 0) tty_output(buf, len);
  len = 0;
}

function put_raw(c: u8): void {
  if (len == BUF_SIZE) tty_flush_output();
  store<u8>(buf + len++, c);
}

function is_continuation(tty: Tty, c: u8): bool {
  return I_IUTF8(tty) && (c & 0xc0) == 0x80;
}

/** Where the cursor is after c. */
function advance_column(tty: Tty, c: u8): void {
  if (c == NEWLINE || c == RETURN) tty.column = 0;
  else if (c == BACKSPACE && tty.column > 0) tty.column--;
  else if (c == TAB) tty.column = (tty.column & ~7) + 8;
  else if (c >= SPACE && c != DELETE && !is_continuation(tty, c)) {
    tty.column++;
  }
}

/** One character of output, processed if the tty is set so. */
export function do_output_char(tty: Tty, c: u8): void {
  const post = O_FLAG(tty, Termios.OPOST);
  if (post && c == NEWLINE && O_FLAG(tty, Termios.ONLCR)) put_raw(RETURN);
  put_raw(c);
  advance_column(tty, c);
}

function is_control(c: u8): bool {
  return c < SPACE || c == DELETE;
}

/** Shows a typed character: control characters as ^X with ECHOCTL. */
export function echo_char(tty: Tty, c: u8): void {
  if (is_control(c) && c != TAB && L_FLAG(tty, Termios.ECHOCTL)) {
    do_output_char(tty, CARET);
    do_output_char(tty, c ^ 64);
  } else {
    do_output_char(tty, c);
  }
}

function erase_column(tty: Tty): void {
  do_output_char(tty, BACKSPACE);
  do_output_char(tty, SPACE);
  do_output_char(tty, BACKSPACE);
}

/** Takes an echoed character off the screen again; not for tabs. */
export function erase_echo(tty: Tty, c: u8): void {
  if (is_control(c)) {
    if (!L_FLAG(tty, Termios.ECHOCTL)) return;
    erase_column(tty);
  }
  erase_column(tty);
}

/** Moves the cursor back over n columns: the width of an erased tab. */
export function erase_tab(tty: Tty, n: u32): void {
  for (; n > 0; n--) do_output_char(tty, BACKSPACE);
}
