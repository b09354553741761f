// procfs.ts - /proc/modules, which lsmod prints.
// Mirrors Linux kernel/module/procfs.c.

import { SeqFile, seq_printf, seq_puts } from "../../fs/seq_file";
import { proc_create_single } from "../../fs/proc/generic";
import { list_next } from "../../lib/list";
import { kallsyms_show_value } from "../kallsyms_proc";
import { Module, ModuleState, modules_list } from "./module";
import { ModuleUse } from "./resolve";
import { module_flags_taint } from "./taint";

const flags = memory.data(32);

/** The modules that use mod, each with a comma; "-" for none. */
function print_unload_info(m: SeqFile, mod: Module): void {
  const head = modules_list();
  let any = false;
  for (let at = list_next(head); at != head; at = list_next(at)) {
    const user = changetype<Module>(at);
    for (let u = user.uses; u != 0; u = load<usize>(u)) {
      if (changetype<ModuleUse>(u).target != mod) continue;
      seq_printf(m, "%s,", user.name);
      any = true;
    }
  }
  if (mod.init != 0 && mod.exit == 0) {
    seq_puts(m, "[permanent],");
    any = true;
  }
  if (!any) seq_puts(m, "-");
}

function state_name(state: u32): string {
  if (state == <u32>ModuleState.LIVE) return "Live";
  return state == <u32>ModuleState.GOING ? "Unloading" : "Loading";
}

function m_show(m: SeqFile, mod: Module): void {
  seq_printf(m, "%s %u %d ", mod.name, mod.core_size, mod.refcnt);
  print_unload_info(m, mod);
  const base = 0xffffffff81000000 + 16 * <u64>mod.table_base;
  const name = state_name(mod.state);
  const addr = kallsyms_show_value() ? base : 0;
  seq_printf(m, " %S 0x%016lx", changetype<usize>(name), addr);
  const n = module_flags_taint(mod, flags);
  store<u8>(flags + n, 0);
  if (n > 0) seq_printf(m, " (%s)", flags);
  seq_puts(m, "\n");
}

function modules_proc_show(m: SeqFile, _v: usize): i32 {
  const head = modules_list();
  for (let at = list_next(head); at != head; at = list_next(at)) {
    const mod = changetype<Module>(at);
    if (mod.state != <u32>ModuleState.UNFORMED) m_show(m, mod);
  }
  return 0;
}

export function proc_modules_init(): void {
  proc_create_single("modules", 0, null, modules_proc_show);
}
