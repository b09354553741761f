// kmsg.ts - /dev/kmsg: the log as records, one a read.
//
// A reader's place is the number of the next record, in file.pos. A write
// adds a record of the facility "user". Mirrors the devkmsg part of Linux
// kernel/printk/printk.c.

import { Errno, Open, TaskState } from "../../abi";
import { kmsg_fops } from "../../drivers/char/mem";
import { File, Inode, Poll } from "../../fs/fs";
import { isdigit } from "../../lib/string";
import { snprintf } from "../../lib/vsprintf";
import { schedule, signal_pending } from "../sched/core";
import { current } from "../sched/task";
import {
  finish_wait,
  init_waitqueue_head,
  prepare_to_wait,
  wake_up,
  waitqueue_active,
} from "../sched/wait";
import {
  default_console_loglevel,
  printk_emit,
  set_wake_klogd,
} from "./printk";
import { LogRecord, log_first_seq, log_next_seq, log_record } from "./ring";
import { clear_seq } from "./syslog";

/** Readers that wait for the next record. */
const log_wait = memory.data(8, 4);

const LOG_USER: u8 = 1;
const BACKSLASH: u8 = 92;
const LESS: u8 = 60;
const GREATER: u8 = 62;
/** Longest record as text: every byte of a line may become four. */
const CONSOLE_EXT_LOG_MAX: u32 = 8192;
const record_text = memory.data(8192);

const enum Seek {
  SET = 0,
  END = 2,
  /** The first record after the last SYSLOG_ACTION_CLEAR. */
  DATA = 3,
}

function wake_readers(): void {
  if (waitqueue_active(log_wait)) wake_up(log_wait);
}

function devkmsg_open(inode: Inode, file: File): i32 {
  file.pos = log_first_seq();
  return 0;
}

/** Sleeps until there is a record at file.pos; 0 or -errno. */
function wait_for_record(file: File): i32 {
  let err = 0;
  for (;;) {
    prepare_to_wait(log_wait, TaskState.INTERRUPTIBLE);
    if (file.pos < log_next_seq()) break;
    if (signal_pending(current)) {
      err = -Errno.ERESTARTSYS;
      break;
    }
    schedule();
  }
  finish_wait(log_wait);
  return err;
}

/** "6,SEQ,MICROSECONDS,-;TEXT\n" at record_text; its length. */
function msg_print_ext(r: LogRecord): u32 {
  const prio: u64 = ((<u64>r.facility) << 3) | r.level;
  const us = r.ts / 1000;
  let n = snprintf(record_text, 64, "%lu,%lu,%lu,-;", prio, r.seq, us);
  for (let i: u32 = 0; i < r.len; i++) {
    const c = load<u8>(r.text + i);
    const room = CONSOLE_EXT_LOG_MAX - n;
    if (c < 32 || c >= 127 || c == BACKSLASH) {
      n += snprintf(record_text + n, room, "\\x%02x", c);
    } else {
      store<u8>(record_text + n++, c);
    }
  }
  store<u8>(record_text + n, 10);
  return n + 1;
}

function devkmsg_read(file: File, buf: usize, count: u32, ppos: usize): isize {
  if (file.pos >= log_next_seq()) {
    if ((file.flags & Open.NONBLOCK) != 0) return -Errno.EAGAIN;
    const err = wait_for_record(file);
    if (err != 0) return err;
  }
  if (file.pos < log_first_seq()) {
    // Overwritten meanwhile: the reader is told, then goes on.
    file.pos = log_first_seq();
    return -Errno.EPIPE;
  }
  const n = msg_print_ext(log_record(file.pos)!);
  if (n > count) return -Errno.EINVAL;
  memory.copy(buf, record_text, n);
  file.pos++;
  return n;
}

/** Text that may begin with "<PRIORITY>". */
function devkmsg_write(file: File, buf: usize, count: u32, ppos: usize): isize {
  let level = <u8>default_console_loglevel;
  let facility = LOG_USER;
  let text = buf;
  let end = buf + count;
  if (count > 2 && load<u8>(buf) == LESS) {
    let n: u32 = 0;
    let s = buf + 1;
    for (; s < end && isdigit(load<u8>(s)); s++) {
      n = n * 10 + (load<u8>(s) - 48);
    }
    if (s < end && s != buf + 1 && load<u8>(s) == GREATER) {
      level = <u8>(n & 7);
      if (n >> 3 != 0) facility = <u8>(n >> 3);
      text = s + 1;
    }
  }
  if (end > text && load<u8>(end - 1) == 10) end--;
  printk_emit(level, facility, text, <u32>(end - text));
  return count;
}

function devkmsg_llseek(file: File, offset: i64, whence: i32): i64 {
  if (offset != 0) return -Errno.ESPIPE;
  if (whence == Seek.SET) file.pos = log_first_seq();
  else if (whence == Seek.DATA) file.pos = clear_seq;
  else if (whence == Seek.END) file.pos = log_next_seq();
  else return -Errno.EINVAL;
  if (file.pos < log_first_seq()) file.pos = log_first_seq();
  return 0;
}

function devkmsg_poll(file: File): u32 {
  return file.pos < log_next_seq() ? Poll.IN : 0;
}

export function kmsg_init(): void {
  init_waitqueue_head(log_wait);
  kmsg_fops.open = devkmsg_open;
  kmsg_fops.read = devkmsg_read;
  kmsg_fops.write = devkmsg_write;
  kmsg_fops.llseek = devkmsg_llseek;
  kmsg_fops.poll = devkmsg_poll;
  set_wake_klogd(wake_readers);
}
