// resolve.ts - tells the host where the symbols are that a module takes.
//
// The host asks by path name while it maps the module. A symbol of another
// module makes the new one a user of that module.
// Mirrors resolve_symbol() of Linux kernel/module/main.c.

import { ModuleState, Module, find_module } from "./module";
import { host_buf } from "../hostbuf";
import { Ksym, KsymTable, ksym_at, vmlinux_syms } from "../kallsyms";
import { strncmp, strcmp, strlen } from "../../lib/string";
import { kfree, kzalloc } from "../../mm/slab";
import { pr_warn } from "../printk/printk";

/** What the host asks for. */
const enum Resolve {
  /** Site of a function. */
  FUNC = 0,
  /** Address of a variable. */
  MEM = 1,
}

/** A module whose symbols another one uses. */
@unmanaged
export class ModuleUse {
  next: usize;
  target: Module;
}

let mapping: Module = changetype<Module>(0);

/** From now on the host asks for mod. */
export function set_mapping(mod: Module): void {
  mapping = mod;
}

/** Length of the folder part of a path name: up to the last slash. */
function dir_len(path: usize): u32 {
  let n: u32 = 0;
  for (let i: u32 = 0; load<u8>(path + i) != 0; i++) {
    if (load<u8>(path + i) == 47) n = i;
  }
  return n;
}

/** Whether sym is what path names: "fs/open/do_open" of fs/open.ts. */
function is_at(sym: Ksym, path: usize, dir: u32): bool {
  if (strcmp(sym.name, path + dir + 1) != 0) return false;
  if (strncmp(sym.file, path, dir) != 0) return false;
  return strlen(sym.file) == dir + 3;
}

function find_in(table: KsymTable, path: usize, func: bool): Ksym | null {
  const dir = dir_len(path);
  for (let i: u32 = 0; i < table.num; i++) {
    const sym = ksym_at(table, i);
    if (sym.is_func == func && is_at(sym, path, dir)) return sym;
  }
  return null;
}

/** mod uses owner from now on; false without memory. */
function use_module(mod: Module, owner: Module): bool {
  for (let u = mod.uses; u != 0; u = load<usize>(u)) {
    if (changetype<ModuleUse>(u).target == owner) return true;
  }
  const at = kzalloc(offsetof<ModuleUse>());
  if (at == 0) return false;
  const use = changetype<ModuleUse>(at);
  use.target = owner;
  use.next = mod.uses;
  mod.uses = at;
  owner.refcnt++;
  return true;
}

/** Only a live module gives its symbols away. */
function may_use(table: KsymTable): bool {
  if (table.mod_name == 0) return true;
  const owner = find_module(table.mod_name);
  if (owner == null || owner.state != <u32>ModuleState.LIVE) return false;
  return use_module(mapping, owner);
}

function find_symbol(path: usize, func: bool): Ksym | null {
  let at = changetype<usize>(vmlinux_syms());
  for (; at != 0; at = load<usize>(at)) {
    const table = changetype<KsymTable>(at);
    const sym = find_in(table, path, func);
    if (sym != null) return may_use(table) ? sym : null;
  }
  return null;
}

/** What a pointer to a function points to, as the compiler lays it out. */
@unmanaged
class FunctionObject {
  site: u32;
  env: usize;
  next: usize;
}

/** Never freed: a pointer that a patch stored outlives the patch. */
let function_objects: usize = 0;

/** Of the function at path ("fn:PATH"): the kernel has no object of its own. */
function function_object(path: usize): usize {
  const sym = find_symbol(path, true);
  if (sym == null) return 0;
  const site = sym.value != 0 ? sym.value : sym.id;
  for (let o = function_objects; o != 0;) {
    const known = changetype<FunctionObject>(o);
    if (known.site == site) return o;
    o = known.next;
  }
  const at = kzalloc(offsetof<FunctionObject>());
  if (at == 0) return 0;
  const object = changetype<FunctionObject>(at);
  object.site = site;
  object.next = function_objects;
  function_objects = at;
  return at;
}

/** Called by the host: the name is in host_buffer(). 0: there is none. */
export function module_resolve(kind: u32, len: u32): usize {
  store<u8>(host_buf + len, 0);
  let found: usize = 0;
  if (kind == <u32>Resolve.MEM && load<u32>(host_buf) << 8 == 0x3a6e6600) {
    found = function_object(host_buf + 3);
  } else {
    const sym = find_symbol(host_buf, kind == <u32>Resolve.FUNC);
    if (sym != null) found = sym.value;
  }
  if (found == 0) {
    const dir = dir_len(host_buf);
    const name = dir == 0 ? host_buf : host_buf + dir + 1;
    pr_warn("%s: Unknown symbol %s (err -2)\n", mapping.name, name);
  }
  return found;
}

/** mod uses nobody any more. */
export function module_unload_free(mod: Module): void {
  while (mod.uses != 0) {
    const use = changetype<ModuleUse>(mod.uses);
    mod.uses = use.next;
    use.target.refcnt--;
    kfree(changetype<usize>(use));
  }
}
