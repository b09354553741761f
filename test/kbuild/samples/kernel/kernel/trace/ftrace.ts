// ftrace.ts - the sample's tracer: counts calls, redirects one site.
import { asyncify_state, ftrace_set, nr_functions, print } from "../../host";
import { current } from "../sched/task";
import { rewind_id } from "./unwind";

export const ftrace_regs = memory.data(48, 8);
export let ftrace_graph_active: i32 = 0;
export let watchdog_fuel: i32 = 1000;
export let hits: u32 = 0;
let patched_site: u32 = 0;
let patched_body: u32 = 0;

/** Site to call for a traced site: old frames resume in old code. */
export function ftrace_caller(site: u32): u32 {
  if (asyncify_state == 2) return rewind_id();
  hits++;
  if (site == patched_site && current.patched) return patched_body;
  return site + nr_functions;
}

export function ftrace_return(site: u32, value: i64): void {
  print(0, 0, value);
}

export function attach(site: u32): void {
  ftrace_set(site, site + 2 * nr_functions);
}

export function patch(site: u32, body: u32): void {
  patched_site = site;
  patched_body = body;
  attach(site);
}
