// sysrq.ts - /proc/sysrq-trigger: orders to the kernel that need no program.
//
// A letter is an order; what they are, an unknown letter tells. After an
// underscore every letter counts, else only the first.
// Mirrors Linux drivers/tty/sysrq.c; there are no keys for it here.

import { Sig } from "../../abi";
import { ProcOps } from "../../fs/proc/internal";
import { proc_create } from "../../fs/proc/generic";
import { File } from "../../fs/fs";
import { panic } from "../../kernel/panic";
import {
  console_loglevel,
  pr_info,
  set_console_loglevel,
} from "../../kernel/printk/printk";
import { show_state } from "../../kernel/sched/debug";
import { Task, init_task, next_task } from "../../kernel/sched/task";
import { send_sig } from "../../kernel/signal";

const CONSOLE_LOGLEVEL_DEFAULT = 7;
const CONSOLE_LOGLEVEL_DEBUG = 10;

const ops = changetype<ProcOps>(memory.data(offsetof<ProcOps>(), 4));

/** Shows what is about to happen, whatever the console's level. */
function announce(action: string): void {
  const level = console_loglevel;
  set_console_loglevel(CONSOLE_LOGLEVEL_DEFAULT);
  pr_info(action);
  set_console_loglevel(level);
}

function sysrq_handle_loglevel(level: i32): void {
  announce("sysrq: Changing Loglevel\n");
  set_console_loglevel(CONSOLE_LOGLEVEL_DEFAULT);
  pr_info("sysrq: Loglevel set to %u\n", level);
  set_console_loglevel(level);
}

/** To all user tasks but init. */
function send_sig_all(sig: u32): void {
  let t: Task | null = init_task;
  for (; t != null; t = next_task(t)) {
    if (!t.is_kthread && t.pid > 1) send_sig(sig, t);
  }
  set_console_loglevel(CONSOLE_LOGLEVEL_DEBUG);
}

function sysrq_help(): void {
  announce(
    "sysrq: HELP : loglevel(0-9) crash(c) terminate-all-tasks(e) kill-all-tasks(i) show-task-states(t) show-blocked-tasks(w) \n",
  );
}

function handle_sysrq(key: u8): void {
  switch (key) {
    case 99: // c
      announce("sysrq: Trigger a crash\n");
      panic("sysrq triggered crash");
      break;
    case 101: // e
      announce("sysrq: Terminate All Tasks\n");
      send_sig_all(Sig.SIGTERM);
      break;
    case 105: // i
      announce("sysrq: Kill All Tasks\n");
      send_sig_all(Sig.SIGKILL);
      break;
    case 116: // t
      announce("sysrq: Show State\n");
      show_state(false);
      break;
    case 119: // w
      announce("sysrq: Show Blocked State\n");
      show_state(true);
      break;
    default:
      if (key >= 48 && key <= 57) sysrq_handle_loglevel(key - 48);
      else sysrq_help();
  }
}

function write_sysrq_trigger(
  file: File,
  buf: usize,
  count: u32,
  ppos: usize,
): isize {
  let bulk = false;
  for (let i: u32 = 0; i < count; i++) {
    const key = load<u8>(buf + i);
    if (key == 95) {
      bulk = true;
      continue;
    }
    handle_sysrq(key);
    if (!bulk) break;
  }
  return count;
}

export function sysrq_init(): void {
  ops.proc_write = write_sysrq_trigger;
  proc_create("sysrq-trigger", 0o200, null, ops);
}
