// func_command.ts - commands in set_ftrace_filter: what to do when a function
// is called.
//
//   GLOB:traceon[:COUNT]     GLOB:traceoff[:COUNT]    recording on, off
//   GLOB:stacktrace[:COUNT]                           records the stack
//   GLOB:snapshot[:COUNT]                             buffer to the snapshot
//   GLOB:dump   GLOB:cpudump                          once: buffer to the log
//   GLOB:enable_event:GRP:EVENT[:COUNT]               switches an event that
//   GLOB:disable_event:GRP:EVENT[:COUNT]              waits, armed
//
// !GLOB:COMMAND removes those without a count, !GLOB:COMMAND:0 the others.
// They are no part of the filter: > leaves them alone.
// Mirrors the func_command part of Linux kernel/trace/ftrace.c.

import { Errno } from "../../abi";
import { SeqFile, seq_printf } from "../../fs/seq_file";
import { seq_site_name } from "./ftrace_show";
import { glob_match } from "../../lib/glob";
import { lit, strchr, streq_lit } from "../../lib/string";
import { kfree, kzalloc } from "../../mm/slab";
import { follow_calls, update_followed_calls } from "./follow_calls";
import { FtraceOps } from "./ftrace_caller";
import { FilterFile } from "./ftrace_filter";
import {
  add_sites_gone_hook,
  ftrace_ops_add_site,
  ftrace_ops_del_site,
  ftrace_watch_hash,
} from "./ftrace_ops";
import { FtraceHash } from "./ftrace_sites";
import { ftrace_nth_site, ftrace_sym, nr_ftrace_sites } from "./ftrace_sym";
import {
  FuncAction,
  FuncProbe,
  func_probe_bucket,
  function_trace_probe_call,
} from "./func_probe";
import { ftrace_settle } from "./settle";
import { tracing_alloc_snapshot, tracing_update_buffers } from "./trace_buffer";
import { trace_number, trace_parse_number } from "./trace_parser";
import { TraceKprobe } from "./trace_probe";

const probe_ops = changetype<FtraceOps>(memory.data(offsetof<FtraceOps>(), 4));
const probe_hash = changetype<FtraceHash>(
  memory.data(offsetof<FtraceHash>(), 4),
);

/** The probes' functions without those of events; trace_kprobe.ts. */
let find_event: ((group: usize, event: usize) => TraceKprobe | null) | null =
  null;
/** One more, or one less, command switches an event; 0 or -errno. */
let soft_mode: ((tk: TraceKprobe, on: bool) => i32) | null = null;

export function set_func_command_events(
  find: (group: usize, event: usize) => TraceKprobe | null,
  soft: (tk: TraceKprobe, on: bool) => i32,
): void {
  find_event = find;
  soft_mode = soft;
}

function action_name(action: u32): string {
  if (action == FuncAction.TRACEON) return "traceon";
  if (action == FuncAction.TRACEOFF) return "traceoff";
  if (action == FuncAction.STACKTRACE) return "stacktrace";
  if (action == FuncAction.DUMP) return "dump";
  if (action == FuncAction.ENABLE_EVENT) return "enable_event";
  if (action == FuncAction.SNAPSHOT) return "snapshot";
  return "disable_event";
}

function is_event_action(action: u32): bool {
  return (
    action == <u32>FuncAction.ENABLE_EVENT ||
    action == <u32>FuncAction.DISABLE_EVENT
  );
}

/** The command as written: what to do, how often, with which event. */
const wanted = changetype<FuncProbe>(memory.data(offsetof<FuncProbe>(), 8));

/** The word before the next ':', which is cut off; moves rest behind it. */
let rest: usize = 0;

function next_part(): usize {
  const part = rest;
  if (part == 0) return 0;
  const colon = strchr(part, 58);
  rest = colon == 0 ? 0 : colon + 1;
  if (colon != 0) store<u8>(colon, 0);
  return part;
}

function parse_action(name: usize): bool {
  // One CPU.
  if (streq_lit(name, "cpudump")) {
    wanted.action = FuncAction.DUMP;
    return true;
  }
  for (let i: u32 = 0; i < <u32>FuncAction.NR; i++) {
    if (!streq_lit(name, action_name(i))) continue;
    wanted.action = i;
    return true;
  }
  return false;
}

function parse_event(): bool {
  const group = next_part();
  const event = next_part();
  const find = find_event;
  if (group == 0 || event == 0 || find == null) return false;
  wanted.event = changetype<usize>(find(group, event));
  return wanted.event != 0;
}

function parse_count(): bool {
  const count = next_part();
  wanted.counted = count != 0 && load<u8>(count) != 0;
  if (!wanted.counted) return true;
  if (!trace_parse_number(count)) return false;
  wanted.count = trace_number;
  return true;
}

/** "COMMAND[:GRP:EVENT][:COUNT]", into wanted. */
function parse_command(text: usize): bool {
  rest = text;
  wanted.event = 0;
  if (!parse_action(next_part())) return false;
  if (is_event_action(wanted.action) && !parse_event()) return false;
  if (!parse_count()) return false;
  if (wanted.action == FuncAction.DUMP && !wanted.counted) {
    wanted.counted = true;
    wanted.count = 1;
  }
  return true;
}

/** The link to the probe of site that does the same, or to the list's end. */
function find_link(site: u32): usize {
  let link = func_probe_bucket(site);
  for (; load<usize>(link) != 0; link = load<usize>(link)) {
    const p = changetype<FuncProbe>(load<usize>(link));
    if (p.site != site || p.action != wanted.action) continue;
    if (p.event == wanted.event && p.counted == wanted.counted) break;
  }
  return link;
}

function site_has_probe(site: u32): bool {
  let at = load<usize>(func_probe_bucket(site));
  while (at != 0 && changetype<FuncProbe>(at).site != site) {
    at = load<usize>(at);
  }
  return at != 0;
}

/** What an action needs while somebody wants it; 0 or -errno. */
function prepare(p: FuncProbe): i32 {
  if (p.action == FuncAction.STACKTRACE) follow_calls(p.site, 1, true);
  const soft = soft_mode;
  if (p.event == 0 || soft == null) return 0;
  return soft(changetype<TraceKprobe>(p.event), true);
}

function cleanup(p: FuncProbe): void {
  if (p.action == FuncAction.STACKTRACE) follow_calls(p.site, -1, true);
  const soft = soft_mode;
  if (p.event != 0 && soft != null) {
    soft(changetype<TraceKprobe>(p.event), false);
  }
}

function add_probe(site: u32): i32 {
  const link = find_link(site);
  if (load<usize>(link) != 0) return 0;
  const at = kzalloc(offsetof<FuncProbe>());
  if (at == 0) return -Errno.ENOMEM;
  memory.copy(at, changetype<usize>(wanted), offsetof<FuncProbe>());
  const p = changetype<FuncProbe>(at);
  p.next = 0;
  p.site = site;
  let err = prepare(p);
  if (err == 0) {
    err = ftrace_ops_add_site(probe_ops, probe_hash, site);
    if (err != 0) cleanup(p);
  }
  if (err == 0) store<usize>(link, at);
  else kfree(at);
  return err;
}

function del_probe(link: usize): void {
  const p = changetype<FuncProbe>(load<usize>(link));
  store<usize>(link, p.next);
  if (!site_has_probe(p.site)) {
    ftrace_ops_del_site(probe_ops, probe_hash, p.site);
  }
  cleanup(p);
  kfree(changetype<usize>(p));
}

/** Does what wanted says at all functions that match; -EINVAL: at none. */
function for_matching(glob: usize, add: bool): i32 {
  let found = false;
  for (let i: u32 = 0; i < nr_ftrace_sites(); i++) {
    const site = ftrace_nth_site(i);
    const sym = ftrace_sym(site);
    if (sym == null || !glob_match(glob, sym.name)) continue;
    const link = find_link(site);
    if (!add && load<usize>(link) == 0) continue;
    found = true;
    if (!add) del_probe(link);
    else {
      const err = add_probe(site);
      if (err != 0) return err;
    }
  }
  return found ? 0 : -Errno.EINVAL;
}

/** "[!]GLOB:COMMAND…"; colon points behind GLOB. 0 or -errno. */
function ftrace_func_command(word: usize, colon: usize): i32 {
  const add = load<u8>(word) != 33;
  if (!add) word++;
  store<u8>(colon, 0);
  if (!parse_command(colon + 1)) return -Errno.EINVAL;
  let err = add ? tracing_update_buffers() : 0;
  const snapshots = wanted.action == FuncAction.SNAPSHOT;
  if (add && snapshots) err = tracing_alloc_snapshot();
  const stacks = wanted.action == FuncAction.STACKTRACE;
  // Deaf until callers are known.
  if (stacks) probe_ops.func = null;
  if (err == 0) err = for_matching(word, add);
  if (stacks) update_followed_calls();
  probe_ops.func = function_trace_probe_call;
  if (!add) ftrace_settle();
  return err;
}

/** Number i of all probes, in the order of their functions; or null. */
function nth_probe(i: u32): FuncProbe | null {
  for (let s: u32 = 0; s < nr_ftrace_sites(); s++) {
    const site = ftrace_nth_site(s);
    let at = load<usize>(func_probe_bucket(site));
    for (; at != 0; at = load<usize>(at)) {
      const p = changetype<FuncProbe>(at);
      if (p.site == site && i-- == 0) return p;
    }
  }
  return null;
}

function nr_commands(): u32 {
  let n: u32 = 0;
  for (let b: u32 = 0; b < 256; b++) {
    let at = load<usize>(func_probe_bucket(b));
    for (; at != 0; at = load<usize>(at)) n++;
  }
  return n;
}

function show_command(m: SeqFile, i: u32): void {
  const p = nth_probe(i);
  if (p == null) return;
  seq_site_name(m, p.site);
  seq_printf(m, ":%S", lit(action_name(p.action)));
  if (p.event != 0) {
    const tk = changetype<TraceKprobe>(p.event);
    seq_printf(m, ":%s:%s", tk.group, tk.event);
  }
  if (p.counted) seq_printf(m, ":count=%lu\n", p.count);
  else seq_printf(m, ":unlimited\n");
}

/** A module goes, and the commands on its functions with it. */
function probes_sites_gone(base: u32, n: u32): void {
  for (let b: u32 = 0; b < 256; b++) {
    let link = func_probe_bucket(b);
    while (load<usize>(link) != 0) {
      const site = changetype<FuncProbe>(load<usize>(link)).site;
      if (site >= base && site < base + n) del_probe(link);
      else link = load<usize>(link);
    }
  }
}

/** Gives the file of the filter its commands. */
export function func_command_init(filter: FilterFile): void {
  probe_ops.func = function_trace_probe_call;
  ftrace_watch_hash(probe_hash);
  add_sites_gone_hook(probes_sites_gone);
  filter.command = ftrace_func_command;
  filter.nr_commands = nr_commands;
  filter.show_command = show_command;
}
