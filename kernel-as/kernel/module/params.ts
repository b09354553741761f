// params.ts - module parameters: the words after insmod's file name, and
// the files in /sys/module/<m>/parameters.
//
// Where a parameter lies is said by the file's section .param: a number of
// entries {name, type, address, size}, which the loader makes absolute.
// Mirrors Linux kernel/params.c.

import { Errno } from "../../abi";
import {
  kstrto_value,
  kstrtobool,
  kstrtoint,
  kstrtoll,
} from "../../lib/kstrtox";
import { isspace, streq_lit } from "../../lib/string";
import { snprintf } from "../../lib/vsprintf";
import { pr_err, pr_warn } from "../printk/printk";
import { Module } from "./module";

@unmanaged
export class KernelParam {
  name: usize;
  /** int, uint, bool, long, ulong, or "array of int". */
  type: usize;
  addr: usize;
  /** Bytes at addr. */
  size: u32;
}

export function nr_params(mod: Module): u32 {
  return mod.param_sect == 0 ? 0 : load<u32>(mod.param_sect);
}

export function param_at(mod: Module, i: u32): KernelParam {
  const at = mod.param_sect + 4 + i * offsetof<KernelParam>();
  return changetype<KernelParam>(at);
}

/** Turns offsets of the section into addresses. */
export function relocate_params(mod: Module): void {
  for (let i: u32 = 0; i < nr_params(mod); i++) {
    const p = param_at(mod, i);
    p.name += mod.param_sect;
    p.type += mod.param_sect;
    p.addr += mod.core;
  }
}

function dash(c: u8): u8 {
  return c == 45 ? 95 : c;
}

/** Parameter names do not tell - from _. */
function same_name(a: usize, b: usize): bool {
  while (load<u8>(a) != 0 && dash(load<u8>(a)) == dash(load<u8>(b))) {
    a++;
    b++;
  }
  return load<u8>(a) == 0 && load<u8>(b) == 0;
}

function find_param(mod: Module, name: usize): KernelParam | null {
  for (let i: u32 = 0; i < nr_params(mod); i++) {
    if (same_name(param_at(mod, i).name, name)) return param_at(mod, i);
  }
  return null;
}

/** Numbers separated by commas; what is not given is 0. */
function param_array_set(p: KernelParam, val: usize): i32 {
  memory.fill(p.addr, 0, p.size);
  let more = true;
  for (let i: u32 = 0; more; i += 4) {
    let stop = val;
    while (load<u8>(stop) != 44 && load<u8>(stop) != 0) stop++;
    more = load<u8>(stop) != 0;
    store<u8>(stop, 0);
    const err = i < p.size ? kstrtoint(val, 0) : -Errno.EINVAL;
    if (err != 0) return err;
    store<i32>(p.addr + i, <i32>kstrto_value);
    val = stop + 1;
  }
  return 0;
}

function is_array(p: KernelParam): bool {
  return streq_lit(p.type, "array of int");
}

/** Sets a parameter from text; val 0: it was named without a value. */
export function param_set(p: KernelParam, val: usize): i32 {
  if (streq_lit(p.type, "bool")) {
    const err = val == 0 ? 0 : kstrtobool(val);
    if (err != 0) return err;
    store<i32>(p.addr, val == 0 ? 1 : <i32>kstrto_value);
    return 0;
  }
  if (val == 0) return -Errno.EINVAL;
  if (is_array(p)) return param_array_set(p, val);
  const err = p.size == 8 ? kstrtoll(val, 0) : kstrtoint(val, 0);
  if (err != 0) return err;
  if (p.size == 8) store<i64>(p.addr, kstrto_value);
  else store<i32>(p.addr, <i32>kstrto_value);
  return 0;
}

function param_array_get(p: KernelParam, buf: usize): u32 {
  let n: u32 = 0;
  for (let i: u32 = 0; i < p.size; i += 4) {
    const v = load<i32>(p.addr + i);
    if (i > 0 && v == 0) break;
    if (i > 0) store<u8>(buf + n++, 44);
    n += snprintf(buf + n, 16, "%d", v);
  }
  return n + snprintf(buf + n, 2, "\n");
}

/** Text of the file in sysfs; its length. */
export function param_get(p: KernelParam, buf: usize): u32 {
  if (is_array(p)) return param_array_get(p, buf);
  if (streq_lit(p.type, "bool")) {
    return snprintf(buf, 4, "%c\n", load<i32>(p.addr) != 0 ? 89 : 78);
  }
  if (p.size == 8) return snprintf(buf, 32, "%ld\n", load<i64>(p.addr));
  return snprintf(buf, 32, "%d\n", load<i32>(p.addr));
}

/** Ends the word at p with NUL; where the next one begins. */
function next_arg(p: usize): usize {
  let quoted = false;
  for (; load<u8>(p) != 0; p++) {
    if (load<u8>(p) == 34) quoted = !quoted;
    else if (isspace(load<u8>(p)) && !quoted) {
      store<u8>(p, 0);
      return p + 1;
    }
  }
  return p;
}

/** Cuts name=value; the value without its quotes, or 0 when there is none. */
function split_arg(word: usize): usize {
  let p = word;
  while (load<u8>(p) != 0 && load<u8>(p) != 61) p++;
  if (load<u8>(p) == 0) return 0;
  store<u8>(p, 0);
  let val = p + 1;
  if (load<u8>(val) != 34) return val;
  val++;
  for (p = val; load<u8>(p) != 0; p++) {
    if (load<u8>(p) == 34) store<u8>(p, 0);
  }
  return val;
}

function parse_one(mod: Module, name: usize, val: usize): i32 {
  const p = find_param(mod, name);
  if (p == null) {
    pr_warn("%s: unknown parameter '%s' ignored\n", mod.name, name);
    return 0;
  }
  const err = param_set(p, val);
  if (err == -Errno.ERANGE) {
    pr_err("%s: `%s' too large for parameter `%s'\n", mod.name, val, name);
  } else if (err != 0) {
    pr_err("%s: `%s' invalid for parameter `%s'\n", mod.name, val, name);
  }
  return err;
}

/** Sets parameters from "name=value name=value"; args is cut into words. */
export function parse_args(mod: Module, args: usize): i32 {
  let p = args;
  while (load<u8>(p) != 0) {
    while (isspace(load<u8>(p))) p++;
    if (load<u8>(p) == 0) break;
    const word = p;
    p = next_arg(p);
    const val = split_arg(word);
    const err = parse_one(mod, word, val);
    if (err != 0) return err;
  }
  return 0;
}
