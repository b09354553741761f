// notifier.ts - who is told that a module comes or goes: livepatch.
//
// The hook keeps the loader from knowing livepatch. Linux calls it directly,
// between its two module notifiers.

import { Module } from "./module";

let coming: ((mod: Module) => i32) | null = null;
let going: ((mod: Module) => void) | null = null;

export function set_module_hooks(
  on_coming: (mod: Module) => i32,
  on_going: (mod: Module) => void,
): void {
  coming = on_coming;
  going = on_going;
}

/** Tracing's part: filters and probes that wait for the module. */
let traced: ((name: usize) => void) | null = null;

export function set_module_traced(fn: (name: usize) => void): void {
  traced = fn;
}

/** mod is formed, its init function has not run. 0, or it is refused. */
export function notify_module_coming(mod: Module): i32 {
  const fn = coming;
  const err = fn == null ? 0 : fn(mod);
  const trace = traced;
  if (err == 0 && trace != null) trace(mod.name);
  return err;
}

/** mod's exit function has run, or its init function failed. */
export function notify_module_going(mod: Module): void {
  const fn = going;
  if (fn != null) fn(mod);
}
