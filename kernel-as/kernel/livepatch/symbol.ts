// symbol.ts - finds the old function by name and position in its object.
//
// Mirrors klp_find_object_symbol() of Linux kernel/livepatch/core.c.

import { Errno } from "../../abi";
import { KlpFunc } from "../../include/linux/livepatch";
import { lit } from "../../lib/string";
import { Ksym, kallsyms_table, ksym_find } from "../kallsyms";
import { pr_err } from "../printk/printk";

function ambiguous(name: usize, objname: usize): i32 {
  pr_err(
    "livepatch: unresolvable ambiguity for symbol '%s' in object '%s'\n",
    name,
    objname,
  );
  return -Errno.EINVAL;
}

function beyond(name: usize, objname: usize, sympos: u32): i32 {
  if (objname == 0) {
    pr_err(
      "livepatch: symbol position %u for symbol '%s' in object '%S' not found\n",
      sympos,
      name,
      lit("vmlinux"),
    );
  } else {
    pr_err(
      "livepatch: symbol position %u for symbol '%s' in object '%s' not found\n",
      sympos,
      name,
      objname,
    );
  }
  return -Errno.EINVAL;
}

/** The symbol at position sympos; 0 asks for a unique one. */
function find(objname: usize, name: usize, sympos: u32): Ksym | null {
  const table = kallsyms_table(objname);
  if (table == null) return null;
  return ksym_find(table, name, sympos == 0 ? 1 : sympos);
}

/** Fills func.old_func and old_size; objname 0 is vmlinux. */
export function klp_find_object_symbol(objname: usize, func: KlpFunc): i32 {
  const name = func.old_name;
  if (find(objname, name, 1) == null) {
    pr_err("livepatch: symbol '%s' not found in symbol table\n", name);
    return -Errno.EINVAL;
  }
  const sympos = func.old_sympos;
  if (sympos == 0 && find(objname, name, 2) != null) {
    return ambiguous(name, objname);
  }
  const sym = find(objname, name, sympos);
  if (sym == null) return beyond(name, objname, sympos);
  func.old_func = sym.id;
  func.old_size = sym.size;
  return 0;
}
