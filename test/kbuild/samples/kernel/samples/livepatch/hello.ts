// hello.ts - a module with parameters, state, a pointer and a sleeping loop.
import { print } from "../../host";
import { schedule } from "../../kernel/sched/core";
import { clamp_value, proc_read, set_show } from "../../fs/proc/meminfo";

export const MODULE_LICENSE = "GPL";
export const MODULE_AUTHOR = "Somebody";
export const MODULE_DESCRIPTION = "Says hello";
export const MODULE_PARM_times = "how often (default=2)";
export let times: i32 = 2;
let count: i64 = 40;
let greeting: string = "hello";

export function hello(arg: i32): i32 {
  count++;
  print(changetype<usize>(greeting), greeting.length, count);
  return clamp_value(arg) + 1;
}

export function hello_loop(): i32 {
  let sum = 0;
  for (let i = 0; i < times; i++) {
    schedule();
    sum += hello(i);
  }
  return sum;
}

export function forever(): void {
  while (true) {
    if (count < 0) return;
  }
}

export function init_module(): i32 {
  set_show(hello);
  return proc_read(2, 500) == 101 ? 0 : -22;
}

export function cleanup_module(): void {}
