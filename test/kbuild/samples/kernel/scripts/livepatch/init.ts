// init.ts - becomes part of every patch.
import { __this_module } from "../../host";
import { patch } from "../../kernel/trace/ftrace";

/** The sample's whole klp core: one site, one replacement. */
export function init_module(): i32 {
  const mod = load<usize>(__this_module);
  patch(load<u32>(mod), load<u32>(mod, 4));
  return 0;
}

export function cleanup_module(): void {
  patch(0, 0);
}
