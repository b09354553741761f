import { switch_to } from "../../host";
import { current, State } from "./task";

let nr_switches: u64 = 0;
let last_state: i32 = State.SLEEPING;

export function schedule(): void {
  nr_switches++;
  current.runs++;
  last_state = State.RUNNING;
  switch_to();
}

export function switches(): u64 {
  return nr_switches;
}

/** How often it was called: the counter is the function's own. */
export function ticks(step: i32): i32 {
  const counter = memory.data(4, 4);
  store<i32>(counter, load<i32>(counter) + step);
  return load<i32>(counter);
}
