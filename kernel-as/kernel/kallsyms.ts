// kallsyms.ts - names of the kernel's and the modules' symbols.
//
// The linker writes vmlinux's table; the module loader adds one for every
// module. Wasm functions have no address: the ones shown are made from ids,
// Linux's text range plus 16 for each id.
// Mirrors Linux kernel/kallsyms.c.

import { kallsyms_addr, kallsyms_num, nr_functions } from "../host";
import { strcmp, streq_lit, strlen } from "../lib/string";
import { set_sprint_symbol, snprintf } from "../lib/vsprintf";

/** One symbol. Written by src/kbuild/kallsyms.ts and expand_symbols(). */
@unmanaged
export class Ksym {
  name: usize;
  /** Path of its source file. */
  file: usize;
  /** Function: its site, 0 when notrace. Variable: its address. */
  value: u32;
  /** Function: its id, the index of its body. Else 0. */
  id: u32;
  /** Bytes of its code or data. */
  size: u32;
  /** As nm prints it; T and t are functions, upper case is exported. */
  type: u32;

  get is_func(): bool {
    return (this.type | 32) == 116;
  }
}

/** The symbols of vmlinux or of one module. */
@unmanaged
export class KsymTable {
  next: usize;
  /** Module name, 0 for vmlinux. */
  mod_name: usize;
  syms: usize;
  num: u32;
}

const vmlinux_table = memory.data(16, 4);

export function vmlinux_syms(): KsymTable {
  return changetype<KsymTable>(vmlinux_table);
}

export function ksym_at(table: KsymTable, i: u32): Ksym {
  return changetype<Ksym>(table.syms + i * offsetof<Ksym>());
}

/**
 * Fills in what the linker left out because it follows from the order of the
 * symbols: names one behind the other, table entries counted from 1.
 */
function expand_symbols(t: KsymTable): void {
  let name = t.syms + t.num * offsetof<Ksym>();
  let file: usize = 0;
  let site: u32 = 0;
  let plain = 3 * nr_functions;
  for (let i: u32 = 0; i < t.num; i++) {
    const sym = ksym_at(t, i);
    sym.name = name;
    name += strlen(name) + 1;
    if (sym.file == 0) sym.file = file;
    file = sym.file;
    if (!sym.is_func) continue;
    if (sym.value != 0) sym.value = ++site;
    sym.id = sym.value != 0 ? nr_functions + site : ++plain;
  }
}

export function kallsyms_init(): void {
  const t = vmlinux_syms();
  t.syms = kallsyms_addr;
  t.num = kallsyms_num;
  expand_symbols(t);
  set_sprint_symbol(sprint_symbol);
}

/** Symbols of a module, in order of loading. */
export function kallsyms_add_module(table: KsymTable): void {
  let last = vmlinux_syms();
  while (last.next != 0) last = changetype<KsymTable>(last.next);
  table.next = 0;
  last.next = changetype<usize>(table);
}

export function kallsyms_del_module(table: KsymTable): void {
  let t = vmlinux_syms();
  while (t.next != changetype<usize>(table)) t = changetype<KsymTable>(t.next);
  t.next = table.next;
}

/** The table of a module by name; 0 names vmlinux. */
export function kallsyms_table(mod_name: usize): KsymTable | null {
  if (mod_name == 0) return vmlinux_syms();
  let at = vmlinux_syms().next;
  for (; at != 0; at = load<usize>(at)) {
    const t = changetype<KsymTable>(at);
    if (strcmp(t.mod_name, mod_name) == 0) return t;
  }
  return null;
}

/** The pos-th symbol called name in table (1 is the first), or null. */
export function ksym_find(
  table: KsymTable,
  name: usize,
  pos: u32,
): Ksym | null {
  for (let i: u32 = 0; i < table.num; i++) {
    const sym = ksym_at(table, i);
    if (strcmp(sym.name, name) == 0 && --pos == 0) return sym;
  }
  return null;
}

/** As ksym_find for a literal, the first of that name. */
export function ksym_find_lit(table: KsymTable, name: string): Ksym | null {
  for (let i: u32 = 0; i < table.num; i++) {
    if (streq_lit(ksym_at(table, i).name, name)) return ksym_at(table, i);
  }
  return null;
}

/** The first symbol called name, vmlinux first, or null. */
export function kallsyms_lookup_name(name: usize): Ksym | null {
  let at = vmlinux_table;
  for (; at != 0; at = load<usize>(at)) {
    const sym = ksym_find(changetype<KsymTable>(at), name, 1);
    if (sym != null) return sym;
  }
  return null;
}

/** Table in which the last look-up by value found its symbol. */
let found_in: KsymTable = changetype<KsymTable>(0);

function covers(sym: Ksym, value: usize): bool {
  if (sym.is_func) return sym.id == <u32>value;
  return value >= sym.value && value < <usize>sym.value + sym.size;
}

/** The symbol of function id value, or the variable at address value. */
export function kallsyms_lookup(value: usize): Ksym | null {
  let at = vmlinux_table;
  for (; at != 0 && value != 0; at = load<usize>(at)) {
    found_in = changetype<KsymTable>(at);
    for (let i: u32 = 0; i < found_in.num; i++) {
      const sym = ksym_at(found_in, i);
      if (covers(sym, value)) return sym;
    }
  }
  return null;
}

/** Bytes of function id's code; 0 when unknown. */
export function kallsyms_lookup_size(id: u32): u32 {
  const sym = kallsyms_lookup(id);
  return sym == null ? 0 : sym.size;
}

/** Name of the module that the symbol of value is in; 0 for vmlinux. */
export function kallsyms_lookup_module(value: usize): usize {
  return kallsyms_lookup(value) == null ? 0 : found_in.mod_name;
}

/** "name+0x0/0x30 [module]", as %pS prints a function id or an address. */
export function sprint_symbol(buf: usize, value: usize): u32 {
  const sym = kallsyms_lookup(value);
  if (sym == null) return snprintf(buf, 640, "0x%x", value);
  return sprint_ksym(buf, sym, sym.is_func ? 0 : <u32>value - sym.value);
}

function sprint_ksym(buf: usize, sym: Ksym, offset: u32): u32 {
  const n = snprintf(buf, 580, "%s+0x%x/0x%x", sym.name, offset, sym.size);
  if (found_in.mod_name == 0) return n;
  return n + snprintf(buf + n, 60, " [%s]", found_in.mod_name);
}

/**
 * One line of a stack trace: "name+0xCALL/0xSIZE [module]". Difference from
 * Linux: the offset counts the calls of the function, not its bytes.
 */
export function sprint_backtrace(buf: usize, id: u32, call: u32): u32 {
  const sym = kallsyms_lookup(id);
  if (sym == null) return snprintf(buf, 640, "0x%x", id);
  return sprint_ksym(buf, sym, call);
}

/** The address shown for a symbol. */
export function ksym_shown_addr(sym: Ksym): u64 {
  if (!sym.is_func) return 0xffff888000000000 + sym.value;
  return 0xffffffff81000000 + 16 * <u64>sym.id;
}

if (offsetof<Ksym>() != 24) ERROR("kallsyms.ts: Ksym is 24 bytes");
