// livepatch-state.ts - a change of the system that patches hand on.
//
// The patch makes the console show everything. The level from before is kept
// in a klp_state, so that a newer patch can take the change over, and the
// last one to go can undo it. A patch that knows only an older version of
// the state may not replace one that made a newer.
//
//   # insmod livepatch_state.ko version=2
//   # cat /proc/sys/kernel/printk
//   8	4	1	4
//   # echo 0 > /sys/kernel/livepatch/livepatch_state/enabled
//   # cat /proc/sys/kernel/printk
//   4	4	1	4
//
// After Linux Documentation/livepatch/system-state.rst.

import { Errno } from "../../abi";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  KlpState,
  klp_declare_object,
  klp_declare_patch,
} from "../../include/linux/livepatch";
import { klp_enable_patch } from "../../kernel/livepatch/core";
import {
  klp_get_prev_state,
  klp_get_state,
} from "../../kernel/livepatch/state";
import {
  console_loglevel,
  set_console_loglevel,
} from "../../kernel/printk/printk";
import { kfree, kzalloc } from "../../mm/slab";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch sample: system state";
export const MODULE_INFO_livepatch = "Y";

export let version: i32 = 1;
export const MODULE_PARM_version = "version of the state (default=1)";

const CONSOLE_STATE: u32 = 0x10;
const no_funcs = memory.data(offsetof<KlpFunc>(), 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const states = memory.data(offsetof<KlpState>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);

function state(): KlpState {
  return <KlpState>klp_get_state(changetype<KlpPatch>(patch), CONSOLE_STATE);
}

/** What can fail comes first: memory for the old level, unless it is there. */
function pre_patch(_obj: KlpObject): i32 {
  if (klp_get_prev_state(CONSOLE_STATE) != null) return 0;
  state().data = kzalloc(4);
  return state().data == 0 ? -Errno.ENOMEM : 0;
}

function post_patch(_obj: KlpObject): void {
  const prev = klp_get_prev_state(CONSOLE_STATE);
  if (prev != null) {
    state().data = prev.data;
    return;
  }
  store<i32>(state().data, console_loglevel);
  set_console_loglevel(8);
}

/** A patch that is still there keeps the change. */
function pre_unpatch(_obj: KlpObject): void {
  if (klp_get_prev_state(CONSOLE_STATE) != null) return;
  set_console_loglevel(load<i32>(state().data));
}

function post_unpatch(_obj: KlpObject): void {
  if (klp_get_prev_state(CONSOLE_STATE) == null) kfree(state().data);
}

export function init_module(): i32 {
  const entry = changetype<KlpState>(states);
  entry.id = CONSOLE_STATE;
  entry.version = version;
  const obj = klp_declare_object(objs, 0, null, no_funcs);
  obj.pre_patch = pre_patch;
  obj.post_patch = post_patch;
  obj.pre_unpatch = pre_unpatch;
  obj.post_unpatch = post_unpatch;
  const p = klp_declare_patch(patch, objs);
  p.states = states;
  p.replace = true;
  return klp_enable_patch(p);
}

export function cleanup_module(): void {}
