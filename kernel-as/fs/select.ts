// select.ts - waiting for several files at once.
//
// Every wake_up() also wakes the queue poll_wait, so poll() needs no entry on
// the queues of its files: it looks at all of them again.
// Mirrors Linux fs/select.c.

import { Errno, Limits, TaskState } from "../abi";
import { schedule, schedule_until } from "../kernel/sched/core";
import { signal_pending } from "../kernel/sched/core";
import { PtRegs, current } from "../kernel/sched/task";
import { finish_wait, poll_wait, prepare_to_wait } from "../kernel/sched/wait";
import { ktime_get } from "../kernel/time/timekeeping";
import { fget } from "./file";
import { File, Poll } from "./fs";

const NSEC_PER_MSEC: u64 = 1000000;
/** A timeout that never ends. */
const FOREVER: u64 = u64.MAX_VALUE;

/** struct pollfd. */
@unmanaged
class PollFd {
  fd: i32;
  events: u16;
  revents: u16;
}

/** Files without poll can always be read and written. */
export function vfs_poll(file: File): u32 {
  const poll = file.op.poll;
  return poll == null ? Poll.IN | Poll.OUT : poll(file);
}

function do_pollfd(p: PollFd): bool {
  p.revents = 0;
  if (p.fd < 0) return false;
  const file = fget(p.fd);
  const mask = file == null ? <u32>Poll.NVAL : vfs_poll(file);
  const wanted = (<u32>p.events) | Poll.ERR | Poll.HUP | Poll.NVAL;
  p.revents = <u16>(mask & wanted);
  return p.revents != 0;
}

/** How many of the files are ready. */
function do_poll_once(fds: usize, nfds: u32): i32 {
  let ready = 0;
  for (let i: u32 = 0; i < nfds; i++) {
    if (do_pollfd(changetype<PollFd>(fds + i * offsetof<PollFd>()))) ready++;
  }
  return ready;
}

/** Sleeps until something may be ready; whether the time is up. */
function poll_schedule_timeout(expires: u64): bool {
  if (expires != FOREVER) return schedule_until(expires);
  schedule();
  return false;
}

/** Ready files, 0 when the time is up, or -errno. */
function do_sys_poll(fds: usize, nfds: u32, expires: u64): i32 {
  let ready = 0;
  let late = ktime_get() >= expires;
  for (;;) {
    prepare_to_wait(poll_wait, TaskState.INTERRUPTIBLE);
    ready = do_poll_once(fds, nfds);
    if (ready != 0 || late) break;
    if (signal_pending(current)) {
      ready = -Errno.ERESTARTNOHAND;
      break;
    }
    late = poll_schedule_timeout(expires);
  }
  finish_wait(poll_wait);
  return ready;
}

/** When a poll of ms ends; made again, it ends at the time first meant. */
function poll_end(ms: i32): u64 {
  if (ms < 0) return FOREVER;
  if (ms == 0) return 0;
  if (current.restart_expires == 0) {
    current.restart_expires = ktime_get() + <u64>ms * NSEC_PER_MSEC;
  }
  return current.restart_expires;
}

/** poll(fds, nfds, timeout): milliseconds, negative for ever */
export function __x64_sys_poll(regs: PtRegs): isize {
  if (<u64>regs.si > <u32>Limits.NR_OPEN) return -Errno.EINVAL;
  const expires = poll_end(<i32>regs.dx);
  return do_sys_poll(<usize>regs.di, <u32>regs.si, expires);
}
