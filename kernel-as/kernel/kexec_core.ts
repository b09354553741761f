// kexec_core.ts - a kernel that waits to take the place of this one.
//
// kexec_file_load(2) keeps a copy of the image; reboot(LINUX_REBOOT_CMD_KEXEC)
// stops the machine, and the host starts it again with the copy it finds here.
// Mirrors Linux kernel/kexec_core.c and kernel/kexec_file.c.

import { Errno, Sys } from "../abi";
import { fget } from "../fs/file";
import {
  kernel_read_file,
  kernel_read_file_size,
} from "../fs/kernel_read_file";
import { KobjAttribute, Kobject, kobj_attr_init } from "../fs/sysfs/sysfs";
import { sysfs_create_file } from "../fs/sysfs/file";
import { kernel_probe } from "../host";
import { kfree, kstrdup } from "../mm/slab";
import { vfree, vmalloc } from "../mm/vmalloc";
import { snprintf } from "../lib/vsprintf";
import { kernel_kobj } from "./ksysfs";
import { pr_notice } from "./printk/printk";
import { PtRegs, current } from "./sched/task";
import { set_syscall } from "./sys_call_table";

/** The image, 0 for none, and its command line; the host reads them. */
export let kexec_image: usize = 0;
export let kexec_image_len: u32 = 0;
export let kexec_cmdline: usize = 0;

const MAX_IMAGE: u64 = 4 << 20;

const enum KexecFile {
  UNLOAD = 1,
  ON_CRASH = 2,
  /** There is none anyway. */
  NO_INITRAMFS = 4,
}

const loaded_attr = changetype<KobjAttribute>(
  memory.data(offsetof<KobjAttribute>(), 4),
);

function kimage_free(): void {
  vfree(kexec_image, kexec_image_len);
  kfree(kexec_cmdline);
  kexec_image = 0;
  kexec_image_len = 0;
  kexec_cmdline = 0;
}

/** A copy of the file in memory of its own: address or -errno. */
function kimage_read(fd: i32): i32 {
  const file = fget(fd);
  const size = kernel_read_file_size(file, MAX_IMAGE);
  if (size < 0) return size;
  const image = vmalloc(size);
  if (image == 0) return -Errno.ENOMEM;
  let err = kernel_read_file(file!, image, size);
  if (err == 0) err = kernel_probe(image, size);
  if (err != 0) {
    vfree(image, size);
    return err;
  }
  kimage_free();
  kexec_image_len = size;
  return <i32>image;
}

/** kexec_file_load(kernel_fd, initrd_fd, cmdline_len, cmdline, flags) */
export function __x64_sys_kexec_file_load(regs: PtRegs): isize {
  if (current.euid != 0) return -Errno.EPERM;
  const flags = <u32>regs.r8;
  const known = KexecFile.UNLOAD | KexecFile.ON_CRASH | KexecFile.NO_INITRAMFS;
  if ((flags & ~known) != 0) return -Errno.EINVAL;
  // There is no memory set aside for a crash kernel.
  if ((flags & KexecFile.ON_CRASH) != 0) return -Errno.EADDRNOTAVAIL;
  if ((flags & KexecFile.UNLOAD) != 0) {
    kimage_free();
    return 0;
  }
  const image = kimage_read(<i32>regs.di);
  if (image < 0 && image >= -4095) return image;
  kexec_image = image;
  if (regs.dx > 1) kexec_cmdline = kstrdup(<usize>regs.r10);
  return 0;
}

/** Announces the new kernel; -EINVAL when there is none. */
export function kernel_kexec(): i32 {
  if (kexec_image == 0) return -Errno.EINVAL;
  pr_notice("kexec_core: Starting new kernel\n");
  return 0;
}

function kexec_loaded_show(
  _kobj: Kobject,
  _attr: KobjAttribute,
  buf: usize,
): isize {
  return snprintf(buf, 8, "%d\n", kexec_image != 0 ? 1 : 0);
}

export function kexec_init(): void {
  kobj_attr_init(loaded_attr, "kexec_loaded", 0o444, kexec_loaded_show, null);
  sysfs_create_file(kernel_kobj, loaded_attr.attr);
  set_syscall(Sys.KEXEC_FILE_LOAD, __x64_sys_kexec_file_load);
}
