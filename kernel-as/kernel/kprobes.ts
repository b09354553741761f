// kprobes.ts - handlers on the entry of a function, put there at run time.
//
// A probe uses the function's ftrace site. One with a post_handler claims
// the right to redirect the call, as in Linux, so livepatch and such a probe
// exclude each other: see kernel/trace/ftrace_ops.ts.
// Mirrors Linux kernel/kprobes.c with CONFIG_KPROBES_ON_FTRACE.

import { Errno } from "../abi";
import { strchr } from "../lib/string";
import { kfree, kstrdup } from "../mm/slab";
import {
  Ksym,
  KsymTable,
  kallsyms_lookup_name,
  kallsyms_table,
  ksym_find,
} from "./kallsyms";
import {
  Kprobe,
  KprobeFl,
  kprobe_ftrace_handler,
  kprobe_list,
  set_kprobe_list,
} from "./kprobes_ftrace";
import { pr_info } from "./printk/printk";
import { lookup_rec } from "./trace/dyn_ftrace";
import { FtraceOpsFl } from "./trace/ftrace";
import { FtraceOps } from "./trace/ftrace_caller";
import {
  ftrace_ops_add_site,
  ftrace_ops_del_site,
  ftrace_watch_hash,
  add_sites_gone_hook,
} from "./trace/ftrace_ops";
import { FtraceHash, ftrace_hash_test } from "./trace/ftrace_sites";
import { ftrace_settle } from "./trace/settle";

const kprobe_ftrace_ops = changetype<FtraceOps>(
  memory.data(offsetof<FtraceOps>(), 4),
);
const kprobe_ipmodify_ops = changetype<FtraceOps>(
  memory.data(offsetof<FtraceOps>(), 4),
);
const kprobe_hash = changetype<FtraceHash>(
  memory.data(offsetof<FtraceHash>(), 4),
);
const ipmodify_hash = changetype<FtraceHash>(
  memory.data(offsetof<FtraceHash>(), 4),
);
/** /sys/kernel/debug/kprobes/enabled is 0. */
export let kprobes_all_disarmed: bool = false;

export function kprobes_init(): void {
  kprobe_ftrace_ops.func = kprobe_ftrace_handler;
  kprobe_ftrace_ops.flags = FtraceOpsFl.SAVE_REGS;
  kprobe_ipmodify_ops.func = kprobe_ftrace_handler;
  kprobe_ipmodify_ops.flags = FtraceOpsFl.SAVE_REGS | FtraceOpsFl.IPMODIFY;
  kprobe_ipmodify_ops.data = 1;
  ftrace_watch_hash(kprobe_hash);
  ftrace_watch_hash(ipmodify_hash);
  add_sites_gone_hook(kprobes_sites_gone);
}

/** The symbol "name" or "module:name", or null. */
export function kprobe_lookup_symbol(name: usize): Ksym | null {
  const colon = strchr(name, 58);
  if (colon == 0) return kallsyms_lookup_name(name);
  const module = kstrdup(name);
  if (module == 0) return null;
  store<u8>(module + (colon - name), 0);
  const table: KsymTable | null = kallsyms_table(module);
  kfree(module);
  return table == null ? null : ksym_find(table, colon + 1, 1);
}

/** Finds the site that p is for; 0 or -errno. */
function kprobe_addr(p: Kprobe): i32 {
  if ((p.symbol_name == 0) == (p.addr == 0)) return -Errno.EINVAL;
  if (p.symbol_name != 0) {
    const sym = kprobe_lookup_symbol(p.symbol_name);
    if (sym == null) return -Errno.ENOENT;
    if (!sym.is_func) return -Errno.EINVAL;
    p.addr = sym.value;
  }
  if (lookup_rec(p.addr) == null) return -Errno.EINVAL;
  // Wasm code has no address between two instructions of a function.
  return p.offset == 0 ? 0 : -Errno.EILSEQ;
}

function is_listed(p: Kprobe): bool {
  let at = kprobe_list;
  while (at != 0 && at != changetype<usize>(p)) {
    at = changetype<Kprobe>(at).next;
  }
  return at != 0;
}

function link_kprobe(p: Kprobe): void {
  p.next = kprobe_list;
  set_kprobe_list(changetype<usize>(p));
}

function unlink_kprobe(p: Kprobe): void {
  if (kprobe_list == changetype<usize>(p)) return set_kprobe_list(p.next);
  let at = changetype<Kprobe>(kprobe_list);
  while (at.next != changetype<usize>(p)) at = changetype<Kprobe>(at.next);
  at.next = p.next;
}

/** Does a probe that fires on the site want that kind of callback? */
function site_wanted(site: u32, ipmodify: bool): bool {
  if (kprobes_all_disarmed) return false;
  const off = KprobeFl.DISABLED | KprobeFl.GONE;
  let at = kprobe_list;
  for (; at != 0; at = changetype<Kprobe>(at).next) {
    const p = changetype<Kprobe>(at);
    if (p.addr != site || (p.flags & off) != 0) continue;
    if ((p.post_handler != null) == ipmodify) return true;
  }
  return false;
}

/** Attaches or detaches what the probes on a site need. */
function update_site(site: u32, ipmodify: bool): i32 {
  const ops = ipmodify ? kprobe_ipmodify_ops : kprobe_ftrace_ops;
  const hash = ipmodify ? ipmodify_hash : kprobe_hash;
  const wanted = site_wanted(site, ipmodify);
  if (wanted == ftrace_hash_test(hash, site)) return 0;
  if (wanted) return ftrace_ops_add_site(ops, hash, site);
  ftrace_ops_del_site(ops, hash, site);
  ftrace_settle();
  return 0;
}

function arm_kprobe(p: Kprobe): i32 {
  return update_site(p.addr, p.post_handler != null);
}

/**
 * Puts a probe in place. -ENOENT: no such symbol; -EILSEQ: offset is not 0;
 * -EINVAL: not a function that can be probed, or registered already.
 * When a livepatch may redirect the function, a probe with a post_handler is
 * left out and the answer is 0 all the same: so does Linux 7.3.4.
 */
export function register_kprobe(p: Kprobe): i32 {
  if (is_listed(p)) return -Errno.EINVAL;
  let ret = kprobe_addr(p);
  if (ret != 0) return ret;
  p.nmissed = 0;
  p.flags = (p.flags & KprobeFl.DISABLED) | KprobeFl.FTRACE;
  link_kprobe(p);
  ret = arm_kprobe(p);
  if (ret == 0) return 0;
  unlink_kprobe(p);
  return ret == -Errno.EBUSY ? 0 : ret;
}

/** Context: task; may sleep. */
export function unregister_kprobe(p: Kprobe): void {
  if (!is_listed(p)) return;
  unlink_kprobe(p);
  if ((p.flags & KprobeFl.GONE) == 0) arm_kprobe(p);
}

export function disable_kprobe(p: Kprobe): i32 {
  if (!is_listed(p)) return -Errno.EINVAL;
  p.flags |= KprobeFl.DISABLED;
  return (p.flags & KprobeFl.GONE) != 0 ? 0 : arm_kprobe(p);
}

export function enable_kprobe(p: Kprobe): i32 {
  if (!is_listed(p) || (p.flags & KprobeFl.GONE) != 0) return -Errno.EINVAL;
  p.flags &= ~KprobeFl.DISABLED;
  const ret = arm_kprobe(p);
  if (ret != 0) p.flags |= KprobeFl.DISABLED;
  return ret;
}

/** Arms or disarms all probes; 0 or the first error. */
export function kprobes_set_enabled(on: bool): i32 {
  if (kprobes_all_disarmed != on) return 0;
  kprobes_all_disarmed = !on;
  let ret = 0;
  let at = kprobe_list;
  for (; at != 0; at = changetype<Kprobe>(at).next) {
    const err = arm_kprobe(changetype<Kprobe>(at));
    if (err != 0) ret = err;
  }
  if (on) pr_info("kprobes: Kprobes globally enabled\n");
  else pr_info("kprobes: Kprobes globally disabled\n");
  return ret;
}

/** A module is unloaded: its probes stay, and never fire again. */
function kprobes_sites_gone(base: u32, n: u32): void {
  let at = kprobe_list;
  for (; at != 0; at = changetype<Kprobe>(at).next) {
    const p = changetype<Kprobe>(at);
    if (p.addr - base < n) p.flags |= KprobeFl.GONE;
  }
}
