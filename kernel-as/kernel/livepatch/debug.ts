// debug.ts - the debug lines of livepatch, each switched by dynamic debug.

import { lit } from "../../lib/string";
import { Ddebug, ddebug_add, dynamic_pr_debug } from "../../lib/dynamic_debug";

/** One pr_debug() of kernel/livepatch/. */
export const enum KlpDebug {
  INIT,
  COMPLETE,
  CANCEL,
  REVERSE,
  UNRELIABLE,
  SLEEPING,
  UNKNOWN,
  NR,
}

const sites = memory.data(offsetof<Ddebug>() * 7, 4);

function site(i: u32): Ddebug {
  return changetype<Ddebug>(sites + i * offsetof<Ddebug>());
}

/** line: where transition.ts prints it, as warnings.test.ts makes sure. */
function add(i: KlpDebug, line: u32, func: string, format: string): void {
  const s = site(i);
  s.file = lit("kernel/livepatch/transition.ts");
  s.func = lit(func);
  s.format = lit(format);
  s.module = lit("livepatch");
  s.line = line;
  ddebug_add(s);
}

export function klp_debug_init(): void {
  add(
    KlpDebug.INIT,
    96,
    "klp_init_transition",
    "livepatch: '%s': initializing %S transition\n",
  );
  add(
    KlpDebug.COMPLETE,
    197,
    "klp_complete_transition",
    "livepatch: '%s': completing %S transition\n",
  );
  add(
    KlpDebug.CANCEL,
    215,
    "klp_cancel_transition",
    "livepatch: '%s': canceling patching transition, going to unpatch\n",
  );
  add(
    KlpDebug.REVERSE,
    223,
    "klp_reverse_transition",
    "livepatch: '%s': reversing transition from %S\n",
  );
  add(
    KlpDebug.UNRELIABLE,
    121,
    "klp_try_switch_task",
    "livepatch: klp_try_switch_task: %s:%d has an unreliable stack\n",
  );
  add(
    KlpDebug.SLEEPING,
    123,
    "klp_try_switch_task",
    "livepatch: klp_try_switch_task: %s:%d is sleeping on function %s\n",
  );
  add(
    KlpDebug.UNKNOWN,
    124,
    "klp_try_switch_task",
    "livepatch: klp_try_switch_task: Unknown error code (%d) when trying to switch %s:%d\n",
  );
}

/** Prints line i with its arguments if it is switched on. */
export function klp_debug(
  i: KlpDebug,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
): void {
  dynamic_pr_debug(site(i), a, b, c);
}
