// fee-patch.ts - changes the unit in fee-target, in two functions at once.
//
// With joined=Y (the default) the function that joins the two is part of the
// patch. So a task that has called one and not yet the other is not
// switched: fee_show() is on its stack. With joined=N nothing keeps such a
// task from being switched, and it prints 5 cent, or 500 euro.
//
//   # insmod fee_target.ko
//   # cat /proc/fee & insmod fee_patch.ko joined=N; wait
//   fee: 5 cent
//   # cat /proc/fee
//   fee: 500 cent

import { SeqFile, seq_printf } from "../../fs/seq_file";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  klp_declare_func,
  klp_declare_object,
  klp_declare_patch,
} from "../../include/linux/livepatch";
import { klp_enable_patch } from "../../kernel/livepatch/core";
import { msleep } from "../../kernel/time/msleep";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch sample: euro become cent";
export const MODULE_INFO_livepatch = "Y";

export let joined: i32 = 1;
export const MODULE_PARM_joined = "patch fee_show, too (default=Y)";
export const MODULE_PARMTYPE_joined = "bool";

const funcs = memory.data(offsetof<KlpFunc>() * 4, 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function cent_amount(): i32 {
  return 500;
}

function cent_print(m: SeqFile, amount: i32): void {
  seq_printf(m, "fee: %d cent\n", amount);
}

function cent_show(m: SeqFile, _v: usize): i32 {
  const amount = cent_amount();
  msleep(100);
  cent_print(m, amount);
  return 0;
}

export function init_module(): i32 {
  const amount = changetype<usize>(cent_amount);
  const print = changetype<usize>(cent_print);
  klp_declare_func(funcs, 0, "fee_amount", amount);
  klp_declare_func(funcs, 1, "fee_print", print);
  if (joined != 0) {
    const show = changetype<usize>(cent_show);
    klp_declare_func(funcs, 2, "fee_show", show);
  }
  klp_declare_object(objs, 0, "fee_target", funcs);
  return klp_enable_patch(klp_declare_patch(patch, objs));
}

export function cleanup_module(): void {}
