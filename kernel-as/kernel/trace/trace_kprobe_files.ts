// trace_kprobe_files.ts - kprobe_events, kprobe_profile, and how the records
// of probe events print. Linux: in kernel/trace/trace_kprobe.c.

import { SeqFile, seq_printf, seq_putc, seq_puts } from "../../fs/seq_file";
import { lit } from "../../lib/string";
import { error_log_init } from "./error_log";
import { TraceEntry } from "./ring_buffer";
import { TraceAttr, trace_create_attr } from "./trace_attr";
import { trace_events_init } from "./trace_events";
import { create_or_delete_trace_kprobe } from "./trace_kprobe";
import {
  first_trace_kprobe,
  release_all_trace_kprobes,
  trace_kprobe_enable,
  trace_kprobe_list_init,
} from "./trace_kprobe_list";
import { seq_print_ip_sym, set_print_kprobe } from "./trace_output";
import {
  KprobeEntry,
  ProbeArg,
  ProbeType,
  TraceKprobe,
  probe_arg,
} from "./trace_probe";

function show_command(m: SeqFile, tk: TraceKprobe): void {
  if (tk.is_ret) seq_printf(m, "r%u", tk.rp.maxactive);
  else seq_putc(m, 112);
  seq_printf(m, ":%s/%s %s", tk.group, tk.event, tk.symbol);
  for (let i: u32 = 0; i < tk.nr_args; i++) {
    const arg = probe_arg(tk, i);
    seq_printf(m, " %s=%s", arg.name, arg.text);
  }
  seq_putc(m, 10);
}

function probes_seq_show(m: SeqFile, _v: usize): i32 {
  for (let at = first_trace_kprobe(); at != 0; at = load<usize>(at)) {
    show_command(m, changetype<TraceKprobe>(at));
  }
  return 0;
}

function probes_profile_seq_show(m: SeqFile, _v: usize): i32 {
  for (let at = first_trace_kprobe(); at != 0; at = load<usize>(at)) {
    const tk = changetype<TraceKprobe>(at);
    const missed: u64 = tk.rp.kp.nmissed + tk.rp.nmissed;
    seq_printf(m, "  %-44s %15lu %15lu\n", tk.event, tk.nhit, missed);
  }
  return 0;
}

/** Line by line; the first error ends it. */
function probes_write(_attr: TraceAttr, text: usize): i32 {
  let err = 0;
  while (err == 0 && load<u8>(text) != 0) {
    let end = text;
    while (load<u8>(end) != 0 && load<u8>(end) != 10) end++;
    const more = load<u8>(end) != 0;
    store<u8>(end, 0);
    err = create_or_delete_trace_kprobe(text);
    text = more ? end + 1 : end;
  }
  return err;
}

function probes_truncate(_attr: TraceAttr): i32 {
  return release_all_trace_kprobes();
}

function sign_extend(value: u64, size: u32): i64 {
  const shift: u64 = 64 - 8 * size;
  return (<i64>(value << shift)) >> shift;
}

function zero_extend(value: u64, size: u32): u64 {
  const shift: u64 = 64 - 8 * size;
  return (value << shift) >> shift;
}

function print_arg(m: SeqFile, arg: ProbeArg, data: usize): void {
  const at = data + arg.offset;
  seq_printf(m, " %s=", arg.name);
  if (arg.type == ProbeType.STRING) return seq_printf(m, '"%s"', at);
  const value = load<u64>(at);
  const plain = zero_extend(value, arg.size);
  if (arg.type == ProbeType.S) {
    seq_printf(m, "%ld", sign_extend(value, arg.size));
  } else if (arg.type == ProbeType.U) seq_printf(m, "%lu", plain);
  else if (arg.type == ProbeType.CHAR) seq_printf(m, "'%c'", plain);
  else if (arg.type == ProbeType.SYMBOL) {
    seq_print_ip_sym(m, <u32>value, true);
  } else seq_printf(m, "0x%lx", plain);
}

/** "myp: (name+0x0/0x30) a=0x1" */
function print_kprobe_event(m: SeqFile, e: TraceEntry): void {
  const entry = changetype<KprobeEntry>(e);
  const tk = entry.tk;
  seq_printf(m, "%s: (", tk.event);
  if (!tk.is_ret) seq_print_ip_sym(m, entry.ip, true);
  else {
    if (entry.ret == 0) seq_printf(m, "%S", lit("0x0"));
    else seq_print_ip_sym(m, entry.ret, true);
    seq_puts(m, " <- ");
    seq_print_ip_sym(m, entry.ip, false);
  }
  seq_putc(m, 41);
  const data = changetype<usize>(e) + offsetof<KprobeEntry>();
  for (let i: u32 = 0; i < tk.nr_args; i++) {
    print_arg(m, probe_arg(tk, i), data);
  }
  seq_putc(m, 10);
}

function create_events_file(name: string): void {
  const show = probes_seq_show;
  const attr = trace_create_attr(name, 0o640, null, show, probes_write);
  if (attr != null) attr.truncate = probes_truncate;
}

export function trace_kprobe_init(): void {
  set_print_kprobe(print_kprobe_event);
  trace_kprobe_list_init();
  error_log_init();
  trace_events_init(first_trace_kprobe, trace_kprobe_enable);
  create_events_file("kprobe_events");
  // All of Linux's kinds of dynamic events; kprobes are the only ones here.
  create_events_file("dynamic_events");
  const profile = probes_profile_seq_show;
  trace_create_attr("kprobe_profile", 0o440, null, profile, null);
}
