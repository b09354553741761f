// tty_jobctrl.ts - whose terminal it is, and who may use it now.
// Mirrors Linux drivers/tty/tty_jobctrl.c.

import { Errno, Sig, TaskState } from "../../abi";
import { Task, current, find_task_by_pid } from "../../kernel/sched/task";
import { init_task, next_task } from "../../kernel/sched/task";
import { kill_pgrp } from "../../kernel/signal";
import { Tty } from "./tty";

/** A process group is orphaned when nobody outside it could continue it. */
function is_current_pgrp_orphaned(): bool {
  for (let t: Task | null = init_task; t != null; t = next_task(t)) {
    if (t.pgrp != current.pgrp || t.state == TaskState.ZOMBIE) continue;
    const parent = t.parent;
    if (parent == null || parent.pid == 1) continue;
    if (parent.pgrp != t.pgrp && parent.session == t.session) return false;
  }
  return true;
}

function sig_ignored_or_blocked(sig: u32): bool {
  return ((current.ignored | current.blocked) & (1 << (sig - 1))) != 0;
}

/** Is current's group in the background of this terminal? */
function in_background(tty: Tty): bool {
  if (current.tty == 0 || current.session != tty.session) return false;
  return tty.pgrp > 0 && tty.pgrp != current.pgrp;
}

/** For those who change or write: 0, or after SIGTTOU an error. */
export function tty_check_change(tty: Tty): i32 {
  if (!in_background(tty)) return 0;
  if (sig_ignored_or_blocked(Sig.SIGTTOU)) return 0;
  if (is_current_pgrp_orphaned()) return -Errno.EIO;
  kill_pgrp(Sig.SIGTTOU, current.pgrp);
  return -Errno.ERESTARTSYS;
}

/** For readers: 0, or after SIGTTIN an error. */
export function job_control(tty: Tty): i32 {
  if (!in_background(tty)) return 0;
  if (sig_ignored_or_blocked(Sig.SIGTTIN)) return -Errno.EIO;
  if (is_current_pgrp_orphaned()) return -Errno.EIO;
  kill_pgrp(Sig.SIGTTIN, current.pgrp);
  return -Errno.ERESTARTSYS;
}

/** The session that had the terminal may be over. */
function session_alive(session: i32): bool {
  if (session == 0) return false;
  const leader = find_task_by_pid(session);
  if (leader == null || leader.state == TaskState.ZOMBIE) return false;
  return leader.session == session && leader.tty != 0;
}

/** The terminal becomes that of current's session. */
function proc_set_tty(tty: Tty): void {
  tty.session = current.session;
  tty.pgrp = current.pgrp;
  current.tty = 1;
}

/** Opening a terminal gives it to a session leader that has none. */
export function tty_open_proc_set_tty(tty: Tty): void {
  if (current.session != current.pid || current.tty != 0) return;
  if (!session_alive(tty.session)) proc_set_tty(tty);
}

/** TIOCSCTTY; force lets user 0 take it from another session. */
export function tiocsctty(tty: Tty, force: bool): isize {
  if (current.tty != 0 && current.session == tty.session) return 0;
  if (current.session != current.pid || current.tty != 0) {
    return -Errno.EPERM;
  }
  if (session_alive(tty.session)) {
    if (!force || current.euid != 0) return -Errno.EPERM;
    const leader = find_task_by_pid(tty.session);
    if (leader != null) leader.tty = 0;
  }
  proc_set_tty(tty);
  return 0;
}

/** TIOCGPGRP */
export function tiocgpgrp(tty: Tty, arg: usize): isize {
  if (current.tty == 0 || current.session != tty.session) {
    return -Errno.ENOTTY;
  }
  store<i32>(arg, tty.pgrp);
  return 0;
}

/** Is there a task of that group in current's session? */
function pgrp_in_session(pgrp: i32): bool {
  for (let t: Task | null = init_task; t != null; t = next_task(t)) {
    if (t.pgrp == pgrp && t.session == current.session) return true;
  }
  return false;
}

/** TIOCSPGRP */
export function tiocspgrp(tty: Tty, arg: usize): isize {
  const err = tty_check_change(tty);
  if (err == -Errno.EIO) return -Errno.ENOTTY;
  if (err != 0) return err;
  if (current.tty == 0 || current.session != tty.session) {
    return -Errno.ENOTTY;
  }
  const pgrp = load<i32>(arg);
  if (pgrp < 0) return -Errno.EINVAL;
  if (!pgrp_in_session(pgrp)) return -Errno.EPERM;
  tty.pgrp = pgrp;
  return 0;
}
