// umh.ts - the kernel runs a user program and waits for its end.
//
// The program is a kworker's child: user 0, in the root directory, with no
// descriptor open. Unlike in Linux, who waits for it cannot be killed.
// Mirrors Linux kernel/umh.c.

import { Errno } from "../abi";
import { kernel_execve } from "../fs/exec";
import { kfree, kzalloc } from "../mm/slab";
import { do_exit, kernel_wait } from "./exit";
import { copy_process } from "./fork";
import { wake_up_new_task } from "./sched/core";
import { current } from "./sched/task";
import { INIT_WORK, Work, flush_work, schedule_work } from "./workqueue";

@unmanaged
class SubprocessInfo extends Work {
  /** As execve takes it. */
  argv: usize;
  argv_len: u32;
  /** Wait status of the program, or -errno. */
  retval: i32;
}

/** The new task: becomes the program. */
function call_usermodehelper_exec_async(data: usize): i32 {
  const info = changetype<SubprocessInfo>(data);
  if (kernel_execve(info.argv, info.argv_len) != 0) do_exit(255 << 8);
  return 0;
}

function call_usermodehelper_exec_work(work: Work): void {
  const info = changetype<SubprocessInfo>(work);
  const t = copy_process(current, 0);
  if (t == null) return;
  t.threadfn = call_usermodehelper_exec_async;
  t.threadfn_data = changetype<usize>(info);
  wake_up_new_task(t);
  info.retval = kernel_wait(t.pid);
}

/** Runs the program named first in argv; its wait status, or -errno. */
export function call_usermodehelper(argv: usize, argv_len: u32): i32 {
  const info = changetype<SubprocessInfo>(kzalloc(offsetof<SubprocessInfo>()));
  if (changetype<usize>(info) == 0) return -Errno.ENOMEM;
  INIT_WORK(info, call_usermodehelper_exec_work);
  info.argv = argv;
  info.argv_len = argv_len;
  info.retval = -Errno.ENOMEM;
  schedule_work(info);
  flush_work(info);
  const ret = info.retval;
  kfree(changetype<usize>(info));
  return ret;
}
