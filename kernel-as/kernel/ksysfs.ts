// ksysfs.ts - /sys/kernel, /sys/module and /sys/fs, and what lies in them
// from boot on. Mirrors Linux kernel/ksysfs.c.

import { Kobject } from "../fs/sysfs/sysfs";
import { kobject_create_and_add } from "../lib/kobject";
import { panic } from "./panic";

/** /sys/kernel */
export let kernel_kobj: Kobject = changetype<Kobject>(0);
/** /sys/module; Linux calls it module_kset. */
export let module_kobj: Kobject = changetype<Kobject>(0);
/** /sys/fs */
export let fs_kobj: Kobject = changetype<Kobject>(0);

function must_create(name: string, parent: Kobject | null): Kobject {
  const kobj = kobject_create_and_add(name, parent);
  if (kobj == null) panic("No memory for sysfs");
  return kobj!;
}

export function ksysfs_init(): void {
  kernel_kobj = must_create("kernel", null);
  module_kobj = must_create("module", null);
  fs_kobj = must_create("fs", null);
  // Where debugfs and tracefs are mounted.
  must_create("debug", kernel_kobj);
  must_create("tracing", kernel_kobj);
}
