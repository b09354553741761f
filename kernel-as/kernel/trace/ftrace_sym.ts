// ftrace_sym.ts - names of sites and of the functions in trace records.
// A page of sites keeps its symbols, so that a long trace prints fast.

import { kzalloc } from "../../mm/slab";
import {
  Ksym,
  KsymTable,
  kallsyms_lookup,
  kallsyms_lookup_module,
  ksym_at,
  ksym_shown_addr,
  vmlinux_syms,
} from "../kallsyms";
import { FtracePage, find_ftrace_page, first_ftrace_page } from "./dyn_ftrace";

function collect(p: FtracePage, table: KsymTable): void {
  for (let i: u32 = 0; i < table.num; i++) {
    const sym = ksym_at(table, i);
    const at = sym.value - p.base;
    if (!sym.is_func || sym.value == 0 || at >= p.n) continue;
    store<usize>(p.syms + 4 * at, changetype<usize>(sym));
  }
}

/** The symbol of a site, or null when it has none or memory is out. */
export function ftrace_sym(site: u32): Ksym | null {
  const p = find_ftrace_page(site);
  if (p == null || site >= p.base + p.n) return null;
  if (p.syms == 0) {
    p.syms = kzalloc(4 * p.n);
    if (p.syms == 0) return null;
    for (let t = changetype<usize>(vmlinux_syms()); t != 0;) {
      collect(p, changetype<KsymTable>(t));
      t = load<usize>(t);
    }
  }
  return changetype<Ksym | null>(load<usize>(p.syms + 4 * (site - p.base)));
}

/** The symbol of a function id. */
export function ftrace_id_sym(id: u32): Ksym | null {
  const p = find_ftrace_page(id);
  if (p == null || id < p.base + p.n || id >= p.base + 2 * p.n) {
    return id == 0 ? null : kallsyms_lookup(id);
  }
  return ftrace_sym(id - p.n);
}

/** Name of the module a site or function id is in; 0 for vmlinux. */
export function ftrace_module_name(i: u32): usize {
  const p = find_ftrace_page(i);
  if (p == null || p.base == 1) return 0;
  const id = i < p.base + p.n ? i + p.n : i;
  return kallsyms_lookup_module(id);
}

/** How many sites there are. */
export function nr_ftrace_sites(): u32 {
  let n: u32 = 0;
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    n += changetype<FtracePage>(at).n;
  }
  return n;
}

/** The i-th site in the order of available_filter_functions, or 0. */
export function ftrace_nth_site(i: u64): u32 {
  for (let at = first_ftrace_page(); at != 0; at = load<usize>(at)) {
    const p = changetype<FtracePage>(at);
    if (i < p.n) return p.base + <u32>i;
    i -= p.n;
  }
  return 0;
}

/** The address shown for a site. */
export function ftrace_site_addr(site: u32): u64 {
  const sym = ftrace_sym(site);
  return sym == null ? 0 : ksym_shown_addr(sym);
}
