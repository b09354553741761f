// tty_ioctl.ts - settings of the terminal. Mirrors drivers/tty/tty_ioctl.c
// and the ioctls of tty_io.c.

import { Errno, Ioctl, Sig, Termios } from "../../abi";
import { kill_pgrp } from "../../kernel/signal";
import { wake_up } from "../../kernel/sched/wait";
import { n_tty_flush_buffer, n_tty_inq, n_tty_set_termios } from "./n_tty";
import { L_FLAG, Tty } from "./tty";
import { tiocgpgrp, tiocsctty, tiocspgrp } from "./tty_jobctrl";
import { tty_check_change } from "./tty_jobctrl";

function set_termios(tty: Tty, arg: usize, flush: bool): isize {
  const err = tty_check_change(tty);
  if (err != 0) return err;
  if (flush) n_tty_flush_buffer(tty);
  const was = L_FLAG(tty, Termios.ICANON);
  memory.copy(tty.termios, arg, Termios.SIZEOF);
  n_tty_set_termios(tty, was != L_FLAG(tty, Termios.ICANON));
  wake_up(tty.read_wait);
  return 0;
}

/** struct winsize: rows, columns, and two sizes in pixels. */
function tiocgwinsz(tty: Tty, arg: usize): isize {
  store<u16>(arg, tty.rows);
  store<u16>(arg, tty.cols, 2);
  store<u32>(arg, 0, 4);
  return 0;
}

/** A new window size; the foreground is told when it differs. */
export function tty_do_resize(tty: Tty, rows: u16, cols: u16): isize {
  if (tty.rows == rows && tty.cols == cols) return 0;
  tty.rows = rows;
  tty.cols = cols;
  if (tty.pgrp > 0) kill_pgrp(Sig.SIGWINCH, tty.pgrp);
  return 0;
}

export function tty_mode_ioctl(tty: Tty, cmd: u32, arg: usize): isize {
  switch (cmd) {
    case Ioctl.TCGETS:
      memory.copy(arg, tty.termios, Termios.SIZEOF);
      return 0;
    case Ioctl.TCSETS:
    case Ioctl.TCSETSW:
      return set_termios(tty, arg, false);
    case Ioctl.TCSETSF:
      return set_termios(tty, arg, true);
    case Ioctl.TIOCGWINSZ:
      return tiocgwinsz(tty, arg);
    case Ioctl.TIOCSWINSZ:
      return tty_do_resize(tty, load<u16>(arg), load<u16>(arg, 2));
    case Ioctl.TIOCSCTTY:
      return tiocsctty(tty, arg == 1);
    case Ioctl.TIOCGPGRP:
      return tiocgpgrp(tty, arg);
    case Ioctl.TIOCSPGRP:
      return tiocspgrp(tty, arg);
    case Ioctl.FIONREAD:
      store<u32>(arg, n_tty_inq(tty));
      return 0;
    default:
      return -Errno.ENOTTY;
  }
}
