// entries.ts - the files that lie in /proc from boot on.

import { proc_cmdline_init } from "./cmdline";
import { proc_cpuinfo_init } from "./cpuinfo";
import { proc_devices_init } from "./devices";
import { proc_filesystems_init } from "./filesystems";
import { proc_symlink } from "./generic";
import { proc_loadavg_init } from "./loadavg";
import { proc_meminfo_init } from "./meminfo";
import { proc_self_init } from "./self";
import { proc_stat_init } from "./stat";
import { proc_sys_init } from "./proc_sysctl";
import { proc_uptime_init } from "./uptime";
import { proc_version_init } from "./version";

export function proc_entries_init(): void {
  proc_self_init();
  proc_symlink("mounts", "self/mounts");
  proc_cmdline_init();
  proc_cpuinfo_init();
  proc_devices_init();
  proc_filesystems_init();
  proc_loadavg_init();
  proc_meminfo_init();
  proc_stat_init();
  proc_uptime_init();
  proc_version_init();
  proc_sys_init();
}
