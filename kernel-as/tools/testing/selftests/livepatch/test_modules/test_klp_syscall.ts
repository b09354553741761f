// test_klp_syscall.ts - patches the system call getpid while it is called.
//
// klp_pids lists the processes that hammer it; npids says how many of them
// have not yet been seen in the new version.

import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_func_at,
  klp_object_at,
  klp_site,
} from "../../../../../include/linux/livepatch";
import { klp_enable_patch } from "../../../../../kernel/livepatch/core";
import { THIS_MODULE } from "../../../../../kernel/module/module";
import { PtRegs, current } from "../../../../../kernel/sched/task";
import { lit } from "../../../../../lib/string";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: syscall transition";
export const MODULE_INFO_livepatch = "Y";

const funcs = memory.data(offsetof<KlpFunc>() * 2, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function lp_sys_getpid(_regs: PtRegs): isize {
  return current.tgid + 1000;
}

export function init_module(): i32 {
  const func = klp_func_at(funcs, 0);
  func.name = lit("__x64_sys_getpid");
  func.new_func = klp_site(changetype<usize>(lp_sys_getpid));
  klp_object_at(objs, 0).funcs = funcs;
  const p = changetype<KlpPatch>(patch);
  p.mod = THIS_MODULE();
  p.objs = objs;
  return klp_enable_patch(p);
}

export function cleanup_module(): void {}
