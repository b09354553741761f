// trace_event_list.ts - available_events and set_event: events by their names.
// Linux: in kernel/trace/trace_events.c.

import { Errno } from "../../abi";
import { SeqFile, seq_printf } from "../../fs/seq_file";
import { glob_match } from "../../lib/glob";
import { strchr } from "../../lib/string";
import { TraceAttr, trace_create_attr } from "./trace_attr";
import { find_trace_kprobe, first_trace_kprobe } from "./trace_kprobe_list";
import { tk_at, trace_kprobe_enable } from "./trace_kprobe_list";
import { trace_get_user, trace_parser_start } from "./trace_parser";
import { TraceKprobe } from "./trace_probe";

const ANY = memory.data<u8>([42, 0]);

/** A probe that stands for its event. */
function is_first(tk: TraceKprobe): bool {
  return find_trace_kprobe(tk.event, tk.group) == tk;
}

function show_events(m: SeqFile, all: bool): void {
  for (let at = first_trace_kprobe(); at != 0; at = tk_at(at).next) {
    const tk = tk_at(at);
    const on = tk.enabled && !tk.soft_disabled;
    if (!is_first(tk) || !(all || on)) continue;
    seq_printf(m, "%s:%s\n", tk.group, tk.event);
  }
}

function available_events_show(m: SeqFile, _v: usize): i32 {
  show_events(m, true);
  return 0;
}

function set_event_show(m: SeqFile, _v: usize): i32 {
  show_events(m, false);
  return 0;
}

/** Switches the events that match; -EINVAL when there are none. */
function set_events(group: usize, event: usize, on: bool): i32 {
  let err = -Errno.EINVAL;
  for (let at = first_trace_kprobe(); at != 0; at = tk_at(at).next) {
    const tk = tk_at(at);
    if (!glob_match(group, tk.group) || !glob_match(event, tk.event)) continue;
    const ret = trace_kprobe_enable(tk, on);
    if (ret != 0) return ret;
    err = 0;
  }
  return err;
}

/** "[!][GRP:]EVENT" or "[!]GRP:" with globs; a bare word is an event, or, if
 * there is none with that name, a group. */
function set_event_word(word: usize): i32 {
  const on = load<u8>(word) != 33;
  if (!on) word++;
  const colon = strchr(word, 58);
  if (colon == 0) {
    const err = set_events(ANY, word, on);
    return err == -Errno.EINVAL ? set_events(word, ANY, on) : err;
  }
  store<u8>(colon, 0);
  const group = load<u8>(word) == 0 ? ANY : word;
  const event = load<u8>(colon + 1) == 0 ? ANY : colon + 1;
  return set_events(group, event, on);
}

function set_event_write(_attr: TraceAttr, text: usize): i32 {
  trace_parser_start(text);
  let err = 0;
  for (let w = trace_get_user(); w != 0 && err == 0; w = trace_get_user()) {
    err = set_event_word(w);
  }
  return err;
}

function set_event_truncate(_attr: TraceAttr): i32 {
  set_events(ANY, ANY, false);
  return 0;
}

export function trace_event_list_init(): void {
  const all = available_events_show;
  trace_create_attr("available_events", 0o440, null, all, null);
  const show = set_event_show;
  const attr = trace_create_attr(
    "set_event",
    0o640,
    null,
    show,
    set_event_write,
  );
  if (attr != null) attr.truncate = set_event_truncate;
}
