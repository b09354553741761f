// index.ts - the programs of this folder by the name they are started by.
import { helped } from "../helped.ts";
import type { Program } from "../sys.ts";
import { dmesg } from "./dmesg.ts";
import { insmod } from "./insmod.ts";
import { klpBuild } from "./klpBuild.ts";
import { kpatch } from "./kpatch.ts";
import { kpatchBuild } from "./kpatchBuild.ts";
import { lsmod } from "./lsmod.ts";
import { modinfo } from "./modinfo.ts";
import { modprobe } from "./modprobe.ts";
import { rmmod } from "./rmmod.ts";
import { sysctl } from "./sysctl.ts";
import {
  DMESG_USAGE,
  LSMOD_USAGE,
  MODINFO_USAGE,
  MODPROBE_USAGE,
  RMMOD_USAGE,
  SYSCTL_USAGE,
} from "./usages.ts";

export const kpatchPrograms: Record<string, Program> = {
  dmesg: helped("dmesg", DMESG_USAGE, dmesg),
  insmod,
  "klp-build": klpBuild,
  kpatch,
  "kpatch-build": kpatchBuild,
  lsmod: helped("lsmod", LSMOD_USAGE, lsmod),
  modinfo: helped("modinfo", MODINFO_USAGE, modinfo),
  modprobe: helped("modprobe", MODPROBE_USAGE, modprobe),
  rmmod: helped("rmmod", RMMOD_USAGE, rmmod),
  sysctl: helped("sysctl", SYSCTL_USAGE, sysctl),
};
