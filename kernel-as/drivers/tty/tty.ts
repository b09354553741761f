// tty.ts - the terminal: one console with its settings and its queues.
// Mirrors Linux include/linux/tty.h; one tty and no other line disciplines.

import { Termios } from "../../abi";
import { init_waitqueue_head } from "../../kernel/sched/wait";

export const N_TTY_BUF_SIZE: u32 = 4096;

@unmanaged
export class Tty {
  // Settings: a struct termios, and the window.
  termios: usize;
  rows: u16;
  cols: u16;

  // Job control.
  /** Foreground process group; 0 none. */
  pgrp: i32;
  /** Session whose terminal this is; 0 none. */
  session: i32;

  // Input. Positions only grow; masked, they are places in the ring.
  read_buf: usize;
  /** A byte per place: 1 where a line ends. */
  read_flags: usize;
  read_head: u32;
  read_tail: u32;
  /** End of the last whole line. */
  canon_head: u32;
  /** The next character is taken as it is. */
  lnext: bool;

  // Output.
  /** Where the cursor is, as far as the driver knows. */
  column: u32;
  /** Column where the line that is typed began. */
  canon_column: u32;
  /** Stopped by VSTOP. */
  stopped: bool;

  rd_next: usize;
  rd_prev: usize;
  wr_next: usize;
  wr_prev: usize;

  get read_wait(): usize {
    return changetype<usize>(this) + offsetof<Tty>("rd_next");
  }
  get write_wait(): usize {
    return changetype<usize>(this) + offsetof<Tty>("wr_next");
  }
}

export const console_tty = changetype<Tty>(memory.data(offsetof<Tty>(), 8));
const termios_mem = memory.data(36, 4); // Termios.SIZEOF
const read_buf_mem = memory.data(4096); // N_TTY_BUF_SIZE
const read_flags_mem = memory.data(4096);

const IUTF8: u32 = 0o40000;
/** 38400 baud, 8 bits, receiver on. */
const DEFAULT_CFLAG: u32 = 0o277;

export function I_FLAG(tty: Tty, flag: u32): bool {
  return (load<u32>(tty.termios + Termios.IFLAG) & flag) != 0;
}

export function O_FLAG(tty: Tty, flag: u32): bool {
  return (load<u32>(tty.termios + Termios.OFLAG) & flag) != 0;
}

export function L_FLAG(tty: Tty, flag: u32): bool {
  return (load<u32>(tty.termios + Termios.LFLAG) & flag) != 0;
}

export function I_IUTF8(tty: Tty): bool {
  return I_FLAG(tty, IUTF8);
}

/** Control character number i; 0 is switched off. */
export function tty_cc(tty: Tty, i: u32): u8 {
  return load<u8>(tty.termios + Termios.CC + i);
}

function set_cc(tty: Tty, i: u32, c: u8): void {
  store<u8>(tty.termios + Termios.CC + i, c);
}

/** The settings a terminal begins with. */
function tty_std_termios(tty: Tty): void {
  const t = tty.termios;
  store<u32>(t + Termios.IFLAG, Termios.ICRNL | Termios.IXON | IUTF8);
  store<u32>(t + Termios.OFLAG, Termios.OPOST | Termios.ONLCR);
  store<u32>(t + Termios.CFLAG, DEFAULT_CFLAG);
  store<u32>(
    t + Termios.LFLAG,
    Termios.ISIG |
      Termios.ICANON |
      Termios.ECHO |
      Termios.ECHOE |
      Termios.ECHOK |
      Termios.ECHOCTL |
      Termios.ECHOKE |
      Termios.IEXTEN,
  );
  set_cc(tty, Termios.VINTR, 3);
  set_cc(tty, Termios.VQUIT, 28);
  set_cc(tty, Termios.VERASE, 127);
  set_cc(tty, Termios.VKILL, 21);
  set_cc(tty, Termios.VEOF, 4);
  set_cc(tty, Termios.VMIN, 1);
  set_cc(tty, Termios.VSTART, 17);
  set_cc(tty, Termios.VSTOP, 19);
  set_cc(tty, Termios.VSUSP, 26);
  set_cc(tty, Termios.VREPRINT, 18);
  set_cc(tty, Termios.VWERASE, 23);
  set_cc(tty, Termios.VLNEXT, 22);
}

export function tty_struct_init(tty: Tty): void {
  tty.termios = termios_mem;
  tty.read_buf = read_buf_mem;
  tty.read_flags = read_flags_mem;
  tty.rows = 24;
  tty.cols = 80;
  init_waitqueue_head(tty.read_wait);
  init_waitqueue_head(tty.write_wait);
  tty_std_termios(tty);
}
