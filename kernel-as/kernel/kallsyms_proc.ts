// kallsyms_proc.ts - /proc/kallsyms.
//
// "ADDRESS TYPE NAME", and a tab and "[module]" for modules. Addresses are
// zeros for those who may not see them; names are for everybody.
// Mirrors the seq_file of Linux kernel/kallsyms.c.

import { proc_create_seq } from "../fs/proc/generic";
import { SeqFile, SeqOperations, seq_printf } from "../fs/seq_file";
import {
  Ksym,
  KsymTable,
  ksym_at,
  ksym_shown_addr,
  vmlinux_syms,
} from "./kallsyms";
import { current } from "./sched/task";
import { kptr_restrict } from "./sysctl";

const ops = changetype<SeqOperations>(
  memory.data(offsetof<SeqOperations>(), 4),
);

/** Table of the symbol that the walk found. */
let table: KsymTable = changetype<KsymTable>(0);

/** Symbol number pos of all tables, as an address; 0 at the end. */
function symbol_at(pos: u64): usize {
  let at = changetype<usize>(vmlinux_syms());
  for (; at != 0; at = load<usize>(at)) {
    table = changetype<KsymTable>(at);
    if (pos < table.num) return changetype<usize>(ksym_at(table, <u32>pos));
    pos -= table.num;
  }
  return 0;
}

function s_start(_m: SeqFile, pos: usize): usize {
  return symbol_at(load<u64>(pos));
}

function s_next(_m: SeqFile, _v: usize, pos: usize): usize {
  store<u64>(pos, load<u64>(pos) + 1);
  return symbol_at(load<u64>(pos));
}

function s_stop(_m: SeqFile, _v: usize): void {}

/** kptr_restrict 0 and 1: user 0; 2: nobody. */
export function kallsyms_show_value(): bool {
  return kptr_restrict() < 2 && current.euid == 0;
}

function s_show(m: SeqFile, v: usize): i32 {
  const sym = changetype<Ksym>(v);
  const addr = kallsyms_show_value() ? ksym_shown_addr(sym) : 0;
  seq_printf(m, "%016lx %c %s", addr, sym.type, sym.name);
  if (table.mod_name != 0) seq_printf(m, "\t[%s]", table.mod_name);
  seq_printf(m, "\n");
  return 0;
}

export function proc_kallsyms_init(): void {
  ops.start = s_start;
  ops.next = s_next;
  ops.stop = s_stop;
  ops.show = s_show;
  proc_create_seq("kallsyms", 0, null, ops);
}
