/**
 * Binaryen as kbuild uses it: its options are global, so every use sets all
 * it depends on, and the same input always gives the same bytes.
 */

import binaryen from "assemblyscript/binaryen";

export type Module = InstanceType<typeof binaryen.Module>;

const { Features } = binaryen;

const FEATURES =
  Features.MVP |
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.MutableGlobals |
  Features.ReferenceTypes |
  Features.SignExt |
  Features.NontrappingFPToInt |
  Features.TailCall;

export interface InlineLimits {
  /** Functions up to this size melt into all their callers. */
  always: number;
  /** Functions with one caller melt into it up to this size. */
  oneCaller: number;
}

/** @throws Error naming the line when the text is not a module: our mistake. */
export function parseModule(text: string): Module {
  try {
    const module = binaryen.parseText(text);
    module.setFeatures(FEATURES);
    return module;
  } catch (error) {
    const { message } = error as { message: string };
    const line = text.split("\n")[parseInt(message) - 1];
    throw new Error(`kbuild: ${message}: ${line}`);
  }
}

export function runPasses(
  module: Module,
  passes: string[],
  args: Record<string, string> = {},
  inline: InlineLimits = { always: 0, oneCaller: 0 },
): void {
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(0);
  binaryen.setDebugInfo(true);
  binaryen.setAlwaysInlineMaxSize(inline.always);
  binaryen.setFlexibleInlineMaxSize(inline.always);
  binaryen.setOneCallerInlineMaxSize(inline.oneCaller);
  binaryen.clearPassArguments();
  for (const [key, value] of Object.entries(args)) {
    binaryen.setPassArgument(key, value);
  }
  module.runPasses(passes);
  binaryen.clearPassArguments();
}

export function emit(module: Module): Uint8Array {
  if (!module.validate()) throw new Error("kbuild: the linked module is invalid");
  binaryen.setDebugInfo(true);
  return module.emitBinary();
}
