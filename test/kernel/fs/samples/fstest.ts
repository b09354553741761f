// fstest.ts - a kobject and an entry of /proc for tests: what a module has.

import { Errno } from "../abi";
import { proc_create_single, proc_remove } from "../fs/proc/generic";
import { ProcDirEntry } from "../fs/proc/internal";
import { SeqFile, seq_printf } from "../fs/seq_file";
import { sysfs_create_file } from "../fs/sysfs/file";
import { sysfs_create_link } from "../fs/sysfs/symlink";
import { AttributeGroup, KobjAttribute, Kobject } from "../fs/sysfs/sysfs";
import { KobjType, attribute_group_add } from "../fs/sysfs/sysfs";
import { kobj_attr_init } from "../fs/sysfs/sysfs";
import { kobj_sysfs_ops } from "../lib/kobject";
import { kobject_init_and_add, kobject_put } from "../lib/kobject";
import { snprintf } from "../lib/vsprintf";
import { kfree, kstrdup_lit, kzalloc } from "../mm/slab";
import { kernel_kobj } from "./ksysfs";
import { PtRegs } from "./sched/task";
import { msleep } from "./time/msleep";
import { set_syscall } from "./sys_call_table";

const ktype = changetype<KobjType>(memory.data(offsetof<KobjType>(), 4));
const group = changetype<AttributeGroup>(
  memory.data(offsetof<AttributeGroup>(), 4),
);
const value = changetype<KobjAttribute>(
  memory.data(offsetof<KobjAttribute>(), 4),
);
const slow = changetype<KobjAttribute>(
  memory.data(offsetof<KobjAttribute>(), 4),
);
const secret = changetype<KobjAttribute>(
  memory.data(offsetof<KobjAttribute>(), 4),
);
const page = changetype<KobjAttribute>(
  memory.data(offsetof<KobjAttribute>(), 4),
);

let kobj: Kobject | null = null;
let entry: ProcDirEntry | null = null;
let stores: u32 = 0;
let last_count: u32 = 0;
let released: u32 = 0;

function value_show(k: Kobject, attr: KobjAttribute, buf: usize): isize {
  return snprintf(buf, 4096, "%u %u\n", stores, last_count);
}

function value_store(
  k: Kobject,
  attr: KobjAttribute,
  buf: usize,
  count: u32,
): isize {
  if (load<u8>(buf) == 120) return -Errno.EINVAL;
  stores++;
  last_count = count;
  return count;
}

function slow_show(k: Kobject, attr: KobjAttribute, buf: usize): isize {
  msleep(1000);
  return snprintf(buf, 4096, "slow\n");
}

function page_show(k: Kobject, attr: KobjAttribute, buf: usize): isize {
  memory.fill(buf, 112, 4096);
  return 4096;
}

function fstest_release(k: Kobject): void {
  released++;
  kfree(changetype<usize>(k));
}

function slow_proc_show(m: SeqFile, v: usize): i32 {
  msleep(1000);
  seq_printf(m, "slow\n");
  return 0;
}

function add_kobject(): isize {
  const k = changetype<Kobject>(kzalloc(offsetof<Kobject>()));
  const name = kstrdup_lit("fstest");
  const err = kobject_init_and_add(k, ktype, kernel_kobj, name);
  kfree(name);
  if (err != 0) {
    kobject_put(k);
    return err;
  }
  kobj = k;
  return sysfs_create_link(k, kernel_kobj, k.name);
}

function add_entry(): isize {
  const made = proc_create_single("fstest", 0, null, slow_proc_show);
  if (made == null) return -Errno.EEXIST;
  entry = made;
  return 0;
}

/** 0 adds the kobject, 1 puts it, 2 tells how many were released, 3 adds the
 * entry of /proc, 4 removes it, 5 adds an attribute a second time. */
export function __x64_sys_fstest(regs: PtRegs): isize {
  switch (<i32>regs.di) {
    case 0:
      return add_kobject();
    case 1:
      kobject_put(kobj!);
      return 0;
    case 2:
      return released;
    case 3:
      return add_entry();
    case 4:
      proc_remove(entry);
      return 0;
    default:
      return sysfs_create_file(kobj!, value.attr);
  }
}

export function fstest_init(): void {
  kobj_attr_init(value, "value", 0o644, value_show, value_store);
  kobj_attr_init(slow, "slow", 0o444, slow_show, null);
  kobj_attr_init(secret, "secret", 0o200, null, value_store);
  kobj_attr_init(page, "page", 0o444, page_show, null);
  attribute_group_add(group, value.attr);
  attribute_group_add(group, slow.attr);
  attribute_group_add(group, secret.attr);
  attribute_group_add(group, page.attr);
  ktype.release = fstest_release;
  ktype.sysfs_ops = kobj_sysfs_ops;
  ktype.default_group = group;
  set_syscall(401, __x64_sys_fstest);
}
