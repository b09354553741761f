// dynamic_debug.ts - switches single pr_debug() lines on and off.
//
// A line is described by a Ddebug, listed in
// /sys/kernel/debug/dynamic_debug/control. A query such as
//   file kernel/livepatch/* +p
//   func klp_try_switch_task -p
// selects lines by file, func, module, format or line and changes flags: p
// prints the line; m, f, s, l and t put before it in which module, function,
// source file and line it is, and which thread printed it.
// Mirrors Linux lib/dynamic_debug.c, without its flag d (a stack dump).

import { Errno } from "../abi";
import { printk } from "../kernel/printk/printk";
import { current } from "../kernel/sched/task";
import { isspace } from "./string";
import { snprintf } from "./vsprintf";

/** Flag i is bit i, in the order in which the file shows them. */
const FLAGS = "pmfslt";

const enum Flag {
  PRINT = 1,
  MODNAME = 2,
  FUNCNAME = 4,
  SOURCENAME = 8,
  LINENO = 16,
  TID = 32,
}

@unmanaged
export class Ddebug {
  next: usize;
  /** AS literals. */
  file: usize;
  func: usize;
  format: usize;
  module: usize;
  line: u32;
  flags: u32;
}

let first: usize = 0;

export function ddebug_first(): usize {
  return first;
}

/** Adds a line behind the others. */
export function ddebug_add(site: Ddebug): void {
  let link = changetype<usize>(site);
  site.next = 0;
  if (first == 0) {
    first = link;
    return;
  }
  link = first;
  while (load<usize>(link) != 0) link = load<usize>(link);
  store<usize>(link, changetype<usize>(site));
}

/** Whether an AS literal matches a pattern in which * stands for anything. */
function match_wildcard(pattern: usize, text: string, from: i32): bool {
  let i = from;
  for (; load<u8>(pattern) != 0; pattern++, i++) {
    const c = load<u8>(pattern);
    if (c == 42) {
      for (let j = i; j <= text.length; j++) {
        if (match_wildcard(pattern + 1, text, j)) return true;
      }
      return false;
    }
    if (i >= text.length) return false;
    if (c != 63 && c != <u8>text.charCodeAt(i)) return false;
  }
  return i == text.length;
}

/** As match_wildcard; a literal may also begin before the pattern. */
function contains(text: string, part: usize): bool {
  for (let i = 0; i <= text.length; i++) {
    let n = 0;
    while (
      load<u8>(part + n) != 0 &&
      i + n < text.length &&
      load<u8>(part + n) == <u8>text.charCodeAt(i + n)
    ) {
      n++;
    }
    if (load<u8>(part + n) == 0) return true;
  }
  return false;
}

/** One query, cut into words. 0 where it says nothing. */
let q_file: usize = 0;
let q_func: usize = 0;
let q_module: usize = 0;
let q_format: usize = 0;
let q_first_line: u32 = 0;
let q_last_line: u32 = 0;
/** Flags that stay as they are, and those that are set. */
let q_keep: u32 = 0;
let q_set: u32 = 0;

/** Ends the word at p with NUL; where the next one begins. */
function next_word(p: usize): usize {
  const quote: u8 = load<u8>(p) == 34 ? 34 : 0;
  if (quote != 0) p++;
  while (load<u8>(p) != 0) {
    const c = load<u8>(p);
    if (quote != 0 ? c == quote : isspace(c)) break;
    p++;
  }
  if (load<u8>(p) != 0) store<u8>(p++, 0);
  while (isspace(load<u8>(p))) p++;
  return p;
}

function word_is(word: usize, name: string): bool {
  return match_wildcard(word, name, 0) && load<u8>(word) != 42;
}

/** Where the digits at p end; their value is left in `number`. */
let number: u32 = 0;

function parse_number(p: usize): usize {
  number = 0;
  for (; load<u8>(p) >= 48 && load<u8>(p) <= 57; p++) {
    number = number * 10 + load<u8>(p) - 48;
  }
  return p;
}

/** "7", "7-9", "7-", "-9"; false when it is none of them. */
function parse_lines(value: usize): bool {
  let p = parse_number(value);
  q_first_line = number;
  q_last_line = number;
  if (load<u8>(p) == 45) {
    const open = load<u8>(p + 1) == 0;
    p = parse_number(p + 1);
    q_last_line = open ? u32.MAX_VALUE : number;
  }
  return load<u8>(p) == 0 && p != value && q_first_line <= q_last_line;
}

/** The bit of a flag; 0 for "_", -1 when there is none. */
function flag_of(c: u8): i32 {
  if (c == 95) return 0;
  for (let i = 0; i < FLAGS.length; i++) {
    if (<u8>FLAGS.charCodeAt(i) == c) return 1 << i;
  }
  return -1;
}

/** "+p", "-pf", "=_"; false when it is no such thing. */
function parse_flags(p: usize): bool {
  const op = load<u8>(p);
  if (op != 43 && op != 45 && op != 61) return false;
  let flags: u32 = 0;
  for (p++; load<u8>(p) != 0; p++) {
    const flag = flag_of(load<u8>(p));
    if (flag < 0) return false;
    flags |= flag;
  }
  q_set = op == 45 ? 0 : flags;
  q_keep = op == 61 ? 0 : ~flags;
  return true;
}

function parse_match(key: usize, value: usize): bool {
  if (word_is(key, "file")) q_file = value;
  else if (word_is(key, "func")) q_func = value;
  else if (word_is(key, "module")) q_module = value;
  else if (word_is(key, "format")) {
    q_format = load<u8>(value) == 34 ? value + 1 : value;
  } else return word_is(key, "line") && parse_lines(value);
  return true;
}

/** Whether an AS literal matches the pattern; no pattern matches all. */
function matches(pattern: usize, text: usize): bool {
  return pattern == 0 || match_wildcard(pattern, changetype<string>(text), 0);
}

/** A file is selected by its path or by its name alone. */
function file_matches(site: Ddebug): bool {
  if (matches(q_file, site.file)) return true;
  const path = changetype<string>(site.file);
  let name = path.length;
  while (name > 0 && path.charCodeAt(name - 1) != 47) name--;
  return match_wildcard(q_file, path, name);
}

function selected(site: Ddebug): bool {
  if (!file_matches(site) || !matches(q_func, site.func)) return false;
  if (!matches(q_module, site.module)) return false;
  const format = changetype<string>(site.format);
  if (q_format != 0 && !contains(format, q_format)) return false;
  return site.line >= q_first_line && site.line <= q_last_line;
}

function apply(): void {
  for (let at = first; at != 0; at = load<usize>(at)) {
    const site = changetype<Ddebug>(at);
    if (selected(site)) site.flags = (site.flags & q_keep) | q_set;
  }
}

/** Executes the query at p, which it cuts into words. 0 or -EINVAL. */
export function ddebug_exec_query(p: usize): i32 {
  q_file = q_func = q_module = q_format = 0;
  q_first_line = 0;
  q_last_line = u32.MAX_VALUE;
  while (isspace(load<u8>(p))) p++;
  if (load<u8>(p) == 0) return 0;
  while (load<u8>(p) != 0) {
    const key = p;
    p = next_word(p);
    if (load<u8>(p) == 0) {
      if (!parse_flags(key)) return -Errno.EINVAL;
      apply();
      return 0;
    }
    const value = p;
    p = next_word(p);
    if (!parse_match(key, value)) return -Errno.EINVAL;
  }
  return -Errno.EINVAL;
}

/** Puts the flags as the file shows them: "p", "pmf", "_". */
export function ddebug_describe_flags(flags: u32, buf: usize): void {
  let n: u32 = 0;
  for (let i = 0; i < FLAGS.length; i++) {
    if ((flags & (1 << i)) == 0) continue;
    store<u8>(buf + n++, <u8>FLAGS.charCodeAt(i));
  }
  if (n == 0) store<u8>(buf + n++, 95);
  store<u8>(buf + n, 0);
}

const PREFIX_SIZE: u32 = 128;
const LINE_SIZE: u32 = 512;
const prefix = memory.data(128);
const text = memory.data(512);

/** "[thread] module:function:file:line: ", as far as the flags say so. */
function emit_prefix(site: Ddebug): void {
  const flags = site.flags;
  let n: u32 = 0;
  store<u8>(prefix, 0);
  if (flags & Flag.TID) n = snprintf(prefix, PREFIX_SIZE, "[%d] ", current.pid);
  const after_tid = n;
  if (flags & Flag.MODNAME) n = emit_name(n, site.module);
  if (flags & Flag.FUNCNAME) n = emit_name(n, site.func);
  if (flags & Flag.SOURCENAME) n = emit_name(n, site.file);
  if (flags & Flag.LINENO) {
    n += snprintf(prefix + n, PREFIX_SIZE - n, "%u:", site.line);
  }
  if (n != after_tid) snprintf(prefix + n, PREFIX_SIZE - n, " ");
}

function emit_name(n: u32, name: usize): u32 {
  return n + snprintf(prefix + n, PREFIX_SIZE - n, "%S:", name);
}

/** Prints the line with its arguments if it is switched on. */
export function dynamic_pr_debug(
  site: Ddebug,
  a: u64 = 0,
  b: u64 = 0,
  c: u64 = 0,
): void {
  if ((site.flags & Flag.PRINT) == 0) return;
  emit_prefix(site);
  snprintf(text, LINE_SIZE, changetype<string>(site.format), a, b, c);
  printk(7, "%s%s", prefix, text);
}
