// test_klp_kprobe.ts - a kprobe on cmdline_proc_show. With a post_handler
// it claims the right to redirect the function, as a livepatch does.

import {
  register_kprobe,
  unregister_kprobe,
} from "../../../../../kernel/kprobes";
import { Kprobe } from "../../../../../kernel/kprobes_ftrace";
import { strscpy_lit } from "../../../../../lib/string";

export const MODULE_LICENSE = "GPL";
export const MODULE_DESCRIPTION = "Livepatch test: livepatch and kprobe";

export let has_post_handler: i32 = 1;
export const MODULE_PARM_has_post_handler = "has_post_handler (default=true)";
export const MODULE_PARMTYPE_has_post_handler = "bool";

const kp = changetype<Kprobe>(memory.data(offsetof<Kprobe>(), 8));
const symbol = memory.data(32);

function post_handler(_p: Kprobe): void {}

export function init_module(): i32 {
  strscpy_lit(symbol, "cmdline_proc_show", 32);
  kp.symbol_name = symbol;
  if (has_post_handler != 0) kp.post_handler = post_handler;
  return register_kprobe(kp);
}

export function cleanup_module(): void {
  unregister_kprobe(kp);
}
