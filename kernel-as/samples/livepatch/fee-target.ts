// fee-target.ts - two functions that agree on what a number means.
//
// fee_amount() answers in euro and fee_print() takes euro. fee_show() joins
// them, and sleeps in between. fee-patch changes both to cent: a reader that
// gets one old and one new function sees a wrong price.
//
//   # insmod fee_target.ko
//   # cat /proc/fee
//   fee: 5 euro

import { proc_create_single, remove_proc_entry } from "../../fs/proc/generic";
import { SeqFile, seq_printf } from "../../fs/seq_file";
import { msleep } from "../../kernel/time/msleep";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch sample: the consistency promise";

function fee_amount(): i32 {
  return 5;
}

function fee_print(m: SeqFile, amount: i32): void {
  seq_printf(m, "fee: %d euro\n", amount);
}

function fee_show(m: SeqFile, _v: usize): i32 {
  const amount = fee_amount();
  msleep(100);
  fee_print(m, amount);
  return 0;
}

export function init_module(): i32 {
  proc_create_single("fee", 0, null, fee_show);
  return 0;
}

export function cleanup_module(): void {
  remove_proc_entry("fee", null);
}
