// main.ts - the kernel's first function: a table of contents of boot.
//
// The host writes the command line into host_buffer() and calls
// start_kernel(), which ends as the idle task with init ready to run.
// Mirrors Linux init/main.c.

import { Limits, TaskFlag, TaskState } from "../abi";
import {
  cmdline_number,
  saved_command_line,
  setup_command_line,
} from "../kernel/cmdline";
import { chr_dev_init } from "../drivers/char/mem";
import { random_init } from "../drivers/char/random";
import { sysrq_init } from "../drivers/tty/sysrq";
import { tty_init } from "../drivers/tty/tty_io";
import { devtmpfs_init } from "../drivers/base/devtmpfs";
import { vfs_caches_init } from "../fs/init";
import { debugfs_init } from "../fs/debugfs/inode";
import { kernel_execve } from "../fs/exec";
import { init_hostfs } from "../fs/hostfs/hostfs";
import { proc_root_init } from "../fs/proc/root";
import { sysfs_init } from "../fs/sysfs/mount";
import { exit_init } from "../kernel/exit";
import { ksysfs_init } from "../kernel/ksysfs";
import { alloc_task, copy_process, fork_init } from "../kernel/fork";
import { host_buf } from "../kernel/hostbuf";
import { hostjob_init } from "../kernel/hostjob";
import { kallsyms_init } from "../kernel/kallsyms";
import { proc_kallsyms_init } from "../kernel/kallsyms_proc";
import { kexec_init } from "../kernel/kexec_core";
import { set_kthreadd } from "../kernel/kthread";
import { klp_init } from "../kernel/livepatch/boot";
import { module_loader_init } from "../kernel/module/init";
import { panic } from "../kernel/panic";
import { pid_init } from "../kernel/pid";
import { kmsg_init } from "../kernel/printk/kmsg";
import {
  pr_info,
  pr_notice,
  set_console_loglevel,
} from "../kernel/printk/printk";
import { syslog_init } from "../kernel/printk/syslog";
import {
  schedule,
  sched_init,
  set_current_state,
  wake_up_new_task,
} from "../kernel/sched/core";
import { current, set_current, set_init_task } from "../kernel/sched/task";
import { wait_init } from "../kernel/sched/wait";
import { signals_init } from "../kernel/signal";
import { sys_init } from "../kernel/sys";
import { time_init } from "../kernel/time/time";
import { timekeeping_init } from "../kernel/time/timekeeping";
import { timers_init } from "../kernel/time/timer";
import { UTS_RELEASE, UTS_VERSION, uts_init } from "../kernel/uts";
import { ftrace_init } from "../kernel/trace/ftrace";
import { ftrace_sysctl_init } from "../kernel/trace/ftrace_sysctl";
import { tracer_init_tracefs } from "../kernel/trace/trace_init";
import { workqueue_init } from "../kernel/workqueue";
import { console_on_rootfs, prepare_namespace } from "./do_mounts";
import { populate_rootfs } from "./initramfs";
import { dynamic_debug_init } from "../lib/dynamic_debug_control";
import { lit, strlen, strscpy_lit } from "../lib/string";
import { mem_init, nr_free_pages, totalram_pages } from "../mm/page_alloc";
import { setup_page_poison } from "../mm/page_poison";
import { kfree, kstrdup_lit } from "../mm/slab";
import { setup_slub_debug } from "../mm/slub_debug";
import { sock_init } from "../net/socket";

/** Bytes of memory without mem=. */
const DEFAULT_MEM: u64 = 64 << 20;

/** The idle task, swapper/0, with a stack of its own. */
function init_idle(): void {
  const idle = alloc_task();
  if (idle == null) return panic("No memory for the idle task");
  idle.flags = TaskFlag.IDLE;
  strscpy_lit(idle.comm, "swapper/0", Limits.TASK_COMM_LEN);
  set_init_task(idle);
  set_current(idle);
  fork_init(idle);
}

/** Pid 1: what is left of boot, then the first program. */
function kernel_init(_data: usize): i32 {
  do_initcalls();
  run_init_process();
  return 0;
}

/** Pid 2: parent of all kthreads. */
function kthreadd(_data: usize): i32 {
  for (;;) {
    set_current_state(TaskState.INTERRUPTIBLE);
    schedule();
  }
  return 0;
}

function rest_init(): void {
  const init = copy_process(current, TaskFlag.KTHREAD);
  if (init == null) return panic("No memory for init");
  strscpy_lit(init.comm, "init", Limits.TASK_COMM_LEN);
  init.threadfn = kernel_init;
  const kthreads = copy_process(current, TaskFlag.KTHREAD);
  if (kthreads == null) return panic("No memory for kthreadd");
  strscpy_lit(kthreads.comm, "kthreadd", Limits.TASK_COMM_LEN);
  kthreads.threadfn = kthreadd;
  set_kthreadd(kthreads);
  wake_up_new_task(init);
  wake_up_new_task(kthreads);
}

/** What needs a task that can sleep. */
function do_initcalls(): void {
  workqueue_init();
  populate_rootfs();
  prepare_namespace();
  console_on_rootfs();
}

/** Becomes the user program /sbin/init; the host starts it. */
function run_init_process(): void {
  const init = kstrdup_lit("/sbin/init");
  if (init == 0 || kernel_execve(init, strlen(init) + 1) != 0) {
    panic("No working init found.");
  }
  kfree(init);
}

/** Boots; epoch is the wall clock at boot in ns. The command line is in
 * host_buffer(). Returns as the idle task. */
export function start_kernel(epoch: f64): void {
  mem_init(<usize>cmdline_number(host_buf, "mem", DEFAULT_MEM));
  setup_page_poison(host_buf);
  setup_slub_debug(host_buf);
  ftrace_init();
  kallsyms_init();
  timers_init();
  timekeeping_init(<u64>epoch);
  pid_init();
  sched_init();
  wait_init();
  init_idle();
  setup_command_line(host_buf);
  set_console_loglevel(<i32>cmdline_number(host_buf, "loglevel", 4));
  pr_notice(
    "Linux version %S (founders@patchbay) (asc 0.28.20) %S\n",
    lit(UTS_RELEASE),
    lit(UTS_VERSION),
  );
  pr_notice("Command line: %s\n", saved_command_line);
  pr_info(
    "Memory: %luK/%luK available\n",
    nr_free_pages() << 2,
    totalram_pages() << 2,
  );
  uts_init();
  signals_init();
  exit_init();
  time_init();
  sys_init();
  hostjob_init();
  vfs_caches_init();
  proc_root_init();
  sysfs_init();
  ksysfs_init();
  kexec_init();
  debugfs_init();
  init_hostfs();
  tracer_init_tracefs();
  dynamic_debug_init();
  proc_kallsyms_init();
  ftrace_sysctl_init();
  module_loader_init();
  klp_init();
  devtmpfs_init();
  random_init(saved_command_line);
  chr_dev_init();
  kmsg_init();
  syslog_init();
  tty_init();
  sysrq_init();
  sock_init();
  rest_init();
}
