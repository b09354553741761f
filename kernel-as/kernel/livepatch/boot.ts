// boot.ts - livepatch at boot: fills the hooks that lower layers offer.

import { INIT_LIST_HEAD } from "../../lib/list";
import { cmdline_find, saved_command_line } from "../cmdline";
import { set_exit_patch_hook } from "../entry";
import { set_copy_patch_hook } from "../fork";
import { set_module_hooks } from "../module/notifier";
import { set_sched_sleep_hook } from "../sched/core";
import { current } from "../sched/task";
import { set_ftrace_rewind_lookup } from "../trace/ftrace_caller";
import { DelayedWork, INIT_DELAYED_WORK } from "../workqueue";
import { klp_attrs_init } from "./attrs";
import { klp_module_coming, klp_module_going } from "./coming";
import { klp_transition_work_fn } from "./core";
import { klp_debug_init } from "./debug";
import { set_klp_model_immediate } from "./handler";
import { klp_patches, klp_transition_work } from "./list";
import { klp_patch_init } from "./patch";
import { klp_sysfs_init } from "./sysfs";
import {
  klp_copy_process,
  klp_sched_try_switch,
  klp_update_patch_state,
} from "./transition";

function klp_exit_to_user(): void {
  klp_update_patch_state(current);
}

/**
 * klp.model=immediate: the naive swap, to see what goes wrong with it.
 * klp.rewind=off: frames resume in whatever is attached; that breaks.
 */
function klp_parse_cmdline(): void {
  const model = cmdline_find(saved_command_line, "klp.model");
  set_klp_model_immediate(model != 0 && load<u8>(model) == 105);
  const rewind = cmdline_find(saved_command_line, "klp.rewind");
  if (rewind != 0 && load<u8>(rewind + 1) == 102) set_ftrace_rewind_lookup(0);
}

export function klp_init(): void {
  INIT_LIST_HEAD(klp_patches);
  klp_patch_init();
  klp_debug_init();
  klp_parse_cmdline();
  INIT_DELAYED_WORK(
    changetype<DelayedWork>(klp_transition_work),
    klp_transition_work_fn,
  );
  klp_sysfs_init();
  klp_attrs_init();
  set_exit_patch_hook(klp_exit_to_user);
  set_copy_patch_hook(klp_copy_process);
  set_sched_sleep_hook(klp_sched_try_switch);
  set_module_hooks(klp_module_coming, klp_module_going);
}
