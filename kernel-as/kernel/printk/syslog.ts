// syslog.ts - syslog(2): the log as text, and the console's level.
// Mirrors do_syslog() of Linux kernel/printk/printk.c. No blocking read
// (type 2 answers what is there): /dev/kmsg is for those who wait.

import { Errno, Sys } from "../../abi";
import { snprintf } from "../../lib/vsprintf";
import { PtRegs, current } from "../sched/task";
import { set_syscall } from "../sys_call_table";
import { console_loglevel, set_console_loglevel } from "./printk";
import {
  LOG_BUF_LEN,
  LogRecord,
  log_first_seq,
  log_next_seq,
  log_record,
} from "./ring";

const enum Action {
  CLOSE = 0,
  OPEN = 1,
  READ = 2,
  READ_ALL = 3,
  READ_CLEAR = 4,
  CLEAR = 5,
  CONSOLE_OFF = 6,
  CONSOLE_ON = 7,
  CONSOLE_LEVEL = 8,
  SIZE_UNREAD = 9,
  SIZE_BUFFER = 10,
}

const MINIMUM_CONSOLE_LOGLEVEL: i32 = 1;
const PREFIX_MAX: u32 = 48;
const prefix = memory.data(48);

/** Number of the first record after the last clear. */
export let clear_seq: u64 = 0;
/** Number of the next record that type 2 reads. */
let syslog_seq: u64 = 0;
/** Level before CONSOLE_OFF; -1 when it is on. */
let saved_console_loglevel: i32 = -1;

/** "<6>[    4.315310] " in prefix; its length. */
function print_prefix(r: LogRecord): u32 {
  const prio: u64 = ((<u64>r.facility) << 3) | r.level;
  const us = r.ts / 1000;
  const s = us / 1000000;
  return snprintf(
    prefix,
    PREFIX_MAX,
    "<%lu>[%5lu.%06lu] ",
    prio,
    s,
    us % 1000000,
  );
}

function line_size(r: LogRecord): u32 {
  return print_prefix(r) + r.len + 1;
}

/** Records from seq on as lines in at most size bytes; bytes written. */
function print_from(seq: u64, buf: usize, size: u32): u32 {
  let n: u32 = 0;
  for (; seq < log_next_seq(); seq++) {
    const r = log_record(seq)!;
    const head = print_prefix(r);
    if (n + head + r.len + 1 > size) break;
    memory.copy(buf + n, prefix, head);
    memory.copy(buf + n + head, r.text, r.len);
    n += head + r.len + 1;
    store<u8>(buf + n - 1, 10);
    syslog_seq = seq + 1;
  }
  return n;
}

/** The first record such that all from there on fit into size bytes. */
function find_first_fitting_seq(from: u64, size: u32): u64 {
  let total: u32 = 0;
  let seq = log_next_seq();
  for (; seq > from; seq--) {
    total += line_size(log_record(seq - 1)!);
    if (total > size) break;
  }
  return seq;
}

function oldest(seq: u64): u64 {
  return seq < log_first_seq() ? log_first_seq() : seq;
}

function syslog_print_all(buf: usize, size: u32, clear: bool): isize {
  const read = syslog_seq;
  const from = find_first_fitting_seq(oldest(clear_seq), size);
  const n = print_from(from, buf, size);
  syslog_seq = read;
  if (clear) clear_seq = log_next_seq();
  return n;
}

function size_unread(): isize {
  let n: u32 = 0;
  for (let seq = oldest(syslog_seq); seq < log_next_seq(); seq++) {
    n += line_size(log_record(seq)!);
  }
  return n;
}

function console_off(): void {
  if (saved_console_loglevel == -1) saved_console_loglevel = console_loglevel;
  set_console_loglevel(MINIMUM_CONSOLE_LOGLEVEL);
}

function console_on(): void {
  if (saved_console_loglevel == -1) return;
  set_console_loglevel(saved_console_loglevel);
  saved_console_loglevel = -1;
}

function set_level(level: i32): isize {
  if (level < 1 || level > 8) return -Errno.EINVAL;
  set_console_loglevel(max(level, MINIMUM_CONSOLE_LOGLEVEL));
  saved_console_loglevel = -1;
  return 0;
}

/** Anybody may read the log; only user 0 may clear it or quieten it. */
function syslog_permitted(type: i32): bool {
  if (type == Action.READ_ALL || type == Action.SIZE_BUFFER) return true;
  return current.euid == 0;
}

/** syslog(type, buf, len) */
function __x64_sys_syslog(regs: PtRegs): isize {
  const buf = <usize>regs.si;
  const len = <i32>regs.dx;
  const type = <i32>regs.di;
  if (type >= Action.READ && type <= Action.READ_CLEAR && len < 0) {
    return -Errno.EINVAL;
  }
  if (!syslog_permitted(type)) return -Errno.EPERM;
  switch (type) {
    case Action.CLOSE:
    case Action.OPEN:
      return 0;
    case Action.READ:
      return print_from(oldest(syslog_seq), buf, len);
    case Action.READ_ALL:
      return syslog_print_all(buf, len, false);
    case Action.READ_CLEAR:
      return syslog_print_all(buf, len, true);
    case Action.CLEAR:
      clear_seq = log_next_seq();
      return 0;
    case Action.CONSOLE_OFF:
      console_off();
      return 0;
    case Action.CONSOLE_ON:
      console_on();
      return 0;
    case Action.CONSOLE_LEVEL:
      return set_level(len);
    case Action.SIZE_UNREAD:
      return size_unread();
    case Action.SIZE_BUFFER:
      return LOG_BUF_LEN;
    default:
      return -Errno.EINVAL;
  }
}

export function syslog_init(): void {
  set_syscall(Sys.SYSLOG, __x64_sys_syslog);
}
