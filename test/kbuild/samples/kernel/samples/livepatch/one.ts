// one.ts - a module with a copy of counting.ts.
import { count_up, double_of } from "./counting";

export function add_one(v: i32): i32 {
  return count_up(double_of(v)) + 1;
}

export function init_module(): i32 {
  return add_one(0) < 0 ? -22 : 0;
}

export function cleanup_module(): void {}
