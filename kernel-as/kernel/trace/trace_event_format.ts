// trace_event_format.ts - events/GROUP/EVENT/format and id: what an event's
// records hold, for programs. Offsets are those of Linux; nobody can read raw
// records here. Linux: f_show() of kernel/trace/trace_events.c.

import { Errno } from "../../abi";
import { Dentry } from "../../fs/fs";
import { SeqFile, seq_printf, seq_puts } from "../../fs/seq_file";
import { lit } from "../../lib/string";
import { TraceAttr, trace_attr_of, trace_create_attr } from "./trace_attr";
import { ProbeArg, ProbeType, TraceKprobe, probe_arg } from "./trace_probe";

/** The event of a file: that of the file enable next to it, while it lives. */
function event_of(m: SeqFile): TraceKprobe | null {
  const enable = changetype<TraceAttr>(trace_attr_of(m).data);
  return changetype<TraceKprobe | null>(enable.data);
}

function event_id_show(m: SeqFile, _v: usize): i32 {
  const tk = event_of(m);
  if (tk == null) return -Errno.ENODEV;
  seq_printf(m, "%u\n", tk.id);
  return 0;
}

function type_letter(type: u32): string {
  return type == ProbeType.S ? "s" : "u";
}

function show_type(m: SeqFile, arg: ProbeArg): void {
  if (arg.type == ProbeType.STRING) seq_puts(m, "__data_loc char[]");
  else if (arg.type == ProbeType.CHAR) seq_puts(m, "char");
  else seq_printf(m, "%S%u", lit(type_letter(arg.type)), 8 * arg.size);
}

/** Bytes of a value in Linux's record. */
function size_of(arg: ProbeArg): u32 {
  return arg.type == ProbeType.STRING ? 4 : arg.size;
}

function is_signed(arg: ProbeArg): bool {
  const type = arg.type;
  return (
    type == ProbeType.S || type == ProbeType.CHAR || type == ProbeType.STRING
  );
}

function show_arg_field(m: SeqFile, arg: ProbeArg, at: u32): void {
  seq_puts(m, "\tfield:");
  show_type(m, arg);
  const size = size_of(arg);
  const signed = is_signed(arg) ? 1 : 0;
  const rest = " %s;\toffset:%u;\tsize:%u;\tsigned:%u;\n";
  seq_printf(m, rest, arg.name, at, size, signed);
}

/** Where what every record begins with is. */
const COMMON = `format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

`;

function show_fields(m: SeqFile, tk: TraceKprobe): void {
  seq_puts(m, COMMON);
  const ip = "\tfield:unsigned long %S;\toffset:%u;\tsize:8;\tsigned:0;\n";
  let at: u32 = 16;
  if (!tk.is_ret) seq_printf(m, ip, lit("__probe_ip"), 8);
  else {
    seq_printf(m, ip, lit("__probe_func"), 8);
    seq_printf(m, ip, lit("__probe_ret_ip"), 16);
    at = 24;
  }
  for (let i: u32 = 0; i < tk.nr_args; i++) {
    const arg = probe_arg(tk, i);
    show_arg_field(m, arg, at);
    at += size_of(arg);
  }
}

/** How printf shows it. */
function arg_format(arg: ProbeArg): string {
  const long = arg.size == 8;
  if (arg.type == ProbeType.STRING) return '\\"%s\\"';
  if (arg.type == ProbeType.SYMBOL) return "%pS";
  if (arg.type == ProbeType.CHAR) return "'%c'";
  if (arg.type == ProbeType.U) return long ? "%Lu" : "%u";
  if (arg.type == ProbeType.S) return long ? "%Ld" : "%d";
  return long ? "0x%Lx" : "0x%x";
}

function arg_value(arg: ProbeArg): string {
  if (arg.type == ProbeType.STRING) return ", __get_str(%s)";
  return arg.type == ProbeType.SYMBOL ? ", (void *)REC->%s" : ", REC->%s";
}

function show_print_fmt(m: SeqFile, tk: TraceKprobe): void {
  seq_puts(m, tk.is_ret ? 'print fmt: "(%lx <- %lx)' : 'print fmt: "(%lx)');
  for (let i: u32 = 0; i < tk.nr_args; i++) {
    const arg = probe_arg(tk, i);
    seq_printf(m, " %s=%S", arg.name, lit(arg_format(arg)));
  }
  seq_puts(m, '", ');
  if (!tk.is_ret) seq_puts(m, "REC->__probe_ip");
  else seq_puts(m, "REC->__probe_func, REC->__probe_ret_ip");
  for (let i: u32 = 0; i < tk.nr_args; i++) {
    const arg = probe_arg(tk, i);
    seq_printf(m, arg_value(arg), arg.name);
  }
  seq_puts(m, "\n");
}

function event_format_show(m: SeqFile, _v: usize): i32 {
  const tk = event_of(m);
  if (tk == null) return -Errno.ENODEV;
  seq_printf(m, "name: %s\nID: %u\n", tk.event, tk.id);
  show_fields(m, tk);
  seq_puts(m, "\n");
  show_print_fmt(m, tk);
  return 0;
}

/** The files next to an event's file enable, whose TraceAttr is given. */
export function create_event_info(dir: Dentry, enable: usize): void {
  const format = event_format_show;
  const id = event_id_show;
  const a = trace_create_attr("format", 0o440, dir, format, null);
  const b = trace_create_attr("id", 0o440, dir, id, null);
  if (a != null) a.data = enable;
  if (b != null) b.data = enable;
}
