// module.ts - struct Module, and the list of modules.
//
// Mirrors Linux include/linux/module.h and the list part of
// kernel/module/main.c.

import { INIT_LIST_HEAD, list_next } from "../../lib/list";
import { strcmp } from "../../lib/string";
import { KsymTable } from "../kallsyms";

/** Module.state, as Linux. */
export const enum ModuleState {
  LIVE = 0,
  COMING = 1,
  GOING = 2,
  UNFORMED = 3,
}

@unmanaged
export class Module {
  /** In the list of modules. */
  next: usize;
  prev: usize;
  state: u32;
  /** Users: itself while it is patched, modules, open files. */
  refcnt: i32;
  name: usize;
  /** A KsymTable. */
  symtab_next: usize;
  symtab_mod_name: usize;
  symtab_syms: usize;
  symtab_num: u32;
  /** Copies of its sections .symtab, .param and .klp.funcs; 0 none. */
  symtab_sect: usize;
  param_sect: usize;
  klp_sect: usize;
  /** Handle that the host knows it by. */
  handle: u32;
  /** Its data. */
  core: usize;
  core_size: u32;
  /** Table entries: 3n from table_base. */
  table_base: u32;
  table_size: u32;
  /** Sites of its functions; 0 none. */
  init: u32;
  exit: u32;
  taints: u32;
  /** First ModuleUse: modules whose symbols it took. */
  uses: usize;
  kobj: usize;
  holders_kobj: usize;
  params_kobj: usize;
  /** modinfo has livepatch=Y. */
  klp: bool;
  /** Livepatch may patch it: it is coming or live. */
  klp_alive: bool;

  get symtab(): KsymTable {
    return changetype<KsymTable>(
      changetype<usize>(this) + offsetof<Module>("symtab_next"),
    );
  }
}

const modules = memory.data(8, 4);

export function modules_list(): usize {
  return modules;
}

export function modules_init(): void {
  INIT_LIST_HEAD(modules);
}

export function find_module(name: usize): Module | null {
  for (let at = list_next(modules); at != modules; at = list_next(at)) {
    const mod = changetype<Module>(at);
    if (strcmp(mod.name, name) == 0) return mod;
  }
  return null;
}

/** A reference on a module that is not going away. */
export function try_module_get(mod: Module): bool {
  if (mod.state == <u32>ModuleState.GOING) return false;
  mod.refcnt++;
  return true;
}

export function module_put(mod: Module): void {
  mod.refcnt--;
}

/** The module whose init or exit function runs now. */
let this_module: Module = changetype<Module>(0);

export function set_this_module(mod: Module): void {
  this_module = mod;
}

/** For use in init and exit functions only. */
export function THIS_MODULE(): Module {
  return this_module;
}
