// error_log.ts - why commands written to tracefs were refused.
// The last eight; > error_log forgets them.
// Mirrors tracing_log_err() of Linux kernel/trace/trace.c.

import { SeqFile, seq_printf, seq_putc } from "../../fs/seq_file";
import { lit, strscpy } from "../../lib/string";
import { trace_clock_local } from "./trace";
import { TraceAttr, trace_create_attr } from "./trace_attr";

const NR_ERRORS: u32 = 8;
const CMD_SIZE: u32 = 256;

@unmanaged
class TracingErr {
  ts: u64;
  /** Who refused: "trace_kprobe". */
  loc: string;
  text: string;
  /** Where in the command, for the caret. */
  pos: u32;
  pad: u32;
  // The command, CMD_SIZE bytes, follows.
}

const ERR_SIZE: u32 = 24 + 256;
const errors = memory.data(8 * 280, 8);
/** Errors ever logged since the log was cleared. */
let nr_logged: u32 = 0;

function error_at(i: u32): TracingErr {
  return changetype<TracingErr>(errors + (i % NR_ERRORS) * ERR_SIZE);
}

function cmd_of(err: TracingErr): usize {
  return changetype<usize>(err) + offsetof<TracingErr>();
}

/** pos: the first byte of cmd that is wrong. */
export function tracing_log_err(
  loc: string,
  cmd: usize,
  text: string,
  pos: u32,
): void {
  const err = error_at(nr_logged++);
  err.ts = trace_clock_local();
  err.loc = loc;
  err.text = text;
  err.pos = pos;
  strscpy(cmd_of(err), cmd, CMD_SIZE);
}

function show_err(m: SeqFile, err: TracingErr): void {
  const usecs = err.ts / 1000;
  seq_printf(
    m,
    "[%5lu.%06lu] %S: error: %S\n",
    usecs / 1000000,
    usecs % 1000000,
    lit(err.loc),
    lit(err.text),
  );
  seq_printf(m, "  Command: %s\n", cmd_of(err));
  seq_printf(m, "           ");
  for (let i: u32 = 0; i < err.pos; i++) seq_putc(m, 32);
  seq_printf(m, "^\n");
}

function tracing_err_log_show(m: SeqFile, _v: usize): i32 {
  const first = nr_logged > NR_ERRORS ? nr_logged - NR_ERRORS : 0;
  for (let i = first; i < nr_logged; i++) show_err(m, error_at(i));
  return 0;
}

function tracing_err_log_truncate(_attr: TraceAttr): i32 {
  nr_logged = 0;
  return 0;
}

/** Only the truncation counts. */
function tracing_err_log_write(_attr: TraceAttr, _text: usize): i32 {
  return 0;
}

export function error_log_init(): void {
  const show = tracing_err_log_show;
  const write = tracing_err_log_write;
  const attr = trace_create_attr("error_log", 0o640, null, show, write);
  if (attr != null) attr.truncate = tracing_err_log_truncate;
}

if (offsetof<TracingErr>() != 24) ERROR("error_log.ts: TracingErr");
