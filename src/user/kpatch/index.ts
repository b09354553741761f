// index.ts - the programs of this folder by the name they are started by.
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

export const kpatchPrograms: Record<string, Program> = {
  dmesg,
  insmod,
  "klp-build": klpBuild,
  kpatch,
  "kpatch-build": kpatchBuild,
  lsmod,
  modinfo,
  modprobe,
  rmmod,
  sysctl,
};
