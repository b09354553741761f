// sysctl.ts - settings of the running kernel: /proc/sys.
//
// A setting has a function that prints its value and one that takes a new
// one. Subsystems register their own; those of the kernel at large are here.
// Mirrors Linux kernel/sysctl.c.

import { Errno, Limits } from "../abi";
import { get_nr_files } from "../fs/file_table";
import { kstrto_value, kstrtoint, kstrtoull } from "../lib/kstrtox";
import { lit, strlen } from "../lib/string";
import { snprintf } from "../lib/vsprintf";
import { MAX_THREADS, MIN_THREADS, max_threads } from "./fork";
import { console_loglevel, default_console_loglevel } from "./printk/printk";
import { set_console_loglevel } from "./printk/printk";
import { get_taint, set_taint } from "./taint";
import { UTS_RELEASE, UTS_SYSNAME, UTS_VERSION } from "./uts";
import { set_utsname_node, utsname_node } from "./uts";

/** Writes the value with a newline into a page; its length or -errno. */
type GetFn = (ctl: CtlTable, buf: usize) => i32;
/** Takes a C string; 0 or -errno. */
type SetFn = (ctl: CtlTable, text: usize) => i32;

@unmanaged
export class CtlTable {
  procname: string;
  mode: u32;
  get: GetFn | null;
  /** null: read only. */
  set: SetFn | null;
  /** Address of an i32, for proc_dointvec_minmax. */
  data: usize;
  min: i32;
  max: i32;
}

const kptr_restrict_data = memory.data(4, 4);

/** 0: root sees addresses; 1: those with CAP_SYSLOG; 2: nobody. */
export function kptr_restrict(): i32 {
  return load<i32>(kptr_restrict_data);
}

const modules_disabled_data = memory.data(4, 4);

/** Set once, it stays: no module comes or goes any more. */
export function modules_disabled(): bool {
  return load<i32>(modules_disabled_data) != 0;
}

export function proc_dointvec(ctl: CtlTable, buf: usize): i32 {
  const v = load<i32>(ctl.data);
  return <i32>snprintf(buf, Limits.PAGE_SIZE, "%d\n", v);
}

/** Sets the i32 at data, which stays between min and max. */
export function proc_dointvec_minmax(ctl: CtlTable, text: usize): i32 {
  if (kstrtoint(text, 0) != 0) return -Errno.EINVAL;
  const v = <i32>kstrto_value;
  if (v < ctl.min || v > ctl.max) return -Errno.EINVAL;
  store<i32>(ctl.data, v);
  return 0;
}

function ostype_get(ctl: CtlTable, buf: usize): i32 {
  return <i32>snprintf(buf, Limits.PAGE_SIZE, "%S\n", lit(UTS_SYSNAME));
}

function osrelease_get(ctl: CtlTable, buf: usize): i32 {
  return <i32>snprintf(buf, Limits.PAGE_SIZE, "%S\n", lit(UTS_RELEASE));
}

function version_get(ctl: CtlTable, buf: usize): i32 {
  return <i32>snprintf(buf, Limits.PAGE_SIZE, "%S\n", lit(UTS_VERSION));
}

function hostname_get(ctl: CtlTable, buf: usize): i32 {
  return <i32>snprintf(buf, Limits.PAGE_SIZE, "%s\n", utsname_node());
}

function hostname_set(ctl: CtlTable, text: usize): i32 {
  const n = strlen(text);
  if (n > 0 && load<u8>(text + n - 1) == 10) store<u8>(text + n - 1, 0);
  set_utsname_node(text);
  return 0;
}

function tainted_get(ctl: CtlTable, buf: usize): i32 {
  return <i32>snprintf(buf, Limits.PAGE_SIZE, "%u\n", get_taint());
}

/** Marks can be set, never cleared. */
function tainted_set(ctl: CtlTable, text: usize): i32 {
  if (kstrtoull(text, 0) != 0) return -Errno.EINVAL;
  set_taint(<u32>kstrto_value);
  return 0;
}

function printk_get(ctl: CtlTable, buf: usize): i32 {
  return <i32>(
    snprintf(
      buf,
      Limits.PAGE_SIZE,
      "%d\t%d\t%d\t%d\n",
      console_loglevel,
      4,
      1,
      default_console_loglevel,
    )
  );
}

/** Only the first of the four numbers can be changed here. */
function printk_set(ctl: CtlTable, text: usize): i32 {
  let end = text;
  while (load<u8>(end) > 32) end++;
  store<u8>(end, 0);
  if (kstrtoint(text, 10) != 0) return -Errno.EINVAL;
  set_console_loglevel(<i32>kstrto_value);
  return 0;
}

function pid_max_get(ctl: CtlTable, buf: usize): i32 {
  return <i32>snprintf(buf, Limits.PAGE_SIZE, "%d\n", Limits.PID_MAX);
}

function file_nr_get(ctl: CtlTable, buf: usize): i32 {
  const n = get_nr_files();
  return <i32>snprintf(buf, Limits.PAGE_SIZE, "%u\t0\t%u\n", n, u32.MAX_VALUE);
}

/** Fills a setting in. */
export function ctl_init(
  ctl: CtlTable,
  name: string,
  mode: u32,
  get: GetFn | null,
  set: SetFn | null,
): CtlTable {
  ctl.procname = name;
  ctl.mode = mode;
  ctl.get = get;
  ctl.set = set;
  return ctl;
}

/** Fills in a setting that is an i32 at data, from min to max. */
export function ctl_init_int(
  ctl: CtlTable,
  name: string,
  data: usize,
  min: i32,
  max: i32,
): CtlTable {
  ctl_init(ctl, name, 0o644, proc_dointvec, proc_dointvec_minmax);
  ctl.data = data;
  ctl.min = min;
  ctl.max = max;
  return ctl;
}

const ctl_tables = memory.data(320, 4); // NR_TABLES * offsetof<CtlTable>()
const NR_KERN_TABLES: u32 = 10;

function table(i: u32): CtlTable {
  return changetype<CtlTable>(ctl_tables + i * offsetof<CtlTable>());
}

/** Calls add with each setting of kernel/. */
export function kern_table(add: (ctl: CtlTable) => void): void {
  add(ctl_init(table(0), "ostype", 0o444, ostype_get, null));
  add(ctl_init(table(1), "osrelease", 0o444, osrelease_get, null));
  add(ctl_init(table(2), "version", 0o444, version_get, null));
  add(ctl_init(table(3), "hostname", 0o644, hostname_get, hostname_set));
  add(ctl_init(table(4), "tainted", 0o644, tainted_get, tainted_set));
  add(ctl_init(table(5), "printk", 0o644, printk_get, printk_set));
  add(ctl_init(table(6), "pid_max", 0o444, pid_max_get, null));
  const restrict = kptr_restrict_data;
  add(ctl_init_int(table(7), "kptr_restrict", restrict, 0, 2));
  const threads = ctl_init_int(
    table(8),
    "threads-max",
    max_threads,
    MIN_THREADS,
    MAX_THREADS,
  );
  add(threads);
  const disabled = modules_disabled_data;
  add(ctl_init_int(table(9), "modules_disabled", disabled, 1, 1));
}

/** The setting of fs/. */
export function fs_table(): CtlTable {
  const ctl = table(NR_KERN_TABLES);
  return ctl_init(ctl, "file-nr", 0o444, file_nr_get, null);
}

if (offsetof<CtlTable>() * 11 > 320) ERROR("sysctl.ts: ctl_tables");
