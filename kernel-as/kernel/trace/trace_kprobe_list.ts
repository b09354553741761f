// trace_kprobe_list.ts - the probe events there are, and their switches.
//
// Probes with one name are one event: the first stands for it, the others
// hang on its sibling chain. They are armed, switched and removed together.
// Mirrors the dyn_event and trace_probe_event parts of Linux kernel/trace/.

import { Errno } from "../../abi";
import { strchr, strcmp } from "../../lib/string";
import { kfree, kstrndup } from "../../mm/slab";
import { kallsyms_table } from "../kallsyms";
import { disable_kprobe, enable_kprobe } from "../kprobes";
import { register_kprobe, unregister_kprobe } from "../kprobes";
import { KprobeFl } from "../kprobes_ftrace";
import { register_kretprobe, unregister_kretprobe } from "../kretprobes";
import { set_func_command_events } from "./func_command";
import { tracing_reset_all, tracing_update_buffers } from "./trace_buffer";
import {
  trace_event_add,
  trace_event_remove,
  trace_event_replace,
} from "./trace_events";
import {
  TraceKprobe,
  kprobe_dispatcher,
  kretprobe_dispatcher,
  probe_arg,
} from "./trace_probe";

/** Probes, oldest first. */
let dyn_events: usize = 0;

export function tk_at(at: usize): TraceKprobe {
  return changetype<TraceKprobe>(at);
}

export function first_trace_kprobe(): usize {
  return dyn_events;
}

/** The first probe of an event; group 0: of any group. */
export function find_trace_kprobe(
  event: usize,
  group: usize,
): TraceKprobe | null {
  for (let at = dyn_events; at != 0; at = tk_at(at).next) {
    const tk = tk_at(at);
    if (strcmp(tk.event, event) != 0) continue;
    if (group == 0 || strcmp(tk.group, group) == 0) return tk;
  }
  return null;
}

export function free_trace_kprobe(tk: TraceKprobe): void {
  for (let i: u32 = 0; i < tk.nr_args; i++) {
    kfree(probe_arg(tk, i).name);
    kfree(probe_arg(tk, i).text);
  }
  kfree(tk.rp.kp.symbol_name);
  kfree(changetype<usize>(tk.rp));
  kfree(tk.group);
  kfree(tk.event);
  kfree(tk.symbol);
  kfree(changetype<usize>(tk));
}

/** Puts a probe in place, off unless its event is on; 0 or -errno. */
export function register_probe(tk: TraceKprobe): i32 {
  const kp = tk.rp.kp;
  if (kp.symbol_name != 0) kp.addr = 0;
  kp.flags = tk.enabled ? 0 : KprobeFl.DISABLED;
  let err = 0;
  if (tk.is_ret) {
    tk.rp.handler = kretprobe_dispatcher;
    err = register_kretprobe(tk.rp);
  } else {
    kp.pre_handler = kprobe_dispatcher;
    err = register_kprobe(kp);
  }
  tk.waits = err != 0;
  return err;
}

/** Whether name is "MODULE:SYM" for that module, or (module 0) for any that
 * is not loaded. */
export function probes_module(name: usize, module: usize): bool {
  const colon = strchr(name, 58);
  if (colon == 0) return false;
  const own = kstrndup(name, <u32>(colon - name));
  if (own == 0) return false;
  const yes =
    module == 0 ? kallsyms_table(own) == null : strcmp(own, module) == 0;
  kfree(own);
  return yes;
}

/** A module has come: the probes on its functions are put in place. */
export function trace_kprobes_coming(module: usize): void {
  for (let at = dyn_events; at != 0; at = tk_at(at).next) {
    const tk = tk_at(at);
    if (!probes_module(tk.symbol, module)) continue;
    unregister_trace_kprobe(tk);
    register_probe(tk);
  }
}

export function unregister_trace_kprobe(tk: TraceKprobe): void {
  if (tk.waits) return;
  if (tk.is_ret) unregister_kretprobe(tk.rp);
  else unregister_kprobe(tk.rp.kp);
}

/** One more probe of first's event, which may be on already. */
function join_event(tk: TraceKprobe, first: TraceKprobe): i32 {
  tk.dir = first.dir;
  tk.attr = first.attr;
  tk.id = first.id;
  if (first.enabled) {
    const err = arm(tk);
    if (err != 0) return err;
  }
  tk.soft_disabled = first.soft_disabled;
  let last = first;
  while (last.sibling != 0) last = tk_at(last.sibling);
  last.sibling = changetype<usize>(tk);
  return 0;
}

/** Makes a probe a new event, or one more of the event with its name. */
export function link_event(tk: TraceKprobe): i32 {
  const first = find_trace_kprobe(tk.event, tk.group);
  const err = first == null ? trace_event_add(tk) : join_event(tk, first);
  if (err != 0) return err;
  if (dyn_events == 0) {
    dyn_events = changetype<usize>(tk);
    return 0;
  }
  let last = tk_at(dyn_events);
  while (last.next != 0) last = tk_at(last.next);
  last.next = changetype<usize>(tk);
  return 0;
}

function unlink_event(tk: TraceKprobe): void {
  const at = changetype<usize>(tk);
  if (dyn_events == at) dyn_events = tk.next;
  for (let b = dyn_events; b != 0; b = tk_at(b).next) {
    if (tk_at(b).next == at) tk_at(b).next = tk.next;
    if (tk_at(b).sibling == at) tk_at(b).sibling = tk.sibling;
  }
}

export function delete_probe(tk: TraceKprobe): void {
  unlink_event(tk);
  unregister_trace_kprobe(tk);
  const left = find_trace_kprobe(tk.event, tk.group);
  if (left == null) trace_event_remove(tk);
  else trace_event_replace(tk, left);
  // Records point to it.
  tracing_reset_all();
  free_trace_kprobe(tk);
}

/** Removes the probes of first's event, or only those on symbol. */
export function delete_probes(first: TraceKprobe, symbol: usize): i32 {
  if (first.enabled) return -Errno.EBUSY;
  let err = -Errno.ENOENT;
  for (let at = changetype<usize>(first); at != 0;) {
    const tk = tk_at(at);
    at = tk.sibling;
    if (symbol != 0 && strcmp(tk.symbol, symbol) != 0) continue;
    delete_probe(tk);
    err = 0;
  }
  return err;
}

/** Removes all events; -EBUSY, and none goes, when one is enabled. */
export function release_all_trace_kprobes(): i32 {
  for (let at = dyn_events; at != 0; at = tk_at(at).next) {
    if (tk_at(at).enabled) return -Errno.EBUSY;
  }
  while (dyn_events != 0) delete_probe(tk_at(dyn_events));
  return 0;
}

function arm(tk: TraceKprobe): i32 {
  let err = tracing_update_buffers();
  if (err == 0 && !tk.waits) err = enable_kprobe(tk.rp.kp);
  if (err == 0) tk.enabled = true;
  return err;
}

function disarm(tk: TraceKprobe): void {
  if (!tk.waits) disable_kprobe(tk.rp.kp);
  tk.enabled = false;
}

/** Arms all probes of an event or none; 0 or -errno. */
function arm_event(first: TraceKprobe): i32 {
  for (let at = changetype<usize>(first); at != 0; at = tk_at(at).sibling) {
    const err = arm(tk_at(at));
    if (err == 0) continue;
    disarm_event(first);
    return err;
  }
  return 0;
}

function disarm_event(first: TraceKprobe): void {
  for (let at = changetype<usize>(first); at != 0; at = tk_at(at).sibling) {
    if (tk_at(at).enabled) disarm(tk_at(at));
  }
}

function set_soft_disabled(first: TraceKprobe, on: bool): void {
  for (let at = changetype<usize>(first); at != 0; at = tk_at(at).sibling) {
    tk_at(at).soft_disabled = on;
  }
}

/** What a user writes to the event's file enable; 0 or -errno. */
export function trace_kprobe_enable(tk: TraceKprobe, on: bool): i32 {
  const first = <TraceKprobe>find_trace_kprobe(tk.event, tk.group);
  if (first.soft_refs != 0) set_soft_disabled(first, !on);
  else if (first.enabled != on) {
    if (on) return arm_event(first);
    disarm_event(first);
  }
  return 0;
}

/** One more or one less command of set_ftrace_filter switches the event: it is
 * armed meanwhile. */
function trace_kprobe_soft_mode(first: TraceKprobe, on: bool): i32 {
  if (!on) {
    if (--first.soft_refs != 0 || !first.soft_disabled) return 0;
    set_soft_disabled(first, false);
    disarm_event(first);
    return 0;
  }
  if (first.soft_refs == 0 && !first.enabled) {
    const err = arm_event(first);
    if (err != 0) return err;
    set_soft_disabled(first, true);
  }
  first.soft_refs++;
  return 0;
}

function find_grouped_event(group: usize, event: usize): TraceKprobe | null {
  return find_trace_kprobe(event, group);
}

export function trace_kprobe_list_init(): void {
  set_func_command_events(find_grouped_event, trace_kprobe_soft_mode);
}
