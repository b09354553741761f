// test_klp_syscall.ts - patches getpid while processes call it all the time.
//
// klp_pids lists those processes. /sys/kernel/test_klp_syscall/npids says
// how many of them have not yet called the new version.

import {
  KobjAttribute,
  Kobject,
  kobj_attr_init,
} from "../../../../../fs/sysfs/sysfs";
import { sysfs_create_file } from "../../../../../fs/sysfs/file";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_func,
  klp_declare_object,
  klp_declare_patch,
} from "../../../../../include/linux/livepatch";
import { kernel_kobj } from "../../../../../kernel/ksysfs";
import { klp_enable_patch } from "../../../../../kernel/livepatch/core";
import { PtRegs, current } from "../../../../../kernel/sched/task";
import {
  kobject_create_and_add,
  kobject_put,
} from "../../../../../lib/kobject";
import { snprintf } from "../../../../../lib/vsprintf";
import { Errno } from "../../../../../abi";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: syscall transition";
export const MODULE_INFO_livepatch = "Y";

/** 0 where a process has called the new version. */
export const klp_pids = memory.data(512, 4);
export const MODULE_PARM_klp_pids = "List of pids to be transitioned";

const NR_PIDS: u32 = 128;
const funcs = memory.data(offsetof<KlpFunc>() * 2, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);
const npids_attr = memory.data(offsetof<KobjAttribute>(), 8);
let klp_kobj: usize = 0;

function npids_show(_k: Kobject, _a: KobjAttribute, buf: usize): isize {
  let n = 0;
  for (let i: u32 = 0; i < NR_PIDS; i++) {
    if (load<i32>(klp_pids + 4 * i) != 0) n++;
  }
  return snprintf(buf, 16, "%d\n", n);
}

function lp_sys_getpid(_regs: PtRegs): isize {
  for (let i: u32 = 0; i < NR_PIDS; i++) {
    const at = klp_pids + 4 * i;
    if (load<i32>(at) == current.pid) store<i32>(at, 0);
  }
  return current.tgid;
}

export function init_module(): i32 {
  const kobj = kobject_create_and_add("test_klp_syscall", kernel_kobj);
  if (kobj == null) return -Errno.ENOMEM;
  klp_kobj = changetype<usize>(kobj);
  const attr = changetype<KobjAttribute>(npids_attr);
  kobj_attr_init(attr, "npids", 0o444, npids_show, null);
  let ret = sysfs_create_file(kobj, attr.attr);
  if (ret == 0) {
    const new_func = changetype<usize>(lp_sys_getpid);
    klp_declare_func(funcs, 0, "__x64_sys_getpid", new_func);
    klp_declare_object(objs, 0, null, funcs);
    ret = klp_enable_patch(klp_declare_patch(patch, objs));
  }
  if (ret != 0) kobject_put(kobj);
  return ret;
}

export function cleanup_module(): void {
  kobject_put(changetype<Kobject>(klp_kobj));
}
