import { print } from "../../host";
import { schedule } from "../../kernel/sched/core";
import { current, State } from "../../kernel/sched/task";

type ShowFunc = (arg: i32) => i32;

@unmanaged
class ProcOps {
  show: ShowFunc;
  mode: u16;
}

const LIMIT = 100;
const table = memory.data<u32>([1, 10, 100, 1000]);
const buffer = memory.data(256, 8);
const ops = memory.data(offsetof<ProcOps>(), 4);
const names: StaticArray<string> = ["MemTotal", "MemFree"];
const shows: StaticArray<ShowFunc> = [show_total, show_free];
let opened: i32 = State.SLEEPING;

function pr(s: string, value: i64): void {
  print(changetype<usize>(s), s.length, value);
}

export function clamp_value(v: i32): i32 {
  return v > LIMIT ? LIMIT : v;
}

export function show_total(arg: i32): i32 {
  pr(names[0], arg);
  return clamp_value(arg * 2) + <i32>load<u32>(table + 4);
}

export function show_free(arg: i32): i32 {
  pr(names[1], arg);
  return arg;
}

export function meminfo_proc_show(depth: i32): i32 {
  pr("enter", depth);
  const value = clamp_value(depth * 60);
  if (depth > 0) meminfo_proc_show(depth - 1);
  schedule();
  opened += State.SLEEPING;
  store<i32>(buffer, value);
  pr("leave", value);
  return value;
}

export function proc_init(): void {
  const o = changetype<ProcOps>(ops);
  o.show = show_total;
  o.mode = 0o444;
}

export function proc_read(which: i32, arg: i32): i32 {
  if (which == 2) return changetype<ProcOps>(ops).show(arg);
  return shows[which](arg);
}

export function worker(n: i32): i32 {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += meminfo_proc_show(i);
  pr("worker done", sum);
  return sum + <i32>current.flags;
}

export function set_show(f: ShowFunc): void {
  changetype<ProcOps>(ops).show = f;
}
