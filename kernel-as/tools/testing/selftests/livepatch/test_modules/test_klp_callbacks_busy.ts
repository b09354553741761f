// test_klp_callbacks_busy.ts - a module whose work item stays in one function
// as long as block_transition says.

import { pr_info } from "../../../../../kernel/printk/printk";
import { msleep } from "../../../../../kernel/time/msleep";
import {
  INIT_WORK,
  Work,
  flush_work,
  schedule_work,
  work_busy,
} from "../../../../../kernel/workqueue";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: busy target module";

export let block_transition: i32 = 0;
export const MODULE_PARM_block_transition = "block_transition (default=false)";
export const MODULE_PARMTYPE_block_transition = "bool";

const work_mem = memory.data(offsetof<Work>(), 8);
let started: i32 = 0;

function work(): Work {
  return changetype<Work>(work_mem);
}

function busymod_work_func(_work: Work): void {
  pr_info("test_klp_callbacks_busy: busymod_work_func enter\n");
  started = 1;
  while (block_transition != 0) msleep(20);
  pr_info("test_klp_callbacks_busy: busymod_work_func exit\n");
}

export function init_module(): i32 {
  pr_info("test_klp_callbacks_busy: test_klp_callbacks_busy_init\n");
  INIT_WORK(work(), busymod_work_func);
  schedule_work(work());
  // What the work says must be in the log before insmod returns. It says
  // nothing when a livepatch was there first and has put other work here.
  if (block_transition == 0) flush_work(work());
  else while (started == 0 && work_busy(work())) msleep(1);
  return 0;
}

export function cleanup_module(): void {
  block_transition = 0;
  flush_work(work());
  pr_info("test_klp_callbacks_busy: test_klp_callbacks_busy_exit\n");
}
