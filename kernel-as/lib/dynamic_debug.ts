// dynamic_debug.ts - switches single pr_debug() lines on and off.
//
// A line is described by a Ddebug, listed in
// /sys/kernel/debug/dynamic_debug/control. A query such as
//   file kernel/livepatch/* +p
//   func klp_try_switch_task -p
// selects lines by file, func, module, format or line and changes the flag p.
// Mirrors Linux lib/dynamic_debug.c, with the one flag that changes output.

import { Errno } from "../abi";
import { isspace } from "./string";

@unmanaged
export class Ddebug {
  next: usize;
  /** AS literals. */
  file: usize;
  func: usize;
  format: usize;
  line: u32;
  /** Flag p: the line is printed. */
  enabled: bool;
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
let q_format: usize = 0;
let q_line: i32 = -1;
let q_set: bool = false;
let q_clear: bool = false;

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

function parse_number(p: usize): i32 {
  let n = 0;
  for (; load<u8>(p) >= 48 && load<u8>(p) <= 57; p++) {
    n = n * 10 + load<u8>(p) - 48;
  }
  return load<u8>(p) == 0 ? n : -1;
}

/** "+p", "-p", "=p", "=_"; false when it is none of them. */
function parse_flags(p: usize): bool {
  const op = load<u8>(p);
  if (op != 43 && op != 45 && op != 61) return false;
  let print = false;
  for (p++; load<u8>(p) != 0; p++) {
    const c = load<u8>(p);
    if (c == 112) print = true;
    else if (unknown_flag(c)) return false;
  }
  q_set = print && op != 45;
  q_clear = op == 45 ? print : op == 61;
  return true;
}

/** Flags f l m t _ are accepted and change nothing here. */
function unknown_flag(c: u8): bool {
  return c != 102 && c != 108 && c != 109 && c != 116 && c != 95 && c != 115;
}

function parse_match(key: usize, value: usize): bool {
  if (word_is(key, "file")) q_file = value;
  else if (word_is(key, "func")) q_func = value;
  else if (word_is(key, "format")) {
    q_format = load<u8>(value) == 34 ? value + 1 : value;
  } else if (word_is(key, "line")) q_line = parse_number(value);
  else return word_is(key, "module");
  return true;
}

function selected(site: Ddebug): bool {
  const file = changetype<string>(site.file);
  if (q_file != 0 && !match_wildcard(q_file, file, 0)) return false;
  const func = changetype<string>(site.func);
  if (q_func != 0 && !match_wildcard(q_func, func, 0)) return false;
  const format = changetype<string>(site.format);
  if (q_format != 0 && !contains(format, q_format)) return false;
  return q_line < 0 || q_line == <i32>site.line;
}

function apply(): void {
  for (let at = first; at != 0; at = load<usize>(at)) {
    const site = changetype<Ddebug>(at);
    if (!selected(site)) continue;
    if (q_clear) site.enabled = false;
    if (q_set) site.enabled = true;
  }
}

/** Executes the query at p, which it cuts into words. 0 or -EINVAL. */
export function ddebug_exec_query(p: usize): i32 {
  q_file = q_func = q_format = 0;
  q_line = -1;
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
