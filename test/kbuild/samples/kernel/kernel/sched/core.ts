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
