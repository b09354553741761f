// uts.ts - who this kernel is. Mirrors Linux init/version.c.

import { Sys } from "../abi";
import { UTS_VERSION } from "../include/generated/utsversion";
import { lit, strscpy, strscpy_lit } from "../lib/string";
import { snprintf } from "../lib/vsprintf";
import { PtRegs } from "./sched/task";
import { set_syscall } from "./sys_call_table";

export const UTS_SYSNAME = "Linux";
export const UTS_RELEASE = "7.3.4-patchbay";
export { UTS_VERSION };
export const UTS_MACHINE = "wasm32";

const FIELD: u32 = 65;
const release = memory.data(65);
const nodename = memory.data(65);

/** Release and build of the running kernel, as a C string. */
export function init_utsname(): usize {
  snprintf(release, FIELD, "%S %S", lit(UTS_RELEASE), lit(UTS_VERSION));
  // Of the version, its number alone: "#1".
  let s = release + UTS_RELEASE.length + 1;
  while (load<u8>(s) > 32) s++;
  store<u8>(s, 0);
  return release;
}

/** The host's name, changeable; a C string. */
export function utsname_node(): usize {
  if (load<u8>(nodename) == 0) strscpy_lit(nodename, "patchbay", FIELD);
  return nodename;
}

export function set_utsname_node(name: usize): void {
  strscpy(nodename, name, FIELD);
}

/** uname(buf): struct new_utsname, six fields of 65 bytes. */
export function __x64_sys_newuname(regs: PtRegs): isize {
  const buf = <usize>regs.di;
  memory.fill(buf, 0, 6 * FIELD);
  strscpy_lit(buf, UTS_SYSNAME, FIELD);
  strscpy(buf + FIELD, utsname_node(), FIELD);
  strscpy_lit(buf + 2 * FIELD, UTS_RELEASE, FIELD);
  strscpy_lit(buf + 3 * FIELD, UTS_VERSION, FIELD);
  strscpy_lit(buf + 4 * FIELD, UTS_MACHINE, FIELD);
  strscpy_lit(buf + 5 * FIELD, "(none)", FIELD);
  return 0;
}

export function uts_init(): void {
  set_syscall(Sys.UNAME, __x64_sys_newuname);
}
