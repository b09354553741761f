// init.ts - init and exit functions of every patch that the patch builder
// makes. What the patch changes is in its section .klp.funcs.

import {
  klp_enable_built_patch,
  klp_free_built_patch,
} from "../../kernel/livepatch/built";
import { THIS_MODULE } from "../../kernel/module/module";

export function init_module(): i32 {
  return klp_enable_built_patch(THIS_MODULE());
}

export function cleanup_module(): void {
  klp_free_built_patch(THIS_MODULE());
}
