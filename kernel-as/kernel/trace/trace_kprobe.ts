// trace_kprobe.ts - probe events: made, removed, switched on and off.
//
//   p[:[GRP/][EVENT]] [MOD:]SYM[+0]|ADDR [ARGS]   on entry
//   r[MAX][:[GRP/][EVENT]] [MOD:]SYM [ARGS]       on return; also SYM%return
//   -:[GRP/][EVENT] [[MOD:]SYM]                   removes all, or those of SYM
//
// An event may have several probes, with the same arguments. A probe on MOD:SYM
// waits for its module.
// Mirrors Linux kernel/trace/trace_kprobe.c.

import { Errno } from "../../abi";
import { isdigit, strchr, strcmp, streq_lit, strlen } from "../../lib/string";
import { snprintf } from "../../lib/vsprintf";
import { kfree, kstrdup, kstrdup_lit, kzalloc } from "../../mm/slab";
import { KsymTable, ksym_find, vmlinux_syms } from "../kallsyms";
import { kprobe_lookup_symbol } from "../kprobes";
import { pr_warn } from "../printk/printk";
import { MAXACTIVE_MAX } from "../kretprobes";
import { Kretprobe } from "../kretprobes_ftrace";
import {
  ftrace_nth_site,
  ftrace_site_addr,
  nr_ftrace_sites,
} from "./ftrace_sym";
import {
  delete_probe,
  delete_probes,
  find_trace_kprobe,
  first_trace_kprobe,
  free_trace_kprobe,
  link_event,
  probes_module,
  register_probe,
  tk_at,
  unregister_trace_kprobe,
} from "./trace_kprobe_list";
import { trace_get_user, trace_parser_start } from "./trace_parser";
import { trace_number, trace_parse_number } from "./trace_parser";
import { MAX_ARGS, ProbeArg, TraceKprobe, probe_arg } from "./trace_probe";
import {
  is_good_name,
  is_good_system_name,
  trace_probe_log_err,
  trace_probe_log_init,
  traceprobe_parse_arg,
} from "./trace_probe_args";

const MAX_NAME: u32 = 64;

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

// The command's first word: p, r10, and the event's name.

function parse_maxactive(tk: TraceKprobe, word: usize): i32 {
  if (load<u8>(word + 1) == 0) return 0;
  if (!tk.is_ret) {
    return trace_probe_log_err(word + 1, "Maxactive is only for function exit");
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

function parse_group_name(tk: TraceKprobe, name: usize): i32 {
  if (load<u8>(name) == 0) {
    return trace_probe_log_err(name, "Group name is not specified");
  }
  if (strlen(name) >= MAX_NAME) {
    return trace_probe_log_err(name, "Group name is too long");
  }
  if (!is_good_system_name(name)) {
    const text = "Group name must follow the same rules as C identifiers";
    return trace_probe_log_err(name, text);
  }
  tk.group = kstrdup(name);
  return 0;
}

/** "[GRP/][EVENT]"; a dot does for the slash. */
function parse_event_name(tk: TraceKprobe, name: usize): i32 {
  let slash = strchr(name, 47);
  if (slash == 0) slash = strchr(name, 46);
  if (slash != 0) {
    store<u8>(slash, 0);
    const err = parse_group_name(tk, name);
    name = slash + 1;
    if (err != 0 || load<u8>(name) == 0) return err;
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

/** An address that is no function's stays 0: it cannot be registered. */
function parse_address(tk: TraceKprobe, word: usize): i32 {
  tk.symbol = kstrdup(word);
  tk.rp.kp.addr = site_of_addr(trace_number);
  return tk.symbol == 0 ? -Errno.ENOMEM : 0;
}

/** Symbols called name in the kernel and in all modules; at most 2. */
function number_of_same_symbols(name: usize): u32 {
  let n: u32 = 0;
  let at = changetype<usize>(vmlinux_syms());
  for (; at != 0 && n < 2; at = load<usize>(at)) {
    const table = changetype<KsymTable>(at);
    if (ksym_find(table, name, 1) != null) n++;
    if (ksym_find(table, name, 2) != null) n++;
  }
  return n;
}

/** "[MOD:]SYM": 0, -ENOENT, or -EADDRNOTAVAIL when it could be several. */
function validate_probe_symbol(symbol: usize): i32 {
  if (strchr(symbol, 58) != 0) {
    const known = kprobe_lookup_symbol(symbol) != null;
    return known || probes_module(symbol, 0) ? 0 : -Errno.ENOENT;
  }
  const n = number_of_same_symbols(symbol);
  if (n > 1) return -Errno.EADDRNOTAVAIL;
  return n == 0 ? -Errno.ENOENT : 0;
}

/** Cuts "%return" off; any other suffix of that kind is wrong. */
function parse_suffix(tk: TraceKprobe, word: usize): i32 {
  const percent = strchr(word, 37);
  if (percent == 0) return 0;
  if (!streq_lit(percent, "%return")) {
    return trace_probe_log_err(percent, "Invalid probed address suffix");
  }
  store<u8>(percent, 0);
  tk.is_ret = true;
  return 0;
}

/** "SYM+offs", "SYM%return" or an address. */
function parse_symbol(tk: TraceKprobe, word: usize): i32 {
  if (trace_parse_number(word)) return parse_address(tk, word);
  let err = parse_suffix(tk, word);
  if (err != 0) return err;
  const kp = tk.rp.kp;
  const plus = strchr(word, 43);
  if (plus != 0) {
    store<u8>(plus, 0);
    if (!trace_parse_number(plus + 1) || trace_number > u32.MAX_VALUE) {
      return trace_probe_log_err(word, "Invalid probed address or symbol");
    }
    kp.offset = <u32>trace_number;
  }
  tk.symbol = kstrdup(word);
  err = validate_probe_symbol(word);
  if (err == -Errno.EADDRNOTAVAIL) {
    trace_probe_log_err(word, "The symbol is not unique");
    return err;
  }
  if (err != 0) {
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
    const kp = tk.rp.kp;
    if (name != 0) {
      const format = kp.symbol_name == 0 ? "%c_%s" : "%c_%s_%u";
      snprintf(name, size, format, kind, tk.symbol, kp.offset);
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
  if (probes_module(tk.symbol, 0)) {
    tk.waits = true;
    pr_warn(
      "trace_kprobe: This probe might be able to register after target module is loaded. Continue.\n",
    );
    return 0;
  }
  const err = register_probe(tk);
  if (err == -Errno.EILSEQ) {
    const text = "Probe point is not an instruction boundary";
    trace_probe_log_err(where, text);
  } else if (err != 0 && err != -Errno.ENOMEM) {
    trace_probe_log_err(where, "Failed to register probe event");
  }
  return err;
}

/** The arguments of the event that tk is added to are other ones. */
function check_same_args(tk: TraceKprobe, first: TraceKprobe, at: usize): i32 {
  let same = tk.nr_args == first.nr_args;
  for (let i: u32 = 0; same && i < tk.nr_args; i++) {
    const a = probe_arg(tk, i);
    const b = probe_arg(first, i);
    same = strcmp(a.name, b.name) == 0 && a.type == b.type && a.size == b.size;
  }
  if (same) return 0;
  const text = "Argument type or name is different from existing probe";
  trace_probe_log_err(at, text);
  return -Errno.EEXIST;
}

function is_same_probe(a: TraceKprobe, b: TraceKprobe): bool {
  if (strcmp(a.symbol, b.symbol) != 0) return false;
  for (let i: u32 = 0; i < a.nr_args; i++) {
    if (strcmp(probe_arg(a, i).text, probe_arg(b, i).text) != 0) return false;
  }
  return true;
}

/** Whether tk may become one more probe of first's event; 0 or -errno. */
function check_sibling(tk: TraceKprobe, first: TraceKprobe, at: usize): i32 {
  if (tk.is_ret != first.is_ret) {
    trace_probe_log_err(at, "Probe type is different from existing probe");
    return -Errno.EEXIST;
  }
  const err = check_same_args(tk, first, at);
  if (err != 0) return err;
  for (let b = changetype<usize>(first); b != 0; b = tk_at(b).sibling) {
    if (!is_same_probe(tk, tk_at(b))) continue;
    trace_probe_log_err(at, "There is already the exact same probe event");
    return -Errno.EEXIST;
  }
  return 0;
}

function parse_args(tk: TraceKprobe): i32 {
  let err = 0;
  for (let w = trace_get_user(); w != 0 && err == 0; w = trace_get_user()) {
    if (tk.nr_args == MAX_ARGS) {
      trace_probe_log_err(w, "Too many arguments are specified");
      return -Errno.E2BIG;
    }
    err = traceprobe_parse_arg(tk, w);
  }
  return err;
}

function parse_words(tk: TraceKprobe, head: usize): i32 {
  let err = parse_head(tk, head);
  if (err != 0) return err;
  const where = trace_get_user();
  if (where == 0) return -Errno.EINVAL;
  err = parse_symbol(tk, where);
  if (err == 0) err = default_names(tk);
  if (err == 0) err = parse_args(tk);
  if (err != 0) return err;
  const first = find_trace_kprobe(tk.event, tk.group);
  if (first != null) err = check_sibling(tk, first, head);
  return err != 0 ? err : register_trace_kprobe(tk, where);
}

function trace_kprobe_create(head: usize): i32 {
  const tk = alloc_trace_kprobe();
  if (tk == null) return -Errno.ENOMEM;
  let err = parse_words(tk, head);
  if (err == 0) {
    err = link_event(tk);
    if (err != 0) unregister_trace_kprobe(tk);
  }
  if (err != 0) free_trace_kprobe(tk);
  return err;
}

function delete_event(event: usize, group: usize, symbol: usize): i32 {
  const tk = find_trace_kprobe(event, group);
  return tk == null ? -Errno.ENOENT : delete_probes(tk, symbol);
}

/** All events of a group, up to the first that is enabled. */
function delete_group(group: usize, symbol: usize): i32 {
  let err = -Errno.ENOENT;
  let at = first_trace_kprobe();
  while (at != 0) {
    const tk = tk_at(at);
    at = tk.next;
    if (strcmp(tk.group, group) != 0) continue;
    if (symbol != 0 && strcmp(tk.symbol, symbol) != 0) continue;
    if (tk.enabled) return -Errno.EBUSY;
    delete_probe(tk);
    err = 0;
  }
  return err;
}

/** "-:[GRP/][EVENT] [SYM]" */
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
  const symbol = trace_get_user();
  if (load<u8>(event) != 0) return delete_event(event, group, symbol);
  return group == 0 ? -Errno.EINVAL : delete_group(group, symbol);
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
