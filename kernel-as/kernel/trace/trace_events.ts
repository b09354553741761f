// trace_events.ts - the tree events/: a directory for every event.
//
//   events/GROUP/EVENT/enable    0 or 1
//   events/GROUP/EVENT/{format,id}   trace_event_format.ts
//   events/GROUP/enable          0, 1 or X: some of them
//   events/enable                likewise
//
// Mirrors Linux kernel/trace/trace_events.c.

import { Errno } from "../../abi";
import { Dentry } from "../../fs/fs";
import { SeqFile, seq_printf, seq_putc } from "../../fs/seq_file";
import {
  tracefs_create_dir,
  tracefs_mkdir,
  tracefs_remove,
} from "../../fs/tracefs/inode";
import { lit, strcmp, streq_lit } from "../../lib/string";
import { kfree, kstrdup, kzalloc } from "../../mm/slab";
import { TraceAttr, trace_attr_of, trace_create_attr } from "./trace_attr";
import { create_event_info } from "./trace_event_format";
import { TraceKprobe } from "./trace_probe";

/** A directory events/GROUP. */
@unmanaged
class EventGroup {
  next: usize;
  name: usize;
  dir: Dentry;
  nr_events: u32;
  attr: TraceAttr;
}

/** Numbers of events begin behind those of Linux's own kinds of records. */
let next_event_id: u32 = 1000;
let groups: usize = 0;
let events_dir: Dentry | null = null;
/** trace_kprobe.ts, which stands above this file. */
let enable_hook: ((tk: TraceKprobe, on: bool) => i32) | null = null;
let first_hook: (() => usize) | null = null;

function group_at(at: usize): EventGroup {
  return changetype<EventGroup>(at);
}

function find_group(name: usize): EventGroup | null {
  for (let at = groups; at != 0; at = load<usize>(at)) {
    if (strcmp(group_at(at).name, name) == 0) return group_at(at);
  }
  return null;
}

function first_event(): usize {
  const first = first_hook;
  return first == null ? 0 : first();
}

/** What is wanted: 1 on, 0 off, -EINVAL for anything else. */
function parse_switch(text: usize): i32 {
  if (streq_lit(text, "1")) return 1;
  return streq_lit(text, "0") ? 0 : -Errno.EINVAL;
}

function is_on(tk: TraceKprobe): bool {
  return tk.enabled && !tk.soft_disabled;
}

/** A star: commands of set_ftrace_filter switch it. */
function event_enable_show(m: SeqFile, _v: usize): i32 {
  const data = trace_attr_of(m).data;
  if (data == 0) return -Errno.ENODEV;
  const tk = changetype<TraceKprobe>(data);
  const soft = lit(tk.soft_refs != 0 ? "*" : "");
  seq_printf(m, "%d%S\n", is_on(tk) ? 1 : 0, soft);
  return 0;
}

function event_enable_write(attr: TraceAttr, text: usize): i32 {
  if (attr.data == 0) return -Errno.ENODEV;
  const on = parse_switch(text);
  const enable = enable_hook;
  if (on < 0 || enable == null) return on;
  return enable(changetype<TraceKprobe>(attr.data), on == 1);
}

/** Whether an event is one of the directory's; 0 is events/ itself. */
function in_group(tk: TraceKprobe, group: usize): bool {
  return group == 0 || strcmp(tk.group, group_at(group).name) == 0;
}

/** The group that a file enable is of; 0 for events/enable. */
function system_of(attr: TraceAttr): usize {
  return attr.data == 1 ? 0 : attr.data;
}

function system_enable_show(m: SeqFile, _v: usize): i32 {
  const attr = trace_attr_of(m);
  if (attr.data == 0) return -Errno.ENODEV;
  let on: u32 = 0;
  let off: u32 = 0;
  for (let at = first_event(); at != 0; at = load<usize>(at)) {
    const tk = changetype<TraceKprobe>(at);
    if (!in_group(tk, system_of(attr))) continue;
    if (is_on(tk)) on++;
    else off++;
  }
  seq_putc(m, on == 0 ? 48 : off == 0 ? 49 : 88);
  seq_putc(m, 10);
  return 0;
}

function system_enable_write(attr: TraceAttr, text: usize): i32 {
  if (attr.data == 0) return -Errno.ENODEV;
  const on = parse_switch(text);
  const enable = enable_hook;
  if (on < 0 || enable == null) return on;
  let err = 0;
  for (let at = first_event(); at != 0; at = load<usize>(at)) {
    const tk = changetype<TraceKprobe>(at);
    if (!in_group(tk, system_of(attr))) continue;
    const ret = enable(tk, on == 1);
    if (ret != 0) err = ret;
  }
  return err;
}

function make_group(name: usize): EventGroup | null {
  const g = group_at(kzalloc(offsetof<EventGroup>()));
  if (changetype<usize>(g) == 0) return null;
  g.name = kstrdup(name);
  let dir: Dentry | null = null;
  if (g.name != 0) dir = tracefs_mkdir(name, events_dir);
  if (dir == null) {
    kfree(g.name);
    kfree(changetype<usize>(g));
    return null;
  }
  g.dir = dir;
  g.next = groups;
  groups = changetype<usize>(g);
  const show = system_enable_show;
  const attr = trace_create_attr(
    "enable",
    0o640,
    dir,
    show,
    system_enable_write,
  );
  if (attr != null) {
    attr.data = changetype<usize>(g);
    g.attr = attr;
  }
  return g;
}

function free_group(g: EventGroup): void {
  if (groups == changetype<usize>(g)) groups = g.next;
  else {
    let before = group_at(groups);
    while (before.next != changetype<usize>(g)) before = group_at(before.next);
    before.next = g.next;
  }
  if (changetype<usize>(g.attr) != 0) g.attr.data = 0;
  tracefs_remove(g.dir);
  kfree(g.name);
  kfree(changetype<usize>(g));
}

/** Makes the files of a new event; 0 or -errno. */
export function trace_event_add(tk: TraceKprobe): i32 {
  let g = find_group(tk.group);
  if (g == null) g = make_group(tk.group);
  if (g == null) return -Errno.ENOMEM;
  const dir = tracefs_mkdir(tk.event, g.dir);
  if (dir == null) {
    if (g.nr_events == 0) free_group(g);
    // The name of a file of the group.
    return -Errno.EEXIST;
  }
  g.nr_events++;
  tk.dir = changetype<usize>(dir);
  const show = event_enable_show;
  const attr = trace_create_attr(
    "enable",
    0o640,
    dir,
    show,
    event_enable_write,
  );
  if (attr != null) attr.data = changetype<usize>(tk);
  tk.attr = changetype<usize>(attr);
  tk.id = next_event_id++;
  create_event_info(dir, tk.attr);
  return 0;
}

/** Another probe of the event stands for it from now on. */
export function trace_event_replace(tk: TraceKprobe, left: TraceKprobe): void {
  changetype<TraceAttr>(tk.attr).data = changetype<usize>(left);
}

/** Removes them; files still open answer ENODEV from now on. */
export function trace_event_remove(tk: TraceKprobe): void {
  const g = find_group(tk.group);
  if (tk.attr != 0) changetype<TraceAttr>(tk.attr).data = 0;
  tracefs_remove(changetype<Dentry>(tk.dir));
  if (g != null && --g.nr_events == 0) free_group(g);
}

export function trace_events_init(
  first: () => usize,
  enable: (tk: TraceKprobe, on: bool) => i32,
): void {
  first_hook = first;
  enable_hook = enable;
  events_dir = tracefs_create_dir("events", null);
  const show = system_enable_show;
  const write = system_enable_write;
  const attr = trace_create_attr("enable", 0o640, events_dir, show, write);
  if (attr != null) attr.data = 1;
}
