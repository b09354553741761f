// loglevel_state.ts - callbacks that raise the console log level and hand
// the change on, from one livepatch to the next. The state's data holds the
// level that was there before. Comes along with every module that uses it.

import { Errno } from "../../../../../abi";
import {
  KlpFunc,
  KlpObject,
  KlpPatch,
  KlpState,
  klp_declare_object,
  klp_declare_patch,
} from "../../../../../include/linux/livepatch";
import { klp_enable_patch } from "../../../../../kernel/livepatch/core";
import {
  klp_get_prev_state,
  klp_get_state,
} from "../../../../../kernel/livepatch/state";
import {
  console_loglevel,
  pr_info,
  set_console_loglevel,
} from "../../../../../kernel/printk/printk";
import { kfree, kzalloc } from "../../../../../mm/slab";
import { lit } from "../../../../../lib/string";
import { callback_info } from "./callback_log";

const CONSOLE_LOGLEVEL_STATE: u32 = 1;
const CONSOLE_LOGLEVEL_MOTORMOUTH = 15;

const no_funcs = memory.data(offsetof<KlpFunc>(), 8);
const objs = memory.data(offsetof<KlpObject>() * 2, 8);
const states = memory.data(offsetof<KlpState>() * 2, 8);
const patch = memory.data(offsetof<KlpPatch>(), 8);
let name: string = "";

function say(text: string): void {
  pr_info("%S: %S\n", lit(name), lit(text));
}

function our_state(): KlpState {
  const p = changetype<KlpPatch>(patch);
  return <KlpState>klp_get_state(p, CONSOLE_LOGLEVEL_STATE);
}

function allocate_loglevel_state(): i32 {
  if (klp_get_prev_state(CONSOLE_LOGLEVEL_STATE) != null) {
    say(
      "allocate_loglevel_state: space to store console_loglevel already allocated",
    );
    return 0;
  }
  const data = kzalloc(4);
  if (data == 0) return -Errno.ENOMEM;
  our_state().data = data;
  say("allocate_loglevel_state: allocating space to store console_loglevel");
  return 0;
}

function fix_console_loglevel(): void {
  const prev = klp_get_prev_state(CONSOLE_LOGLEVEL_STATE);
  if (prev != null) {
    say("fix_console_loglevel: taking over the console_loglevel change");
    our_state().data = prev.data;
    return;
  }
  say("fix_console_loglevel: fixing console_loglevel");
  store<i32>(our_state().data, console_loglevel);
  set_console_loglevel(CONSOLE_LOGLEVEL_MOTORMOUTH);
}

function restore_console_loglevel(): void {
  if (klp_get_prev_state(CONSOLE_LOGLEVEL_STATE) != null) {
    say(
      "restore_console_loglevel: passing the console_loglevel change back to the old livepatch",
    );
    return;
  }
  say("restore_console_loglevel: restoring console_loglevel");
  set_console_loglevel(load<i32>(our_state().data));
}

function free_loglevel_state(): void {
  if (klp_get_prev_state(CONSOLE_LOGLEVEL_STATE) != null) {
    say("free_loglevel_state: keeping space to store console_loglevel");
    return;
  }
  say("free_loglevel_state: freeing space for the stored console_loglevel");
  kfree(our_state().data);
}

function pre_patch_callback(obj: KlpObject): i32 {
  callback_info(name, "pre_patch_callback", obj);
  return allocate_loglevel_state();
}

function post_patch_callback(obj: KlpObject): void {
  callback_info(name, "post_patch_callback", obj);
  fix_console_loglevel();
}

function pre_unpatch_callback(obj: KlpObject): void {
  callback_info(name, "pre_unpatch_callback", obj);
  restore_console_loglevel();
}

function post_unpatch_callback(obj: KlpObject): void {
  callback_info(name, "post_unpatch_callback", obj);
  free_loglevel_state();
}

/** A replace patch that makes the state in this version. */
export function enable_loglevel_patch(mod_name: string, version: u32): i32 {
  name = mod_name;
  const state = changetype<KlpState>(states);
  state.id = CONSOLE_LOGLEVEL_STATE;
  state.version = version;
  const obj = klp_declare_object(objs, 0, null, no_funcs);
  obj.pre_patch = pre_patch_callback;
  obj.post_patch = post_patch_callback;
  obj.pre_unpatch = pre_unpatch_callback;
  obj.post_unpatch = post_unpatch_callback;
  const p = klp_declare_patch(patch, objs);
  p.states = states;
  p.replace = true;
  return klp_enable_patch(p);
}
