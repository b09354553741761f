// devices.ts - /proc/devices: the drivers by major number.
// Mirrors Linux fs/proc/devices.c.

import { chrdev_show } from "../char_dev";
import { SeqFile, seq_puts } from "../seq_file";
import { proc_create_single } from "./generic";

function devinfo_show(m: SeqFile, v: usize): i32 {
  seq_puts(m, "Character devices:\n");
  chrdev_show(m);
  seq_puts(m, "\nBlock devices:\n");
  return 0;
}

export function proc_devices_init(): void {
  proc_create_single("devices", 0, null, devinfo_show);
}
