// trace_kprobe.ts - probe events: made, removed, switched on and off.
//
//   p[:[GRP/][EVENT]] [MOD:]SYM[+0] [ARGS]        on entry
//   r[MAX][:[GRP/][EVENT]] [MOD:]SYM [ARGS]       on return; also SYM%return
//   -:[GRP/]EVENT                                 removes
//
// Differences from Linux: a name is one probe; a module must be loaded.
// Mirrors Linux kernel/trace/trace_kprobe.c.

import { Errno } from "../../abi";
import { isdigit, strchr, strcmp, strlen, strstr } from "../../lib/string";
import { snprintf } from "../../lib/vsprintf";
import { kfree, kstrdup, kstrdup_lit, kzalloc } from "../../mm/slab";
import { kprobe_lookup_symbol, register_kprobe } from "../kprobes";
import { disable_kprobe, enable_kprobe, unregister_kprobe } from "../kprobes";
import { KprobeFl } from "../kprobes_ftrace";
import {
  MAXACTIVE_MAX,
  register_kretprobe,
  unregister_kretprobe,
} from "../kretprobes";
import { Kretprobe } from "../kretprobes_ftrace";
import {
  ftrace_nth_site,
  ftrace_site_addr,
  nr_ftrace_sites,
} from "./ftrace_sym";
import { set_func_command_events } from "./func_command";
import { tracing_reset, tracing_update_buffers } from "./trace_buffer";
import { trace_event_add, trace_event_remove } from "./trace_events";
import { trace_get_user, trace_parser_start } from "./trace_parser";
import { trace_number, trace_parse_number } from "./trace_parser";
import {
  MAX_ARGS,
  ProbeArg,
  TraceKprobe,
  kprobe_dispatcher,
  kretprobe_dispatcher,
  probe_arg,
} from "./trace_probe";
import {
  is_good_name,
  trace_probe_log_err,
  trace_probe_log_init,
  traceprobe_parse_arg,
} from "./trace_probe_args";

/** Events, oldest first. */
let dyn_events: usize = 0;
const MAX_NAME: u32 = 64;
const RETURN_SUFFIX = memory.data<u8>([37, 114, 101, 116, 117, 114, 110, 0]);

export function first_trace_kprobe(): usize {
  return dyn_events;
}

function tk_at(at: usize): TraceKprobe {
  return changetype<TraceKprobe>(at);
}

function find_trace_kprobe(event: usize, group: usize): TraceKprobe | null {
  for (let at = dyn_events; at != 0; at = tk_at(at).next) {
    const tk = tk_at(at);
    if (strcmp(tk.event, event) != 0) continue;
    if (group == 0 || strcmp(tk.group, group) == 0) return tk;
  }
  return null;
}

function alloc_trace_kprobe(): TraceKprobe | null {
  const size = offsetof<TraceKprobe>() + MAX_ARGS * offsetof<ProbeArg>();
  const tk = tk_at(kzalloc(size));
  if (changetype<usize>(tk) == 0) return null;
  tk.rp = changetype<Kretprobe>(kzalloc(offsetof<Kretprobe>()));
  if (changetype<usize>(tk.rp) != 0) {
    tk.rp.data = changetype<usize>(tk);
    return tk;
  }
  kfree(changetype<usize>(tk));
  return null;
}

function free_trace_kprobe(tk: TraceKprobe): void {
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

// The command's first word: p, r10, and the event's name.

function parse_maxactive(tk: TraceKprobe, word: usize): i32 {
  if (load<u8>(word + 1) == 0) return 0;
  if (!tk.is_ret) {
    return trace_probe_log_err(word + 1, "Maxactive is not for kprobe");
  }
  if (!isdigit(load<u8>(word + 1)) || !trace_parse_number(word + 1)) {
    return trace_probe_log_err(word + 1, "Invalid maxactive number");
  }
  if (trace_number > MAXACTIVE_MAX) {
    return trace_probe_log_err(word + 1, "Maxactive is too big");
  }
  tk.rp.maxactive = <u32>trace_number;
  return 0;
}

/** "[GRP/][EVENT]" */
function parse_event_name(tk: TraceKprobe, name: usize): i32 {
  const slash = strchr(name, 47);
  if (slash != 0) {
    store<u8>(slash, 0);
    if (slash == name) {
      return trace_probe_log_err(name, "Group name is not specified");
    }
    if (strlen(name) >= MAX_NAME) {
      return trace_probe_log_err(name, "Group name is too long");
    }
    if (!is_good_name(name)) {
      const text = "Group name must follow the same rules as C identifiers";
      return trace_probe_log_err(name, text);
    }
    tk.group = kstrdup(name);
    name = slash + 1;
    if (load<u8>(name) == 0) return 0;
  }
  if (load<u8>(name) == 0) {
    return trace_probe_log_err(name, "Event name is not specified");
  }
  if (strlen(name) >= MAX_NAME) {
    return trace_probe_log_err(name, "Event name is too long");
  }
  if (!is_good_name(name)) {
    const text = "Event name must follow the same rules as C identifiers";
    return trace_probe_log_err(name, text);
  }
  tk.event = kstrdup(name);
  return 0;
}

function parse_head(tk: TraceKprobe, word: usize): i32 {
  tk.is_ret = load<u8>(word) == 114;
  const colon = strchr(word, 58);
  if (colon != 0) store<u8>(colon, 0);
  const err = parse_maxactive(tk, word);
  if (err != 0 || colon == 0) return err;
  return parse_event_name(tk, colon + 1);
}

/** The site whose address is shown as addr, or 0. */
function site_of_addr(addr: u64): u32 {
  for (let i: u32 = 0; i < nr_ftrace_sites(); i++) {
    const site = ftrace_nth_site(i);
    if (ftrace_site_addr(site) == addr) return site;
  }
  return 0;
}

/** "SYM+offs", "SYM%return" or an address. */
function parse_symbol(tk: TraceKprobe, word: usize): i32 {
  const suffix = strstr(word, RETURN_SUFFIX);
  if (suffix != 0 && load<u8>(suffix + 7) == 0) {
    store<u8>(suffix, 0);
    tk.is_ret = true;
  }
  tk.symbol = kstrdup(word);
  const kp = tk.rp.kp;
  if (trace_parse_number(word)) {
    kp.addr = site_of_addr(trace_number);
    if (kp.addr != 0) return 0;
    return trace_probe_log_err(word, "Invalid probed address or symbol");
  }
  const plus = strchr(word, 43);
  if (plus != 0) {
    store<u8>(plus, 0);
    if (!trace_parse_number(plus + 1) || trace_number > u32.MAX_VALUE) {
      return trace_probe_log_err(plus, "Invalid probed address or symbol");
    }
    kp.offset = <u32>trace_number;
  }
  if (kprobe_lookup_symbol(word) == null) {
    return trace_probe_log_err(word, "Invalid probed address or symbol");
  }
  if (kp.offset != 0 && tk.is_ret) {
    const text = "Retprobe address must be an function entry";
    return trace_probe_log_err(word, text);
  }
  kp.symbol_name = kstrdup(word);
  return 0;
}

/** What the user left out: kprobes/p_SYMBOL_0. */
function default_names(tk: TraceKprobe): i32 {
  if (tk.group == 0) tk.group = kstrdup_lit("kprobes");
  if (tk.event == 0) {
    const size = strlen(tk.symbol) + 16;
    const name = kzalloc(size);
    const kind: u64 = tk.is_ret ? 114 : 112;
    if (name != 0) {
      snprintf(name, size, "%c_%s_%u", kind, tk.symbol, tk.rp.kp.offset);
      for (let p = name; load<u8>(p) != 0; p++) {
        const c = load<u8>(p);
        if (c == 58 || c == 43 || c == 46) store<u8>(p, 95);
      }
    }
    tk.event = name;
  }
  return tk.group == 0 || tk.event == 0 ? -Errno.ENOMEM : 0;
}

function register_trace_kprobe(tk: TraceKprobe, where: usize): i32 {
  tk.rp.kp.flags = KprobeFl.DISABLED;
  let err = 0;
  if (tk.is_ret) {
    tk.rp.handler = kretprobe_dispatcher;
    err = register_kretprobe(tk.rp);
  } else {
    tk.rp.kp.pre_handler = kprobe_dispatcher;
    err = register_kprobe(tk.rp.kp);
  }
  if (err == -Errno.EILSEQ) {
    const text = "Probe point is not an instruction boundary";
    trace_probe_log_err(where, text);
  } else if (err != 0 && err != -Errno.ENOMEM) {
    trace_probe_log_err(where, "Failed to register probe event");
  }
  return err;
}

function unregister_trace_kprobe(tk: TraceKprobe): void {
  if (tk.is_ret) unregister_kretprobe(tk.rp);
  else unregister_kprobe(tk.rp.kp);
}

function link_event(tk: TraceKprobe): void {
  if (dyn_events == 0) {
    dyn_events = changetype<usize>(tk);
    return;
  }
  let last = tk_at(dyn_events);
  while (last.next != 0) last = tk_at(last.next);
  last.next = changetype<usize>(tk);
}

function unlink_event(tk: TraceKprobe): void {
  if (dyn_events == changetype<usize>(tk)) {
    dyn_events = tk.next;
    return;
  }
  let before = tk_at(dyn_events);
  while (before.next != changetype<usize>(tk)) before = tk_at(before.next);
  before.next = tk.next;
}

function parse_words(tk: TraceKprobe, head: usize): i32 {
  let err = parse_head(tk, head);
  if (err != 0) return err;
  const where = trace_get_user();
  if (where == 0) {
    return trace_probe_log_err(head, "No probed address or symbol");
  }
  err = parse_symbol(tk, where);
  if (err == 0) err = default_names(tk);
  if (err != 0) return err;
  if (find_trace_kprobe(tk.event, tk.group) != null) {
    const text = "Given group/event name is already used by another event";
    trace_probe_log_err(head, text);
    return -Errno.EEXIST;
  }
  for (let w = trace_get_user(); w != 0 && err == 0; w = trace_get_user()) {
    if (tk.nr_args == MAX_ARGS) {
      trace_probe_log_err(w, "Too many arguments are specified");
      return -Errno.E2BIG;
    }
    err = traceprobe_parse_arg(tk, w);
  }
  return err != 0 ? err : register_trace_kprobe(tk, where);
}

function trace_kprobe_create(head: usize): i32 {
  const tk = alloc_trace_kprobe();
  if (tk == null) return -Errno.ENOMEM;
  let err = parse_words(tk, head);
  if (err == 0) {
    err = trace_event_add(tk);
    if (err != 0) unregister_trace_kprobe(tk);
  }
  if (err == 0) link_event(tk);
  else free_trace_kprobe(tk);
  return err;
}

function delete_event(tk: TraceKprobe): i32 {
  if (tk.enabled) return -Errno.EBUSY;
  unlink_event(tk);
  unregister_trace_kprobe(tk);
  trace_event_remove(tk);
  // Records point to it.
  tracing_reset();
  free_trace_kprobe(tk);
  return 0;
}

/** "-:[GRP/]EVENT" */
function trace_kprobe_delete(head: usize): i32 {
  if (load<u8>(head + 1) != 58) return -Errno.EINVAL;
  let event = head + 2;
  let group: usize = 0;
  const slash = strchr(event, 47);
  if (slash != 0) {
    store<u8>(slash, 0);
    group = event;
    event = slash + 1;
  }
  const tk = find_trace_kprobe(event, group);
  if (tk == null) return -Errno.ENOENT;
  return delete_event(tk);
}

/** One line of kprobe_events; 0 or -errno. */
export function create_or_delete_trace_kprobe(line: usize): i32 {
  const original = kstrdup(line);
  if (original == 0) return -Errno.ENOMEM;
  trace_probe_log_init(original, line);
  trace_parser_start(line);
  const head = trace_get_user();
  let err = 0;
  if (head != 0 && load<u8>(head) != 35) {
    const c = load<u8>(head);
    if (c == 45) err = trace_kprobe_delete(head);
    else if (c == 112 || c == 114) err = trace_kprobe_create(head);
    else err = -Errno.EINVAL;
  }
  kfree(original);
  return err;
}

/** Removes all events; -EBUSY, and none goes, when one is enabled. */
export function release_all_trace_kprobes(): i32 {
  for (let at = dyn_events; at != 0; at = tk_at(at).next) {
    if (tk_at(at).enabled) return -Errno.EBUSY;
  }
  while (dyn_events != 0) delete_event(tk_at(dyn_events));
  return 0;
}

function arm(tk: TraceKprobe): i32 {
  let err = tracing_update_buffers();
  if (err == 0) err = enable_kprobe(tk.rp.kp);
  if (err == 0) tk.enabled = true;
  return err;
}

function disarm(tk: TraceKprobe): i32 {
  const err = disable_kprobe(tk.rp.kp);
  if (err == 0) tk.enabled = false;
  return err;
}

/** What a user writes to the event's file enable; 0 or -errno. */
export function trace_kprobe_enable(tk: TraceKprobe, on: bool): i32 {
  if (tk.soft_refs != 0) {
    tk.soft_disabled = !on;
    return 0;
  }
  if (tk.enabled == on) return 0;
  return on ? arm(tk) : disarm(tk);
}

/** One more or one less command of set_ftrace_filter switches the event: it is
 * armed meanwhile. */
function trace_kprobe_soft_mode(tk: TraceKprobe, on: bool): i32 {
  if (!on) {
    if (--tk.soft_refs != 0 || !tk.soft_disabled) return 0;
    tk.soft_disabled = false;
    return disarm(tk);
  }
  if (tk.soft_refs == 0 && !tk.enabled) {
    const err = arm(tk);
    if (err != 0) return err;
    tk.soft_disabled = true;
  }
  tk.soft_refs++;
  return 0;
}

export function trace_kprobe_commands_init(): void {
  set_func_command_events(find_grouped_event, trace_kprobe_soft_mode);
}

function find_grouped_event(group: usize, event: usize): TraceKprobe | null {
  return find_trace_kprobe(event, group);
}
