/**
 * Finds the kernel's own tracing functions, which trampolines and frame
 * records call. The kernel defines them; they are found by their bare names.
 */

import type { KObject } from "./kobject";
import { bareName } from "./names";
import type { TraceNames } from "./slots";

export interface KernelTraceNames extends TraceNames {
  /** Data item: 48 bytes for the arguments of the traced call. */
  regs: string;
}

export function findTraceNames(object: KObject): KernelTraceNames {
  const notrace = [...object.functions.values()].filter((f) => f.kind === "notrace").map((f) => f.name);
  return {
    unwindRecord: find(notrace, "__unwind_record"),
    caller: find(notrace, "ftrace_caller"),
    return: find(notrace, "ftrace_return"),
    graphActive: find([...object.globals.keys()], "ftrace_graph_active"),
    regs: find([...object.data.keys()], "ftrace_regs"),
  };
}

function find(names: string[], bare: string): string {
  const name = names.find((n) => bareName(n) === bare);
  if (!name) throw new Error(`vmlinux: undefined symbol ${bare}`);
  return name;
}
