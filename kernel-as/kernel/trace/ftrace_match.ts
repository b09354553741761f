// ftrace_match.ts - what users write to choose functions.
//
//   name, glob*        functions by name
//   !glob              takes them out again
//   42                 the 42nd line of available_filter_functions
//   glob:mod:MODULE    those of a module; :mod:MODULE is all of them
//
// Mirrors match_records() of Linux kernel/trace/ftrace.c.

import { Errno } from "../../abi";
import { glob_match } from "../../lib/glob";
import { strcmp, strchr, strlen, strstarts_lit } from "../../lib/string";
import { FtracePage, first_ftrace_page } from "./dyn_ftrace";
import { ftrace_alloc_hash } from "./ftrace_ops";
import { FtraceHash, ftrace_hash_set } from "./ftrace_sites";
import { ftrace_module_name, ftrace_nth_site, ftrace_sym } from "./ftrace_sym";
import { trace_number, trace_parse_number } from "./trace_parser";

const ANY = memory.data<u8>([42, 0]);

function in_module(site: u32, module: usize): bool {
  if (module == 0) return true;
  const name = ftrace_module_name(site);
  return name != 0 && strcmp(name, module) == 0;
}

function match_page(
  hash: FtraceHash,
  p: FtracePage,
  pattern: usize,
  module: usize,
  on: bool,
): bool {
  let found = false;
  for (let s = p.base; s < p.base + p.n; s++) {
    const sym = ftrace_sym(s);
    if (sym == null || !glob_match(pattern, sym.name)) continue;
    if (!in_module(s, module)) continue;
    ftrace_hash_set(hash, s, on);
    found = true;
  }
  return found;
}

function match_all(
  hash: FtraceHash,
  pattern: usize,
  module: usize,
  on: bool,
): bool {
  let found = false;
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    if (match_page(hash, p, pattern, module, on)) found = true;
  }
  return found;
}

/** Adds the functions of a module that match; an empty glob is all of them. */
export function ftrace_match_module(
  hash: FtraceHash,
  glob: usize,
  module: usize,
): bool {
  return match_all(hash, load<u8>(glob) == 0 ? ANY : glob, module, true);
}

function match_line(hash: FtraceHash, line: u64, on: bool): bool {
  const site = line == 0 ? 0 : ftrace_nth_site(line - 1);
  if (site == 0) return false;
  ftrace_hash_set(hash, site, on);
  return true;
}

/** ":mod:NAME" behind the function's pattern, or 0. */
export function ftrace_command(word: usize): usize {
  return strchr(word, 58);
}

/** Adds to hash what the word chooses, or takes it out; 0 or -errno. */
export function ftrace_match_records(hash: FtraceHash, word: usize): i32 {
  if (!ftrace_alloc_hash(hash)) return -Errno.ENOMEM;
  const on = load<u8>(word) != 33;
  if (!on) word++;
  let module: usize = 0;
  const command = ftrace_command(word);
  if (command != 0) {
    if (!strstarts_lit(command, ":mod:")) return -Errno.EINVAL;
    store<u8>(command, 0);
    module = command + 5;
    if (strlen(module) == 0) return -Errno.EINVAL;
  }
  if (load<u8>(word) == 0) {
    if (module == 0) return -Errno.EINVAL;
    word = ANY;
  }
  const found =
    module == 0 && trace_parse_number(word)
      ? match_line(hash, trace_number, on)
      : match_all(hash, word, module, on);
  return found ? 0 : -Errno.EINVAL;
}
