// ftrace_mod.ts - GLOB:mod:MODULE in a filter for a module that is not loaded:
// kept until the module comes, and shown in the file's read meanwhile.
// Mirrors ftrace_mod_list of Linux kernel/trace/ftrace.c.

import { Errno } from "../../abi";
import { SeqFile, seq_printf } from "../../fs/seq_file";
import { strcmp } from "../../lib/string";
import { kfree, kstrdup, kzalloc } from "../../mm/slab";
import { kallsyms_table } from "../kallsyms";
import { FilterFile } from "./ftrace_filter";
import { ftrace_match_module } from "./ftrace_match";

@unmanaged
class FtraceMod {
  next: usize;
  filter: FilterFile;
  /** The functions' glob, and the module's name. */
  func: usize;
  module: usize;
}

/** Oldest first. */
let ftrace_mods: usize = 0;

function mod_at(at: usize): FtraceMod {
  return changetype<FtraceMod>(at);
}

function last_link(): usize {
  if (ftrace_mods == 0) return 0;
  let at = ftrace_mods;
  while (mod_at(at).next != 0) at = mod_at(at).next;
  return at;
}

function free_mod(mod: FtraceMod): void {
  kfree(mod.func);
  kfree(mod.module);
  kfree(changetype<usize>(mod));
}

function unlink_mod(mod: FtraceMod): void {
  const gone = changetype<usize>(mod);
  if (ftrace_mods == gone) ftrace_mods = mod.next;
  for (let at = ftrace_mods; at != 0; at = mod_at(at).next) {
    if (mod_at(at).next == gone) mod_at(at).next = mod.next;
  }
}

function add_mod(filter: FilterFile, func: usize, module: usize): i32 {
  const mod = mod_at(kzalloc(offsetof<FtraceMod>()));
  if (changetype<usize>(mod) == 0) return -Errno.ENOMEM;
  mod.filter = filter;
  mod.func = kstrdup(func);
  mod.module = kstrdup(module);
  if (mod.func == 0 || mod.module == 0) {
    free_mod(mod);
    return -Errno.ENOMEM;
  }
  const last = last_link();
  if (last == 0) ftrace_mods = changetype<usize>(mod);
  else mod_at(last).next = changetype<usize>(mod);
  return 0;
}

function remove_mod(filter: FilterFile, func: usize, module: usize): i32 {
  for (let at = ftrace_mods; at != 0; at = mod_at(at).next) {
    const mod = mod_at(at);
    if (mod.filter != filter || strcmp(mod.func, func) != 0) continue;
    if (strcmp(mod.module, module) != 0) continue;
    unlink_mod(mod);
    free_mod(mod);
    return 0;
  }
  return -Errno.EINVAL;
}

/**
 * "[!]GLOB:mod:MODULE", which matched no function; colon points behind GLOB.
 * Kept when the module is not loaded, else -EINVAL.
 */
export function ftrace_cache_mod(
  filter: FilterFile,
  word: usize,
  colon: usize,
): i32 {
  const module = colon + 5;
  if (load<u8>(module) == 0) return -Errno.EINVAL;
  store<u8>(colon, 0);
  if (load<u8>(word) == 33) return remove_mod(filter, word + 1, module);
  if (kallsyms_table(module) != null) return -Errno.EINVAL;
  return add_mod(filter, word, module);
}

/** The filter is written anew. */
export function ftrace_clear_mods(filter: FilterFile): void {
  for (let at = ftrace_mods; at != 0;) {
    const mod = mod_at(at);
    at = mod.next;
    if (mod.filter != filter) continue;
    unlink_mod(mod);
    free_mod(mod);
  }
}

function apply_filter(filter: FilterFile): void {
  const apply = filter.apply;
  if (apply != null) apply();
}

/** A module has come: what was kept for it counts now. */
export function ftrace_mods_coming(module: usize): void {
  for (let at = ftrace_mods; at != 0;) {
    const mod = mod_at(at);
    at = mod.next;
    if (strcmp(mod.module, module) != 0) continue;
    if (ftrace_match_module(mod.filter.hash, mod.func, module)) {
      apply_filter(mod.filter);
    }
    unlink_mod(mod);
    free_mod(mod);
  }
}

/** What is kept for a filter, as lines. */
export function ftrace_show_mods(m: SeqFile, filter: FilterFile): void {
  for (let at = ftrace_mods; at != 0; at = mod_at(at).next) {
    const mod = mod_at(at);
    if (mod.filter != filter) continue;
    if (load<u8>(mod.func) == 0) seq_printf(m, "*:mod:%s\n", mod.module);
    else seq_printf(m, "%s:mod:%s\n", mod.func, mod.module);
  }
}
