// test_klp_state2.ts - changes the console log level; state version 2.

import { enable_loglevel_patch } from "./loglevel_state";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: system state modification";
export const MODULE_INFO_livepatch = "Y";

export function init_module(): i32 {
  return enable_loglevel_patch("test_klp_state2", 2);
}

export function cleanup_module(): void {}
