// tty_io.ts - the terminal as a device: /dev/console, /dev/tty, /dev/tty1.
//
// All are the one console. Opening it makes it the controlling terminal of a
// session leader without one; Linux excepts /dev/console from that, but here
// it is the only terminal there is.
// Mirrors Linux drivers/tty/tty_io.c.

import { Errno, Open } from "../../abi";
import { register_chrdev } from "../../fs/char_dev";
import { File, FileOperations, Inode } from "../../fs/fs";
import { no_llseek } from "../../fs/read_write";
import { current } from "../../kernel/sched/task";
import { devtmpfs_create_node } from "../base/devtmpfs";
import { n_tty_poll, n_tty_read, n_tty_write } from "./n_tty";
import { n_tty_receive_buf } from "./n_tty_receive";
import { console_tty, tty_struct_init } from "./tty";
import { tty_do_resize, tty_mode_ioctl } from "./tty_ioctl";
import { tty_open_proc_set_tty } from "./tty_jobctrl";

const TTY_MAJOR: u32 = 4;
const TTYAUX_MAJOR: u32 = 5;

const tty_fops = changetype<FileOperations>(
  memory.data(offsetof<FileOperations>(), 8),
);

export function tty_init(): void {
  tty_struct_init(console_tty);
  tty_fops.open = tty_open;
  tty_fops.read = tty_read;
  tty_fops.write = tty_write;
  tty_fops.poll = tty_poll;
  tty_fops.unlocked_ioctl = tty_ioctl;
  tty_fops.llseek = no_llseek;
  register_chrdev(TTY_MAJOR, "tty", tty_fops);
  register_chrdev(TTYAUX_MAJOR, "/dev/tty", tty_fops);
  devtmpfs_create_node("tty", 0o666, TTYAUX_MAJOR << 8);
  devtmpfs_create_node("console", 0o600, (TTYAUX_MAJOR << 8) | 1);
  devtmpfs_create_node("tty1", 0o620, (TTY_MAJOR << 8) | 1);
}

/** /dev/tty is the controlling terminal of whoever opens it. */
function is_dev_tty(inode: Inode): bool {
  return inode.rdev == TTYAUX_MAJOR << 8;
}

function tty_open(inode: Inode, file: File): i32 {
  if (is_dev_tty(inode)) return current.tty == 0 ? -Errno.ENXIO : 0;
  if ((file.flags & Open.NOCTTY) == 0) tty_open_proc_set_tty(console_tty);
  return 0;
}

function tty_read(file: File, buf: usize, count: u32, ppos: usize): isize {
  return n_tty_read(file, console_tty, buf, count);
}

function tty_write(file: File, buf: usize, count: u32, ppos: usize): isize {
  return n_tty_write(file, console_tty, buf, count);
}

function tty_poll(file: File): u32 {
  return n_tty_poll(console_tty);
}

function tty_ioctl(file: File, cmd: u32, arg: usize): isize {
  return tty_mode_ioctl(console_tty, cmd, arg);
}

/** Called by the host: bytes that were typed. Never sleeps. */
export function tty_receive(buf: usize, len: u32): void {
  n_tty_receive_buf(console_tty, buf, len);
}

/** Called by the host: the window has a new size. */
export function tty_resize(rows: u32, cols: u32): void {
  tty_do_resize(console_tty, <u16>rows, <u16>cols);
}
