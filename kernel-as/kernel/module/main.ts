// main.ts - loads modules.
//
// The order is Linux's and livepatch depends on it: taint, symbols, sites
// known to ftrace, livepatch told, parameters, sysfs, and only then the
// module's init function. So a patched function of the module is redirected
// before anybody can call it.
// Mirrors Linux kernel/module/main.c.

import { Errno } from "../../abi";
import { linux_build, module_map, module_unmap } from "../../host";
import { dump_stack } from "../../lib/dump_stack";
import { INIT_LIST_HEAD, list_add_tail, list_del_init } from "../../lib/list";
import { lit, streq_lit, strcmp } from "../../lib/string";
import { kfree, kstrdup, kzalloc } from "../../mm/slab";
import { vfree, vmalloc } from "../../mm/vmalloc";
import {
  Ksym,
  kallsyms_add_module,
  kallsyms_del_module,
  ksym_at,
  ksym_find_lit,
} from "../kallsyms";
import { pr_err, pr_warn } from "../printk/printk";
import { calls_followed } from "../trace/call_stack";
import { update_followed_calls } from "../trace/follow_calls";
import { ftrace_module_init, ftrace_release_mod } from "../trace/ftrace";
import {
  Module,
  ModuleState,
  find_module,
  modules_list,
  set_this_module,
} from "./module";
import { notify_module_coming, notify_module_going } from "./notifier";
import { parse_args, relocate_params } from "./params";
import { module_unload_free, set_mapping } from "./resolve";
import { mod_sysfs_setup, mod_sysfs_teardown } from "./sysfs";
import { table_alloc, table_free } from "./table";
import { module_augment_kernel_taints } from "./taint";
import { LoadInfo, get_modinfo, wasm_validity_check } from "./wasm";

const VERMAGIC = "7.3.4-patchbay SMP preempt mod_unload ";
const info_mem = memory.data(offsetof<LoadInfo>(), 8);
let last_handle: u32 = 0;

/** Is the module for this kernel? */
function check_modinfo(info: LoadInfo): i32 {
  const name = get_modinfo(info, "name");
  if (name == 0) {
    pr_warn("module: No module found in object\n");
    return -Errno.ENOEXEC;
  }
  info.name = name;
  const vermagic = get_modinfo(info, "vermagic");
  if (vermagic == 0 || !streq_lit(vermagic, VERMAGIC)) {
    pr_err(
      "%s: version magic '%s' should be '%S'\n",
      name,
      vermagic,
      lit(VERMAGIC),
    );
    return -Errno.ENOEXEC;
  }
  return check_build(info);
}

/** Sites and addresses are those of one build; Linux compares CRCs. */
function check_build(info: LoadInfo): i32 {
  const build = get_modinfo(info, "patchbay_build");
  if (build != 0 && strcmp(build, linux_build) == 0) return 0;
  pr_warn("%s: disagrees about version of symbol module_layout\n", info.name);
  return -Errno.ENOEXEC;
}

/** -EEXIST when it is loaded, -EBUSY while it comes or goes. */
function check_exists(name: usize): i32 {
  const old = find_module(name);
  if (old == null) return 0;
  return old.state == <u32>ModuleState.LIVE ? -Errno.EEXIST : -Errno.EBUSY;
}

/** A copy of a section of the file; 0: it has none, or there is no memory. */
function copy_section(addr: usize, len: u32): usize {
  if (addr == 0) return 0;
  const at = kzalloc(len + 1);
  if (at != 0) memory.copy(at, addr, len);
  return at;
}

function copy_sections(mod: Module, info: LoadInfo): bool {
  mod.symtab_sect = copy_section(info.symtab, info.symtab_len);
  mod.param_sect = copy_section(info.param, info.param_len);
  mod.klp_sect = copy_section(info.klp, info.klp_len);
  if (info.symtab != 0 && mod.symtab_sect == 0) return false;
  if (info.param != 0 && mod.param_sect == 0) return false;
  return info.klp == 0 || mod.klp_sect != 0;
}

/** Memory for the module and its table entries. Null: there is none. */
function layout_and_allocate(info: LoadInfo): Module | null {
  const mod = changetype<Module>(kzalloc(offsetof<Module>()));
  if (changetype<usize>(mod) == 0) return null;
  INIT_LIST_HEAD(changetype<usize>(mod));
  mod.state = ModuleState.UNFORMED;
  mod.name = kstrdup(info.name);
  mod.core_size = info.mem_size;
  mod.core = vmalloc(info.mem_size + 8);
  mod.table_base = table_alloc(info.table_size);
  mod.table_size = info.table_size;
  const ok = mod.name != 0 && mod.core != 0 && mod.table_base != 0;
  if (ok && copy_sections(mod, info)) return mod;
  module_deallocate(mod);
  return null;
}

function module_deallocate(mod: Module): void {
  module_unload_free(mod);
  kfree(mod.symtab_sect);
  kfree(mod.param_sect);
  kfree(mod.klp_sect);
  vfree(mod.core, mod.core_size + 8);
  kfree(mod.name);
  kfree(changetype<usize>(mod));
}

/** Makes the symbols absolute and shows them in kallsyms. */
function add_kallsyms(mod: Module): void {
  const table = mod.symtab;
  table.mod_name = mod.name;
  if (mod.symtab_sect != 0) {
    table.num = load<u32>(mod.symtab_sect);
    table.syms = mod.symtab_sect + 8;
  }
  for (let i: u32 = 0; i < table.num; i++) {
    const sym = ksym_at(table, i);
    sym.name += mod.symtab_sect;
    sym.file += mod.symtab_sect;
    sym.value += sym.is_func ? mod.table_base : <u32>mod.core;
    if (sym.is_func) sym.id += mod.table_base;
  }
  kallsyms_add_module(table);
}

function site_of(mod: Module, name: string): u32 {
  const sym: Ksym | null = ksym_find_lit(mod.symtab, name);
  return sym == null ? 0 : sym.value;
}

/** Code, data and sites; the host links it. 0 or -errno. */
function map_module(mod: Module, info: LoadInfo): i32 {
  mod.handle = ++last_handle;
  set_mapping(mod);
  const ret = module_map(
    mod.handle,
    info.image,
    info.len,
    mod.core,
    mod.table_base,
  );
  if (ret != 0) return ret;
  store<usize>(mod.core, changetype<usize>(mod));
  const err = ftrace_module_init(mod.table_base, mod.table_size / 3);
  if (calls_followed) update_followed_calls();
  return err;
}

/** From here on the module is seen, but not alive. */
function complete_formation(mod: Module): void {
  add_kallsyms(mod);
  relocate_params(mod);
  mod.init = site_of(mod, "init_module");
  mod.exit = site_of(mod, "cleanup_module");
  mod.state = ModuleState.COMING;
}

function unform_module(mod: Module): void {
  table_free(mod.table_base, mod.table_size);
  module_unmap(mod.handle);
  list_del_init(changetype<usize>(mod));
  module_deallocate(mod);
}

/** Takes a module away that is not in use. */
export function free_module(mod: Module): void {
  mod_sysfs_teardown(mod);
  kallsyms_del_module(mod.symtab);
  ftrace_release_mod(mod.table_base);
  unform_module(mod);
  if (calls_followed) update_followed_calls();
}

/** Before free_module(): its functions are not called any more. */
export function module_going(mod: Module): void {
  mod.state = ModuleState.GOING;
  notify_module_going(mod);
}

export function call_init(mod: Module): i32 {
  if (mod.init == 0) return 0;
  set_this_module(mod);
  return call_indirect<i32>(mod.init);
}

function do_init_module(mod: Module): i32 {
  let ret = call_init(mod);
  if (ret < 0) {
    module_going(mod);
    // Two files of one name in sysfs: not "the module exists".
    return ret == -Errno.EEXIST ? -Errno.EBUSY : ret;
  }
  if (ret > 0) {
    pr_warn(
      "%S: '%s'->init suspiciously returned %d, it should follow 0/-E convention\n",
      lit("do_init_module"),
      mod.name,
      ret,
    );
    pr_warn("%S: loading module anyway...\n", lit("do_init_module"));
    dump_stack();
  }
  mod.state = ModuleState.LIVE;
  return 0;
}

/** Everything from livepatch on, for a module that is completely formed. */
function bring_up(mod: Module, args: usize): i32 {
  let ret = notify_module_coming(mod);
  if (ret != 0) return ret;
  ret = parse_args(mod, args);
  if (ret == 0) ret = mod_sysfs_setup(mod);
  if (ret != 0) {
    module_going(mod);
    return ret;
  }
  return do_init_module(mod);
}

/** Checks that cost nothing to undo. 0 or -errno. */
function early_mod_check(info: LoadInfo): i32 {
  if (!wasm_validity_check(info)) return -Errno.ENOEXEC;
  const ret = check_modinfo(info);
  return ret != 0 ? ret : check_exists(info.name);
}

/** Loads the module in image; args is "name=value ...". 0 or -errno. */
export function load_module(image: usize, len: u32, args: usize): i32 {
  const info = changetype<LoadInfo>(info_mem);
  memory.fill(info_mem, 0, offsetof<LoadInfo>());
  info.image = image;
  info.len = len;
  let ret = early_mod_check(info);
  if (ret != 0) return ret;
  const mod = layout_and_allocate(info);
  if (mod == null) return -Errno.ENOMEM;
  list_add_tail(changetype<usize>(mod), modules_list());
  const livepatch = get_modinfo(info, "livepatch");
  mod.klp = livepatch != 0 && load<u8>(livepatch) == 89;
  module_augment_kernel_taints(mod, get_modinfo(info, "intree") != 0);
  ret = map_module(mod, info);
  if (ret != 0) {
    unform_module(mod);
    return ret;
  }
  complete_formation(mod);
  ret = bring_up(mod, args);
  if (ret != 0) free_module(mod);
  return ret;
}
